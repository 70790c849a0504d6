"""What somebody typed into the one search box: a receipt number, a birth date, a reading, an address or a name."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import Wareki, parse_date

Kind = Literal["receipt", "born", "kana", "address", "number", "name", "nothing"]
LABELS: dict[Kind, str] = {
    "receipt": "受付番号",
    "born": "生年月日",
    "kana": "フリガナ",
    "address": "住所",
    "number": "宛名番号",
    "name": "氏名",
    "nothing": "",
}
_RECEIPT = re.compile(r"(?<!\d)(\d{2})-?(\d{6})(?!\d)")
_OLDEST = 130
_KANA = re.compile(r"[\u3041-\u309f\u30a0-\u30ff\s]+")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d](?=\\d)")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and what it is; `value` is folded for the search, `born` the day of a birth date."""

    kind: Kind
    value: str = ""
    born: date | None = None


def recognise(text: str, today: date) -> Typed:
    """Return what a text typed or read by a hand reader is.

    Full-width digits and hyphens count as half-width ones, so that a reader works while the IME is on. Eight digits that are a
    day are a birth date; a receipt number may lack its year (`123` is 08-000123 in fiscal year 令和8年度).

    Args:
        text: as typed; a status address read from a receipt counts as its number.
        today: its fiscal year completes a short receipt number.

    Example:
        >>> recognise("０８－０００００１", date(2026, 4, 15)).value
        '08-000001'
        >>> recognise("R080401", date(2026, 4, 15)).born
        datetime.date(2026, 4, 1)
    """
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text).strip())
    if not plain:
        return Typed("nothing")
    if plain.isdigit() and len(plain) <= 6:
        return Typed("receipt", _this_year(int(plain), today))
    written = _RECEIPT.search(plain)
    if written and ("-" in written.group() or "/" in plain):
        return Typed("receipt", f"{written[1]}-{written[2]}")
    if born := _birthday(plain, today):
        return Typed("born", plain, born)
    if plain.isdigit():
        return _digits(plain)
    if _KANA.fullmatch(plain):
        return Typed("kana", plain)
    if re.search(r"\d", plain) or re.search(r"[市区町村].*(丁目|番|号)", plain):
        return Typed("address", plain)
    return Typed("name", plain)


def receipt_of(text: str, today: date) -> str:
    """Return the receipt number somebody typed, "" where it is none."""
    typed = recognise(text, today)
    return typed.value if typed.kind == "receipt" else ""


def _birthday(plain: str, today: date) -> date | None:
    """Return the day that was typed where somebody alive may have been born on it."""
    try:
        day = parse_date(plain)
    except Invalid:
        return None
    return day if today.year - _OLDEST <= day.year <= today.year + 1 else None


def _digits(plain: str) -> Typed:
    if len(plain) == 8:
        return Typed("receipt", f"{plain[:2]}-{plain[2:]}")
    return Typed("number", plain)


def _this_year(number: int, today: date) -> str:
    start = date(today.year - (today.month < 4), 4, 1)
    return f"{Wareki.of(start).year:02}-{number:06}"
