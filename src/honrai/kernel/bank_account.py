"""A bank account in the form banks transfer to and debit from, and the ゆうちょ symbol and number turned into it.

Bank, branch and account numbers carry no check digit; only a register of banks or a transfer shows an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from honrai.kernel.digit_code import fold_digits, is_digits
from honrai.kernel.errors import Invalid

YUCHO_BANK = "9900"


class AccountKind(Enum):
    """種目 with its number in bank files."""

    ORDINARY = "1"
    CURRENT = "2"
    TAX_RESERVE = "3"
    SAVINGS = "4"
    OTHER = "9"

    @property
    def label(self) -> str:
        """The Japanese word."""
        return {"1": "普通", "2": "当座", "3": "納税準備", "4": "貯蓄", "9": "その他"}[self.value]


@dataclass(frozen=True, slots=True)
class BankAccount:
    """One account: bank 4 digits, branch 3, kind, number 7. The holder's name is not part of it.

    Raises:
        Invalid: a part of the wrong length, or a ゆうちょ branch that is no branch for transfers.
    """

    bank: str
    branch: str
    kind: AccountKind
    number: str

    def __post_init__(self) -> None:
        _require_digits(self.bank, 4, "bank-code", "金融機関コードは数字4桁で入力してください。")
        _require_digits(self.branch, 3, "branch-code", "支店コードは数字3桁で入力してください。")
        _require_digits(
            self.number, 7, "account-number", "口座番号は数字7桁で入力してください。6桁以下の番号は左に0を付けます。"
        )
        if self.bank == YUCHO_BANK and self.branch[2] not in "89":
            message = "ゆうちょ銀行の店番は末尾が8(普通)か9(当座)です。記号・番号から変換してください。"
            raise Invalid("yucho-branch", message)

    @classmethod
    def parse(cls, bank: str, branch: str, kind: str, number: str) -> BankAccount:
        """Return the account from what was typed, in any width; `kind` is the number of the 種目 or its word.

        Raises:
            Invalid: see the class, or an unknown kind.
        """
        return cls(fold_digits(bank), fold_digits(branch), parse_kind(kind), fold_digits(number))

    @classmethod
    def of_yucho(cls, symbol: str, number: str) -> BankAccount:
        """Return the account for transfers to ゆうちょ銀行 from 記号 (5 digits) and 番号 on a passbook.

        記号 10530, 番号 12345671 is branch 058, 普通 1234567: second and third digit of the symbol and 8, the number
        without its last digit 1. A symbol that begins with 0 is a 当座 account: branch ends in 9, the number stays whole.
        A digit between the two (再発行表示) is not part of either and is left out.

        Raises:
            Invalid: not a symbol and number of ゆうちょ銀行.

        Source: ゆうちょ銀行「記号番号から振込用の店名・預金種目・口座番号への変換」.
        """
        symbol, number = fold_digits(symbol), fold_digits(number)
        if not is_digits(symbol, 5) or symbol[0] not in "01" or symbol[4] != "0":
            raise Invalid(
                "yucho-symbol", "ゆうちょ銀行の記号は、1か0で始まり0で終わる数字5桁です。通帳を確かめてください。"
            )
        if symbol[0] == "0":
            _require_digits(number, range(1, 8), "yucho-number", "当座の番号は数字7桁までで入力してください。")
            return cls(YUCHO_BANK, symbol[1:3] + "9", AccountKind.CURRENT, number.zfill(7))
        if not is_digits(number, *range(2, 9)) or number[-1] != "1":
            raise Invalid("yucho-number", "ゆうちょ銀行の番号は、1で終わる数字8桁までです。通帳を確かめてください。")
        return cls(YUCHO_BANK, symbol[1:3] + "8", AccountKind.ORDINARY, number[:-1].zfill(7))

    @property
    def is_yucho(self) -> bool:
        """Whether this is an account of ゆうちょ銀行."""
        return self.bank == YUCHO_BANK

    @property
    def masked(self) -> str:
        """The number with all but the last three digits hidden, for screens that need no more."""
        return "＊" * 4 + self.number[4:]

    def __str__(self) -> str:
        return f"{self.bank}-{self.branch} {self.kind.label} {self.number}"


def parse_kind(text: str) -> AccountKind:
    """Return the 種目 from its number in bank files or its word.

    Raises:
        Invalid: no such kind.
    """
    for kind in AccountKind:
        if fold_digits(text) in (kind.value, kind.label):
            return kind
    known = "、".join(f"{kind.label}({kind.value})" for kind in AccountKind)
    raise Invalid("account-kind", f"種目は {known} のどれかを選んでください。")


def _require_digits(text: str, lengths: int | range, code: str, message: str) -> None:
    """Raise Invalid unless the text is digits of one of the lengths."""
    if not is_digits(text, *([lengths] if isinstance(lengths, int) else lengths)):
        raise Invalid(code, message)
