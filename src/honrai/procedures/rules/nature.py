"""What kind of act a procedure is in law, and which outcomes and letters that allows.

Legal source: 行政手続法(同旨の市行政手続条例) 2条・5条から8条 (申請: 補正, 許否, 理由の提示), 37条 (届出: 到達で履行),
行政不服審査法82条 (処分をする書面での教示).
"""

from collections.abc import Mapping
from types import MappingProxyType

#: What each kind of outcome means.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "grant": "認める処分(認定・支給決定など)",
        "refuse": "拒む処分(却下・不認定など)。理由と教示が要る",
        "end": "資格の喪失・停止。理由と教示が要る",
        "accept": "届出の受理(到達の確認)",
        "register": "契約・登録の成立",
        "decline": "契約・登録の不承諾。処分ではないので教示は付けない",
        "complete": "補正を求める(まだ終わっていない)",
        "hold": "条件がそろうまで待つ(まだ終わっていない)",
        "escalate": "職員が個別に判断する(まだ終わっていない)",
        "guide": "ほかの制度・窓口を案内して終える",
        "withdraw": "申請者の取下げ",
    }
)

#: Kinds of outcome that the nature of the procedure allows.
ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "申請": frozenset({"grant", "refuse", "end", "complete", "hold", "escalate", "withdraw"}),
        "請求": frozenset({"grant", "refuse", "complete", "hold", "escalate", "withdraw"}),
        "届出": frozenset({"accept", "complete", "escalate", "guide"}),
        "契約・登録": frozenset({"register", "decline", "complete", "hold", "escalate", "guide", "withdraw"}),
        "職権": frozenset({"grant", "end", "hold", "escalate"}),
        "庁内": frozenset({"accept", "complete", "hold", "escalate", "guide", "withdraw"}),
    }
)

#: Kinds that end in a letter the applicant receives.
NEEDS_LETTER = frozenset({"grant", "refuse", "end", "accept", "register", "decline", "complete", "guide"})

#: Kinds that are adverse dispositions: reasons and 教示 must be in the letter.
NEEDS_APPEAL = frozenset({"refuse", "end"})

#: Kinds after which the case is not finished.
OPEN = frozenset({"complete", "hold", "escalate"})

#: A returned paper (返戻) is no answer to an application: the law knows completion or refusal.
FORBIDDEN_WORDS = {"申請": ("返戻",), "請求": ("返戻",), "届出": ("却下", "不受理", "返戻")}
