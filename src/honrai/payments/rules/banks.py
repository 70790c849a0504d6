"""What one bank wants differently: its alphabets, its line ends, its ゆうちょ convention (`data/adapters.yaml`)."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import yaml

from honrai.kernel.bank_account import BankAccount
from honrai.kernel.digit_code import fold_digits
from honrai.kernel.kana import BankKana, to_bank_kana
from honrai.payments.rules.layout import DATA, Values

_KANA = frozenset("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ")


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of one kind of field.

    Attributes:
        symbols: marks beside digits and kana, the space included where it is allowed inside.
        latin: capital letters are allowed.
        wo: ｦ is allowed; otherwise ｵ is written.
    """

    symbols: str
    latin: bool
    wo: bool

    def allowed(self) -> frozenset[str]:
        """Return every character that may stand in the field."""
        latin = string.ascii_uppercase if self.latin else ""
        return _KANA | frozenset(string.digits + latin + self.symbols + ("ｦ" if self.wo else ""))


@dataclass(frozen=True)
class Adapter:
    """One bank's (or collection agent's) wishes.

    Attributes:
        code: our name for it.
        name: Japanese name for messages.
        source: where its wishes are published.
        confirm: what to ask before the first file (要確認).
        newline: CR LF after every record, or none.
        long_mark: what ー becomes: "-" or "ｰ".
        header_account: False leaves kind and number of our own account in the header blank.
        blank_result: a request carries a space, not 0, where the result will stand.
        yucho_debit: branch of a ゆうちょ account in a debit: as for transfers, or digits 2 to 4 of the 記号.
        alphabets: characters by kind of field: office, party, payroll, edi.
    """

    code: str
    name: str
    source: str
    confirm: tuple[str, ...]
    newline: Literal["crlf", "none"]
    long_mark: str
    header_account: bool
    blank_result: bool
    yucho_debit: Literal["transfer", "symbol"]
    alphabets: Mapping[str, Alphabet]

    def fold(self, text: str, alphabet: str) -> str:
        """Write a name in any kana in this bank's letters; what has no form stays, for `refused` to name."""
        rules = BankKana(self.name, long_mark=self.long_mark, keep_wo=self.alphabets[alphabet].wo)
        return to_bank_kana(text, rules)

    def refused(self, text: str, alphabet: str) -> str:
        """Return the characters of an already folded text this bank does not take, each once."""
        allowed = self.alphabets[alphabet].allowed()
        return "".join(dict.fromkeys(char for char in text if char not in allowed))


def load_adapters(text: str) -> Mapping[str, Adapter]:
    """Read adapters from YAML, by code; a city's own file has the same form as `data/adapters.yaml`."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {
        code: Adapter(
            code=code,
            **{
                **body,
                "confirm": tuple(body["confirm"]),
                "alphabets": {name: Alphabet(**letters) for name, letters in body["alphabets"].items()},
            },
        )
        for code, body in raw.items()
    }


@cache
def adapters() -> Mapping[str, Adapter]:
    """Return the adapters we bring: standard and wide."""
    return load_adapters((DATA / "adapters.yaml").read_text("utf-8"))


def standard() -> Adapter:
    """Return the narrowest adapter: what it lets through, every bank takes."""
    return adapters()["standard"]


def account_values(account: BankAccount) -> Values:
    """Return the fields of a data record that name the account."""
    return {
        "bank": account.bank,
        "branch": account.branch,
        "account_kind": account.kind.value,
        "account": account.number,
    }


def yucho_debit_values(symbol: str, number: str, adapter: Adapter) -> Values:
    """Return the account fields of a debit from ゆうちょ銀行 by 記号 and 番号, in the form this bank or agent wants.

    Raises:
        Invalid: not a symbol and number of ゆうちょ銀行.
    """
    values = account_values(BankAccount.of_yucho(symbol, number))
    return {**values, "branch": fold_digits(symbol)[1:4]} if adapter.yucho_debit == "symbol" else values
