"""Recognises 個人番号 (My Number) so that it is kept out. Nothing here stores, returns or logs one.

A text is searched for twelve digits standing alone. What the words nearest to them say decides: 「個人番号」 makes
them one whatever the check digit (a mistyped number is still somebody's), 「個人番号カード」 when the check digit fits,
another document's name (運転免許証) lets them pass, and without such words a fitting check digit asks a person to
confirm or mask.

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
        word = _nearest_word(plain, match.start(), match.end())
        fits = has_personal_number_check(_NOT_DIGIT.sub("", match[0]))
        if word == "number" or (word == "card" and fits):
            found.append(Finding(match.start(), match.end(), Suspicion.NAMED))
        elif fits and word is None:
            found.append(Finding(match.start(), match.end(), Suspicion.FITS))
    return found


def mask_personal_numbers(text: str, findings: list[Finding]) -> str:
    """Return the text with the digits of the findings replaced by ＊; length and separators stay."""
    for finding in findings:
        masked = "".join("＊" if char.isdecimal() else char for char in text[finding.start : finding.end])
        text = text[: finding.start] + masked + text[finding.end :]
    return text


# Most texts hold no twelve digits close together; they are let go before anything is folded.
_MANY_DIGITS = re.compile(r"\d(?:\D{0,3}\d){11}")
# Folding is one character to one, so that positions stay those of the text.
_PLAIN = str.maketrans("０１２３４５６７８９　\t\n‐–−ー－・.．", "0123456789   --------")
_GAP = r"[ \-]{1,3}"
_TWELVE = re.compile(
    rf"(?<!\d)(?<!\d{{4}}[ \-])(?:\d{{12}}|\d{{4}}({_GAP})\d{{4}}\1\d{{4}})(?!\d)(?![ \-]\d{{4}}(?!\d))"
    rf"|(?<!\d)(?<!\d[ \-])\d(?:{_GAP}\d){{11}}(?![ \-]?\d)"
)
_NOT_DIGIT = re.compile(r"\D")
# A card is also shown to prove who one is: its name alone does not make the next number a 個人番号.
# The long mark ー is written "." in these patterns, because folding has made it a hyphen.
_CARD = r"(?P<card>(?:個人番号|マイナンバ.?|ﾏｲﾅﾝﾊﾞ.?)カ.ド)"
_NUMBER = r"(?P<number>個人番号|マイナンバ|ﾏｲﾅﾝﾊﾞ|my\s?number|通知カ.ド)"
_OTHER = (
    r"(?P<other>免許|宛名番号|整理番号|通知書番号|納付番号|確認番号|収納機関番号|受付|契約番号|お客様番号|会員番号|管理番号|証券番号"
    r"|追跡番号|電話|口座|基礎年金番号|雇用保険)"
)
_WORD = re.compile(f"{_CARD}|{_NUMBER}|{_OTHER}", re.IGNORECASE)
_BEFORE, _AFTER = 30, 12


def _nearest_word(plain: str, start: int, end: int) -> str | None:
    """Return what the nearest words name: "number" (個人番号), "card", "other", or None without such words.

    Words before the number count first, then words after it in the same clause. A name of another number after it
    counts only in brackets: 「… 電話 …」 begins something new.
    """
    before = list(_WORD.finditer(plain, max(0, start - _BEFORE), start))
    if before:
        return before[-1].lastgroup
    clause = re.split(r"[\d。、,\n]", plain[end : end + _AFTER], maxsplit=1)[0]
    after = _WORD.search(clause)
    if after is None or (after.lastgroup == "other" and clause.lstrip()[0] not in "(（"):
        return None
    return after.lastgroup
