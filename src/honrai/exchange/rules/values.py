"""One field at a time: the text of a file into the value we keep, and back.

The value kept is text: dates as 2026-04-01, whole numbers without leading zeros, codes as what they mean, yes and no as
"true" and "false", nothing as "". A value that cannot be becomes `Bad` with a reason a clerk can act on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from honrai.exchange.rules.layout import Field
from honrai.kernel.errors import Invalid
from honrai.kernel.personal_number import has_personal_number_check
from honrai.kernel.wareki import Wareki, parse_date

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}\Z")
_TWELVE = re.compile(r"[0-9]{12}\Z")
_NO_DATE = frozenset({"", "0000000", "00000000", "9999999", "99999999"})


@dataclass(frozen=True)
class Bad:
    """A value that was refused, with the reason."""

    reason: str


Reader = Callable[[str], "str | Bad"]


def reader(field: Field) -> Reader:
    """Return the function that reads one cell of a field: text of the file -> value kept, or `Bad`."""
    read = _READERS[field.kind]

    def checked(text: str) -> str | Bad:
        if _CONTROL.search(text):
            return Bad("読めない文字があります。文字コードか制御文字を確かめてください")
        value = read(text, field)
        if value == "" and field.required:
            return Bad("空です。必ず要る項目です")
        return value

    return (lambda _: "") if field.kind == "drop" else checked


def _read_text(text: str, field: Field) -> str | Bad:
    if field.length and len(text) > field.length:
        return Bad(f"長すぎます（{field.length}文字まで）")
    if _TWELVE.match(text) and has_personal_number_check(text):
        return Bad("個人番号の可能性がある12桁です。個人番号は取り込めません")
    return text


def _read_digits(text: str, field: Field) -> str | Bad:
    text = text.strip()
    if text and not (text.isascii() and text.isdigit()):
        return Bad("数字だけで書かれていません")
    if text and field.length and len(text) != field.length:
        return Bad(f"{field.length}桁ではありません（{len(text)}桁）")
    return text


def _read_code(text: str, field: Field) -> str | Bad:
    code = text.strip()
    if code in field.codes:
        return field.codes[code]
    return "" if not code else Bad(f"知らない区分です（{'・'.join(field.codes)} のどれか）")


def _read_date(text: str, field: Field) -> str | Bad:
    text = text.strip()
    if text in _NO_DATE:
        return ""
    shape = {"iso": r"\d{4}-\d{2}-\d{2}", "yyyymmdd": r"\d{8}", "wareki7": r"\d{7}"}[field.form]
    if not (text.isascii() and re.fullmatch(shape, text)):
        return Bad("日付の書き方が違います")
    try:
        found = parse_date(text) if field.form == "wareki7" else date.fromisoformat(text)
    except (Invalid, ValueError):
        return Bad("暦にない日付です")
    return found.isoformat()


def _read_whole(text: str, field: Field) -> str | Bad:
    text = text.strip()
    if not text:
        return ""
    return str(int(text)) if _WHOLE.match(text) else Bad("整数ではありません")


_READERS: dict[str, Callable[[str, Field], str | Bad]] = {
    "text": _read_text,
    "digits": _read_digits,
    "code": _read_code,
    "yes_no": _read_code,
    "change": _read_code,
    "date": _read_date,
    "whole": _read_whole,
    "drop": lambda text, field: "",
}


def write_value(value: str, field: Field) -> str | Bad:
    """Return the text of a field for a file, before padding; `Bad` where the layout has no form for the value."""
    if field.kind == "drop":
        return ""
    if value == "":
        return Bad("空です。必ず要る項目です") if field.required else ""
    if _CONTROL.search(value):
        return Bad("改行などの制御文字は書けません")
    if field.kind in ("code", "yes_no", "change"):
        return next((code for code, meaning in field.codes.items() if meaning == value), Bad("区分の表にない値です"))
    if field.kind == "date":
        return _write_date(value, field)
    again = _READERS[field.kind](value, field)
    return again if isinstance(again, Bad) else value


def _write_date(value: str, field: Field) -> str | Bad:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return Bad("日付ではありません")
    if field.form == "iso":
        return day.isoformat()
    if field.form == "yyyymmdd":
        return f"{day:%Y%m%d}"
    try:
        written = Wareki.of(day)
    except Invalid:
        return Bad("和暦で書けない日付です")
    if written.year > 99:
        return Bad("和暦2桁の年で書けない日付です")
    return f"{written.era.code}{written.year:02}{written.month:02}{written.day:02}"
