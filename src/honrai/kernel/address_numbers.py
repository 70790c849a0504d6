"""The part of an address after the town: 小字 and numbers, up to where the building begins.

Everything works on text already normalised to NFKC (`places.normalise`). A number is digits or a well-formed kanji
number where only a number can stand (before 丁目, 番, 号, の, a dash, a space or the end); from the second number on
it may carry a letter of an older system before it (中, 甲, イ) or after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from honrai.kernel.numerals import KANJI_NUMBER, read_kanji_number

_KANJI = f"[{KANJI_NUMBER}]"
_LETTER = "[甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥イロハニホヘトチリヌルヲワカヨタレソツネナラムA-EG-Za-eg-z]"
_SIDE = "[東西南北中上下]"
_DASHES = "‐‑‒–—―−ー─━ｰ~〜-"
_UNIT = (
    rf"丁目|丁(?=[\d\s]|{_KANJI}|-|$)|番地[のノ]?|番(?![町丁街館])の?|号(?![室棟館線])"
    rf"|(?:の|ノ|之)(?=\d|{_KANJI}|{_LETTER}\d)|-"
)
_NOT_FLOOR = r"(?!\s*(?:階|F(?![a-zA-Z])|号室|号棟|号館|棟|室|番館|番街))"
_DIGITS = re.compile(rf"(?P<number>\d+){_NOT_FLOOR}(?P<after>{_LETTER}(?=$|[\s\-番号]))?(?:\s*(?P<unit>{_UNIT}))?")
_KANJI_DIGITS = re.compile(rf"(?P<number>{_KANJI}+)(?:\s*(?P<unit>{_UNIT}))?")
_BEFORE = re.compile(rf"\s*(?:第(?=\d))?(?P<before>(?:{_LETTER}|{_SIDE})\s?(?=\d|{_KANJI}))?")
_LONE_LETTER = re.compile(rf"\s*(?P<number>{_LETTER})(?P<unit>(?:番地|番|号|-(?=\d)))?(?=$|[\s\-])")
_LEADING_LETTER = re.compile(r"(?P<number>[A-Za-z])(?P<unit>番地?|-(?=\d))")
_FIELD = re.compile(
    rf"(?:字\s*)?((?:第?(?:\d+|{_KANJI}+)地割|第?{_SIDE}*(?:\d+|{_KANJI}+)(?:線|条通り?|条){_SIDE}*|(?:\d+|{_KANJI}+)(?:番[町丁]|[ノの之]町))+)\s*-?"
)
_AZA = re.compile(r"\s*(?:大字|小字|字)\s*")
_BUILDING_WORD = re.compile(
    "ビル|マンション|アパート|ハイツ|コーポ|ハイム|メゾン|レジデンス|タワー|プラザ|センター|ホーム|住宅|団地|荘$|寮|"
    "会館|[ァ-ヶー]{5,}|[A-Za-z]{2,}|株式会社|方$|号棟|病院|学校"
)
_SPACED_DASH = re.compile(
    rf"(?<=[\d{KANJI_NUMBER}目番地号A-Za-zイロハ])\s*[{_DASHES}]+\s*(?=[\d{KANJI_NUMBER}A-Zイロハ甲乙丙])"
)


@dataclass(frozen=True)
class Number:
    """One number of an address: its text (digits, with a letter if it has one) and the word after it."""

    text: str
    unit: str


@dataclass(frozen=True)
class Tail:
    """What follows the town: 小字, the numbers in order, and the text left (building and beyond)."""

    koaza: str
    numbers: tuple[Number, ...]
    rest: str


def read_tail(text: str) -> Tail:
    """Split the text after a town into 小字, numbers and the rest.

    Example:
        >>> tail = read_tail("亥四十五番地の1 ハイツ本来201")
        >>> tail.koaza, [number.text for number in tail.numbers], tail.rest
        ('亥', ['45', '1'], 'ハイツ本来201')
    """
    text = re.sub(r"(?<=目)\s*-\s*", "", _SPACED_DASH.sub("-", text.strip()))
    if unnumbered := re.match(r"(\D*?)無番地", text):
        koaza, _ = _read_koaza(unnumbered[1])
        return Tail(koaza, (Number("無番地", ""),), text[unnumbered.end() :].strip())
    koaza, text = _read_koaza(text)
    numbers: list[Number] = []
    while found := _next_number(text, numbers):
        if numbers and numbers[-1].unit == "番地" and found[0].text.isalpha():
            found = Number(numbers.pop().text + found[0].text, found[0].unit), found[1]
        numbers.append(found[0])
        text = text[found[1] :]
        if found[0].unit in ("", "号"):
            break
    return Tail(koaza, tuple(numbers), text.strip(" ,、・-"))


def starts_number(text: str, place: int = 0) -> bool:
    """Say whether a number of the address begins at this place of the text."""
    return _match_number(text, place) is not None


def _match_number(text: str, place: int) -> tuple[str, re.Match[str]] | None:
    before = text[place - 1 : place]
    if text[place : place + 1].isdigit():
        found = None if before.isdigit() else _DIGITS.match(text, place)
        return (str(int(found["number"])), found) if found else None
    if text[place : place + 1] in KANJI_NUMBER and not (before and before in KANJI_NUMBER):
        found = _KANJI_DIGITS.match(text, place)
        value = read_kanji_number(found["number"]) if found else None
        if found and value is not None and (found["unit"] or text[found.end() : found.end() + 1] in ("", " ")):
            return str(value), found
    return None


def _next_number(text: str, so_far: list[Number]) -> tuple[Number, int] | None:
    lone = (_LONE_LETTER if so_far and so_far[-1].unit in ("番地", "-") else _LEADING_LETTER).match(text)
    if lone:
        return Number(lone["number"].upper(), lone["unit"] or ""), lone.end()
    opening = _BEFORE.match(text) if so_far else re.compile(r"\s*第?").match(text)
    start = opening.end() if opening else 0
    hit = _match_number(text, start)
    if not opening or not hit:
        return None
    value, found = hit
    groups = found.groupdict()
    letter = (opening.groupdict().get("before") or "").strip()
    unit = "-" if (found["unit"] or "") in ("の", "ノ", "之") else (found["unit"] or "").rstrip("のノ")
    return Number(letter + value + (groups.get("after") or ""), unit), found.end()


def _read_koaza(text: str) -> tuple[str, str]:
    """Take the 小字 (or 地割, 線, 条) in front of the first number; the name of a building is none."""
    if field := _FIELD.match(text):
        name, rest = _read_koaza(text[field.end() :])
        return field[1].removeprefix("第") + name, rest
    if _LEADING_LETTER.match(text):
        return "", text
    opening = _AZA.match(text)
    start = opening.end() if opening else 0
    end = next((place for place in range(start, len(text)) if starts_number(text, place)), None)
    if end is None:
        first = re.match(r"\S*", text[start:])
        end = start + (first.end() if first else 0)
    name = text[start:end].strip()
    if not opening and _BUILDING_WORD.search(name):
        return "", text
    return re.sub(r"\s+|第$", "", re.sub(r"(?<=\S)\s*(?:大字|小字)(?=\S)|(?<=[^大小\s])字(?=[^\s])", "", name)), text[
        end:
    ]
