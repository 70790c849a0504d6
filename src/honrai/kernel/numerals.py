"""Numbers written in kanji, as in addresses and articles of law: 二十一, 二一 and 百三, and what is none (三五十)."""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "壱": 1, "弐": 2, "参": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}
KANJI_NUMBER = "〇零一二三四五六七八九十百千壱弐参"
"""The characters a kanji number is made of."""

_WELL_FORMED = re.compile(
    "(?:[一二三四五六七八九]?千)?(?:[一二三四五六七八九]?百)?(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?"
)


def read_kanji_number(text: str) -> int | None:
    """Return the value of a kanji number written with units (二十一) or digit by digit (二一), or None.

    Raises nothing: a mixture that is no number, such as the place name 三五十, gives None.

    Example:
        >>> read_kanji_number("二十一"), read_kanji_number("二一"), read_kanji_number("三五十")
        (21, 21, None)
    """
    if not text or any(char not in KANJI_NUMBER for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    if not _WELL_FORMED.fullmatch(text):
        return None
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def arabic(number: str) -> str:
    """Return a number in Arabic digits: 二十 is 20, 百三 is 103, 一二 is 12, 12 stays 12.

    Args:
        number: kanji digits and 十百千, or decimal digits; anything else comes back unchanged.
    """
    value = int(number) if number.isdecimal() else read_kanji_number(number)
    return number if value is None else str(value)


def write_kanji_number(value: int) -> str:
    """Write 1 to 9999 in kanji with units, as official names of 丁目 are (21 is 二十一).

    Raises:
        ValueError: the value is outside 1 to 9999.
    """
    if not 1 <= value <= 9999:
        raise ValueError(f"漢数字にできるのは1から9999までです（{value}）")
    out = ""
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十")):
        count, value = divmod(value, unit)
        if count:
            out += ("" if count == 1 else "〇一二三四五六七八九"[count]) + mark
    return out + ("〇一二三四五六七八九"[value] if value else "")


def kanji_runs_to_digits(text: str) -> str:
    """Replace every well-formed kanji number in a text by digits; other runs stay.

    Example:
        >>> kanji_runs_to_digits("北二十一条西")
        '北21条西'
    """

    def digits(found: re.Match[str]) -> str:
        value = read_kanji_number(found[0])
        return found[0] if value is None else str(value)

    return re.sub(f"[{KANJI_NUMBER}]+", digits, text)
