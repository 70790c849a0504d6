"""Reception decided from values: identity, representation, the day of arrival, the key of a subject, words for the telephone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from honrai.kernel.names import fold_kana, fold_name
from honrai.procedures.api import Field, Form

#: How long after a submitted application a second one for the same matter is taken for a double. Internal policy.
RECENT = timedelta(days=90)
MANNERS: Mapping[str, str] = {
    "one": "写真付きの書類 1点",
    "two": "書類 2点",
    "asked": "電話での聞き取り",
    "none": "確認できなかった",
}
ACTING: Mapping[str, str] = {
    "self": "本人",
    "mandated": "任意代理人(委任状による)",
    "legal": "法定代理人(親権者・後見人など)",
}
#: What shows that somebody may act for another: a mandate is given by the person, legal representation by law.
PROOFS: Mapping[str, Mapping[str, str]] = {
    "mandated": {"mandate": "委任状(原本)", "mandate-stamped": "申請書の委任欄"},
    "legal": {
        "family-register": "戸籍謄本",
        "registration": "登記事項証明書(成年後見)",
        "household": "住民票の続柄で確認",
    },
}
#: What a caller is asked; two of it must fit what the city holds.
ASKED: Mapping[str, str] = {"name": "氏名", "born": "生年月日", "address": "住所", "household": "世帯の家族の名前"}
_ASKED_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """A kind of document that shows who somebody is: alone (`one`) or together with another (`two`)."""

    id: str
    label: str
    points: str
    note: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The documents accepted on a day, whence the list comes, and what the city has to confirm about it."""

    documents: Sequence[IdentityDocument]
    source: str
    confirm: str

    def labels(self, ids: Collection[str]) -> list[str]:
        """Return the labels of documents, in the order of the list."""
        return [one.label for one in self.documents if one.id in ids]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who came or called, and for whom.

    Attributes:
        manner: a key of `MANNERS`.
        documents: ids of documents shown, or keys of `ASKED` that fit; of whoever came, so of the agent where one came.
        acting: a key of `ACTING`.
        agent_name: name of the agent; empty where the person came.
        agent_relation: to the person.
        agent_scope: what the mandate covers.
        agent_proof: what shows the power to act, a key of `PROOFS[acting]`.
        note: remark.
    """

    manner: str
    documents: tuple[str, ...] = ()
    acting: str = "self"
    agent_name: str = ""
    agent_relation: str = ""
    agent_scope: str = ""
    agent_proof: str = ""
    note: str = ""


def accepted_on(on: date) -> Accepted:
    """Return the identity documents accepted on a day.

    Legal source:
        番号法施行規則1条・3条に準じる; the city's own 要領 decides, so the list is marked 要確認.

    Raises:
        LookupError: no list is in force on that day.
    """
    for entry in _lists():
        if entry["since"] <= on and (entry["until"] is None or on < entry["until"]):
            return Accepted([IdentityDocument(**one) for one in entry["documents"]], entry["source"], entry["confirm"])
    raise LookupError(f"no identity documents are listed for {on}")


@cache
def _lists() -> list[dict[str, Any]]:
    path = Path(__file__).parent / "data" / "identity_documents.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def why_not_identified(visitor: Visitor, accepted: Accepted) -> str | None:
    """Return what is missing for the identity of whoever came; None where nothing is.

    One document with a photo is enough, else two of the list; on the telephone three answers must fit.
    """
    points = [one.points for one in accepted.documents if one.id in visitor.documents]
    if visitor.manner == "one" and "one" not in points:
        return "写真付きの書類を1つ選んでください。1点で確認できる書類がないときは「書類 2点」にしてください"
    if visitor.manner == "two" and len(points) < 2:
        return "書類を2つ以上選んでください"
    if visitor.manner == "asked" and len(set(visitor.documents) & ASKED.keys()) < _ASKED_AT_LEAST:
        return f"聞き取った項目のうち、市の記録と合ったものを{_ASKED_AT_LEAST}つ以上選んでください"
    if visitor.manner == "none" and not visitor.note.strip():
        return "確認できなかった理由をメモに書いてください"
    return None if visitor.manner in MANNERS else "本人確認の方法を選んでください"


def why_not_represented(visitor: Visitor) -> str | None:
    """Return what is missing for acting for somebody else; None where nothing is.

    A mandated agent needs a mandate with its scope; a legal representative needs proof of the relation, no mandate.

    Legal source:
        民法99条 (代理); 民法824条・859条 (法定代理).
    """
    if visitor.acting == "self":
        return None
    if visitor.acting not in ACTING:
        return "来た人の立場を選んでください"
    if not visitor.agent_name.strip() or not visitor.agent_relation.strip():
        return "代理人の氏名と、本人との関係を入力してください"
    if visitor.agent_proof not in PROOFS[visitor.acting]:
        return "代理権を確認した書類を選んでください"
    if visitor.acting == "mandated" and not visitor.agent_scope.strip():
        return "委任状に書かれた、委任の範囲を入力してください"
    return None


def arrival_day(received: date, postmarked: date | None, *, postmark_counts: bool) -> date:
    """Return the day an application by post counts as arrived (到達日).

    Args:
        received: the day it came into the house.
        postmarked: the day of the postmark, None where it cannot be read.
        postmark_counts: the city counts the postmark for this procedure (消印日=受付日).

    Source: domain/benefits.md 4 and 5 (郵送の受付日=消印日, 熊本市); otherwise arrival counts (民法97条).
    """
    if postmark_counts and postmarked is not None:
        return min(postmarked, received)
    return received


def subject_key(form: Form, group: str, values: Mapping[str, Any]) -> str:
    """Return the key of whom or what an application is about; "" where too little is known.

    A person is told by reading and birth, anything else by name and address. What is claimed month by month is not the same
    matter twice, so months asked by the form are part of the key.
    """
    kana, born = str(values.get(f"{group}.kana") or ""), str(values.get(f"{group}.born") or "")
    name, place = str(values.get(f"{group}.name") or ""), str(values.get(f"{group}.address") or "")
    months = [str(values[one.id]) for one in form.fields if one.type == "year_month" and values.get(one.id)]
    if born and (kana or name):
        return "|".join([fold_kana(kana) if kana else fold_name(name), born, *months])
    if name and place:
        return "|".join([fold_name(name), fold_name(place), *months])[:200]
    return ""


def spoken(field: Field) -> str:
    """Return a question as it is asked on the telephone."""
    label = field.label.rstrip("。?？")
    match field.type:
        case "yes_no":
            return f"「{label}」、はい・いいえのどちらでしょうか。"
        case "choice":
            return f"{label}は、{'、'.join(field.options)}のうち、どれでしょうか。"
        case "choices":
            return f"{label}は、{'、'.join(field.options)}のうち、当てはまるものをすべて教えてください。"
        case "consent":
            return f"「{label}」、よろしいでしょうか。"
        case "date_era":
            return f"{label}は、何年の何月何日でしょうか。"
        case _:
            return f"{label}を教えてください。"


def read_back(field: Field, answer: str) -> str:
    """Return the sentence that reads an answer back to the caller."""
    return f"{field.label}は「{answer}」ですね。" if answer else f"{field.label}は、あとで教えていただきます。"


def is_spoken(field: Field) -> bool:
    """Say whether a question can be asked on the telephone: a signature cannot."""
    return field.type != "signature"
