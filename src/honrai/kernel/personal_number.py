"""Recognises 個人番号 (My Number) so that it is kept out. Nothing here stores, returns or logs one.

A text is searched for twelve digits standing alone. What the words nearest to them say decides: 「個人番号」 makes
them one whatever the check digit (a mistyped number is still somebody's), another document's name (運転免許証) lets
them pass, and without such words a fitting check digit asks a person to confirm or mask.

Legal source:
    番号法第19条, 第20条 (提供・収集・保管の制限).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from honrai.kernel.check_digits import mod11_weights_2_to_7
from honrai.kernel.digit_code import is_digits


class Suspicion(Enum):
    """How likely twelve digits are a 個人番号."""

    NAMED = "named"  # the text calls them so
    FITS = "fits"  # only the check digit says so; one in eleven of all numbers fits by chance


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a possible 個人番号 stands in a text; the digits themselves are not kept.

    Attributes:
        start: position of the first digit.
        end: position after the last digit.
        suspicion: why it was found.
    """

    start: int
    end: int
    suspicion: Suspicion


def has_personal_number_check(digits: str) -> bool:
    """Return whether twelve ASCII digits carry the check digit of a 個人番号.

    Legal source:
        平成26年総務省令第85号第5条.
    """
    return is_digits(digits, 12) and int(digits[11]) == mod11_weights_2_to_7(digits[:11])


def find_personal_numbers(text: str) -> list[Finding]:
    """Return every place in a text that may hold a 個人番号, from left to right.

    Read are twelve digits in a row, in three groups of four, or one by one, in any width. Longer numbers and other
    groupings (telephone, card, account numbers) are not taken apart.
    """
    if not _MANY_DIGITS.search(text):
        return []
    plain = text.translate(_PLAIN)
    found = []
    for match in _TWELVE.finditer(plain):
        named = _named(plain, match.start(), match.end())
        if named is True:
            found.append(Finding(match.start(), match.end(), Suspicion.NAMED))
        elif named is None and has_personal_number_check(_NOT_DIGIT.sub("", match[0])):
            found.append(Finding(match.start(), match.end(), Suspicion.FITS))
    return found


def mask_personal_numbers(text: str, findings: list[Finding]) -> str:
    """Return the text with the digits of the findings replaced by ＊; length and separators stay."""
    for finding in findings:
        masked = "".join("＊" if char.isdecimal() else char for char in text[finding.start : finding.end])
        text = text[: finding.start] + masked + text[finding.end :]
    return text


# Most texts hold no twelve digits close together; they are let go before anything is folded.
_MANY_DIGITS = re.compile(r"\d(?:\D?\d){11}")
# Folding is one character to one, so that positions stay those of the text.
_PLAIN = str.maketrans("０１２３４５６７８９　‐–−ー－・", "0123456789 ------")
_SEPARATOR = r"[ \-]"
_TWELVE = re.compile(
    rf"(?<!\d)(?<!\d{{4}}{_SEPARATOR})(?:\d{{12}}|\d{{4}}({_SEPARATOR})\d{{4}}\1\d{{4}})(?!\d)(?!{_SEPARATOR}\d{{4}}(?!\d))"
    rf"|(?<!\d)(?<!\d{_SEPARATOR})\d(?:{_SEPARATOR}\d){{11}}(?!{_SEPARATOR}?\d)"
)
_NOT_DIGIT = re.compile(r"\D")
_NAMES_IT = r"(?P<is>個人番号|マイナンバ|ﾏｲﾅﾝﾊﾞ|my\s?number|通知カード)"
_NAMES_OTHER = (
    r"(?P<other>免許|宛名番号|整理番号|通知書番号|納付番号|確認番号|収納機関番号|受付番号|契約番号|お客様番号|会員番号|管理番号|証券番号"
    r"|追跡番号|電話|口座|基礎年金番号|雇用保険)"
)
_NAME = re.compile(f"{_NAMES_IT}|{_NAMES_OTHER}", re.IGNORECASE)
_BEFORE, _AFTER = 30, 12


def _named(plain: str, start: int, end: int) -> bool | None:
    """Return True when the nearest words name a 個人番号, False for another number, None without such words.

    Words before the number count first, then words after it in the same clause. A name of another number after it
    counts only in brackets: 「… 電話 …」 begins something new.
    """
    before = list(_NAME.finditer(plain, max(0, start - _BEFORE), start))
    if before:
        return before[-1]["is"] is not None
    clause = re.split(r"[\d。、,\n]", plain[end : end + _AFTER], maxsplit=1)[0]
    after = _NAME.search(clause)
    if after is None or (after["other"] and clause.lstrip()[0] not in "(（"):
        return None
    return after["is"] is not None
