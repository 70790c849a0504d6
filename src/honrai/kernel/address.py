"""Addresses: read into parts, and compared by a key.

An address is kept as it was written (`raw`); reading it never changes it. The *key* joins spellings of one place:
漢数字 and digits, 大字 and 字 left out, ヶ/ケ/が, の and dashes, 旧字体, an omitted prefecture, county or 丁目, Kyoto's
street directions, a former municipality. The building and room are read but stay out of the key; `dwelling_key` adds
the room. Words: 丁目 (`chome`), 番地 or 番 (`banchi`), 号 (`go`), 小字 (`koaza`), 様方 (`care_of`). Where next: the
search for cities and towns is in `places`, numbers in `address_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from honrai.kernel.address_numbers import Number, Tail, read_tail, starts_number
from honrai.kernel.numerals import kanji_runs_to_digits, write_kanji_number
from honrai.kernel.places import (
    Municipality,
    Town,
    find_by_town,
    find_cities,
    find_successors,
    find_town,
    fold_place,
    normalise,
    prefectures,
)
from honrai.kernel.postal_barcode import address_number

_POSTCODE = re.compile(r"^\s*(?:〒|郵便番号)?\s*[:：]?\s*(\d{3})[-‐−ー―–]?(\d{4})(?!\d|[-番丁])\s*")
_DIRECTION = re.compile(
    "(?:上る|上ル|上がる|上ガル|下る|下ル|下がる|下ガル|[東西]入る?|[東西]入ル|入る|入ル|上[ルる]?西裏)+"
)
_MOST_CHOME = 45
_LEAST_ROOM = 101


@dataclass(frozen=True)
class Address:
    """One address in parts; a part that was not written or not understood is "" (chome: None).

    Attributes:
        raw: the address exactly as given.
        postcode: seven digits if the address began with one.
        prefecture: 都道府県, filled in when the city decides it.
        county: 郡, filled in likewise.
        city: city, special ward, town or village.
        ward: ward of a designated city.
        street: Kyoto's street directions (寺町通御池上る).
        town: 町域 by its official name, or as written when `town_known` is False.
        chome: number of the 丁目.
        chome_word: "丁目", or "丁" in Sakai.
        koaza: 小字, 地割, 甲乙, 線 and the like between town and number, without 字.
        banchi: 番地 or 番, e.g. "17", "中5", "1234イ".
        go: 号 or the number after the first dash.
        branches: further numbers.
        building: name of the building, with its wing.
        floor: e.g. "3階".
        room: e.g. "403", "B604".
        care_of: name of the householder for 様方.
        town_known: the town is in the postcode list of that city.
        after_town: the text after the town, from which the postal bar code takes its address number.
    """

    raw: str
    postcode: str = ""
    prefecture: str = ""
    county: str = ""
    city: str = ""
    ward: str = ""
    street: str = ""
    town: str = ""
    chome: int | None = None
    chome_word: str = "丁目"
    koaza: str = ""
    banchi: str = ""
    go: str = ""
    branches: tuple[str, ...] = ()
    building: str = ""
    floor: str = ""
    room: str = ""
    care_of: str = ""
    town_known: bool = False
    after_town: str = ""

    @property
    def municipality(self) -> str:
        """County, city and ward in one, as the postcode list writes them (東牟婁郡串本町, 横浜市港北区)."""
        return self.county + self.city + self.ward

    @property
    def town_label(self) -> str:
        """Town with its 丁目 in kanji, as official lists write it (豊洲一丁目)."""
        if self.chome is None or not 1 <= self.chome <= 9999:
            return self.town
        return self.town + write_kanji_number(self.chome) + self.chome_word

    @property
    def number_label(self) -> str:
        """番地, 号 and branches joined by "-" (17-11)."""
        return "-".join(part for part in (self.banchi, self.go, *self.branches) if part)

    @property
    def key(self) -> str:
        """The comparison key of the premises: equal for spellings of one place, without building and room.

        Source:
            The project's fact sheet on municipal tax work, section 3.3.
        """
        place = _key_text(self.prefecture + self.city + self.ward) + _key_text(self.town)
        chome = "" if self.chome is None else f"{self.chome}"
        if chome and place[-1:].isdigit():
            chome = "-" + chome
        koaza = _key_text(self.koaza)
        number = self.number_label
        joint = "-" if number and (koaza or place + chome)[-1:].isdigit() else ""
        return place + chome + koaza + joint + number

    @property
    def dwelling_key(self) -> str:
        """The comparison key with the room, for households of one building."""
        return self.key + (f"#{_key_text(self.room)}" if self.room else "")


def _key_text(text: str) -> str:
    """Fold for the key: kanji numbers as digits, 大字 and 字 off, ヶ as が."""
    plain = re.sub(r"^(?:大字|字)", "", normalise(text).replace(" ", ""))
    return fold_place(kanji_runs_to_digits(plain)).replace("ケ", "が")


def address_key(text: str, home: Sequence[Municipality] = ()) -> str:
    """Return the comparison key of an address as written.

    Example:
        >>> address_key("桜が丘二丁目一番地の三")
        '桜が丘2-1-3'
    """
    return parse_address(text, home).key


def customer_barcode_digits(address: Address) -> str:
    """Return the address number for the postal customer bar code: what the postcode does not say.

    It is taken from the text after the town, as Japan Post says (`postal_barcode.address_number`).

    Example:
        >>> customer_barcode_digits(parse_address("千葉市稲毛区緑町3丁目30-8 郵便ビル403号"))
        '3-30-8-403'
    """
    return address_number(address.after_town)


def parse_address(text: str, home: Sequence[Municipality] = ()) -> Address:
    """Read an address into parts.

    Args:
        text: the address in any usual spelling, with or without postcode, prefecture and building.
        home: municipalities to try first and when none is written, e.g. the city's own wards; they need not be in
            the postcode list.

    Returns:
        The parts; what could not be understood stays in `town` or `building`, nothing is dropped from `raw`.
    """
    plain = re.sub(r"(?<=[市郡])\s+", "", normalise(text).strip())
    postcode = ""
    if found := _POSTCODE.match(plain):
        postcode, plain = found[1] + found[2], plain[found.end() :]
    place = _locate(plain, home)
    tail, chome, numbers = _read_numbers(place)
    rest = _read_rest(tail.rest)
    banchi, go, branches, room = _share_out(numbers, rest.room)
    return Address(
        raw=text,
        postcode=postcode,
        prefecture=place.prefecture,
        county=place.county,
        city=place.city,
        ward=place.ward,
        street=place.street,
        town=place.town.name if place.town else tail.koaza,
        chome=chome,
        chome_word="丁" if place.city == "堺市" and place.ward != "美原区" else "丁目",
        koaza=tail.koaza if place.town else "",
        banchi=banchi,
        go=go,
        branches=branches,
        building=rest.building,
        floor=rest.floor,
        room=room,
        care_of=rest.care_of,
        town_known=place.town is not None,
        after_town=place.rest,
    )


@dataclass(frozen=True)
class _Place:
    prefecture: str = ""
    county: str = ""
    city: str = ""
    ward: str = ""
    street: str = ""
    town: Town | None = None
    rest: str = ""


def _locate(text: str, home: Sequence[Municipality]) -> _Place:
    """Find the municipality and town whose names fit the text best."""
    prefecture, rest = _read_prefecture(text, home)
    near = [city for city in home if prefecture in ("", city.prefecture)]
    own = _best([(city, rest[end:].lstrip(), end) for city, end in _homes(rest, near)])
    if own and own.town:
        return own
    found = [(city, rest[end:].lstrip(), end) for city, end in _homes(rest, near) + find_cities(rest, prefecture)]
    if not found and (county := re.match(r".{1,5}?郡\s*", rest)):
        found = [
            (city, rest[county.end() + end :].lstrip(), end)
            for city, end in find_cities(rest[county.end() :], prefecture)
        ]
    best = _best(found)
    if best is None or (best.town is None and not best.ward and re.match(r"[^\d\s]{1,3}区", best.rest)):
        heirs = _best([(city, after, 1) for city, after in find_successors(rest, prefecture)])
        best = heirs if heirs and (heirs.town or best is None) else best
    if best is None or (best.town is None and near):
        at_home = _best([(city, rest, 1) for city in near])
        best = at_home if at_home and at_home.town else best
    if best is None and not home and not prefecture and (city := find_by_town(rest)):
        best = _best([(city, rest, 1)])
    return best or _unlisted(prefecture, rest)


def _read_prefecture(text: str, home: Sequence[Municipality]) -> tuple[str, str]:
    for city in home:
        if text.startswith(city.prefecture):
            return city.prefecture, text[len(city.prefecture) :].lstrip()
    folded = fold_place(text[:4])
    for length in (4, 3):
        if name := _folded_prefectures().get(folded[:length]):
            return name, text[length:].lstrip()
    for name in prefectures():
        if name != "北海道" and text.startswith(name[:-1]):
            rest = text[len(name) - 1 :].lstrip()
            if rest[:1] not in ("市", "区", "") and find_cities(rest, name) and not find_cities(text):
                return name, rest
    return "", text


@lru_cache(maxsize=1)
def _folded_prefectures() -> dict[str, str]:
    return {fold_place(name): name for name in prefectures()}


def _homes(text: str, home: Sequence[Municipality]) -> list[tuple[Municipality, int]]:
    found = []
    for city in home:
        _, name, ward = city.parts
        for form in (city.name, name, ward):
            if form and fold_place(text).startswith(fold_place(form)):
                found.append((city, len(form)))
                break
    return found


@dataclass(frozen=True)
class _Reading:
    city: Municipality
    taken: int
    street: str
    town: Town | None
    rest: str

    @property
    def score(self) -> tuple[bool, int, int]:
        """A town that fits counts most, then the longest name of a municipality, then the longest town."""
        return self.town is not None, self.taken, len(self.street) + (len(self.town.name) if self.town else 0)


def _best(found: list[tuple[Municipality, str, int]]) -> _Place | None:
    """Keep the candidate whose town fits; where several fit alike, keep only what they agree on."""
    longest: dict[tuple[str, str], int] = {}
    for city, _, taken in found:
        name = (city.prefecture, city.parts[1])
        longest[name] = max(longest.get(name, 0), taken)
    found = [entry for entry in found if entry[2] == longest[entry[0].prefecture, entry[0].parts[1]]]
    readings = [_Reading(city, taken, *_read_town(city, rest)) for city, rest, taken in found]
    if not readings:
        return None
    top = max(reading.score for reading in readings)
    best = [reading for reading in readings if reading.score == top]
    best = [reading for reading in best if len(reading.city.name) == reading.taken] or best
    county, city_name, ward = (_agree([reading.city.parts[part] for reading in best]) for part in range(3))
    prefecture = _agree([reading.city.prefecture for reading in best])
    return _Place(prefecture, county, city_name, ward, best[0].street, best[0].town, best[0].rest)


def _agree(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _read_town(city: Municipality, text: str) -> tuple[str, Town | None, str]:
    """Read the town; in Kyoto it may stand behind street directions."""
    if city.name.startswith("京都市"):
        street, found, rest = _read_kyoto(city, text)
        if found:
            return street, found, rest
    plain = re.sub(r"^(?:大字|字)\s*", "", text)
    for rest in (plain, text) if plain != text else (text,):
        if hit := find_town(city, rest):
            return "", hit[0], rest[hit[1] :]
    return "", None, text


def _read_kyoto(city: Municipality, text: str) -> tuple[str, Town | None, str]:
    directions = list(_DIRECTION.finditer(text))
    if directions:
        turn = directions[-1].end()
        after = text[turn:].lstrip(" 、,")
        if hit := find_town(city, after):
            return text[:turn], hit[0], after[hit[1] :]
    elif hit := find_town(city, text):
        return "", hit[0], text[hit[1] :]
    for start in range(1, len(text)):
        hit = find_town(city, text[start:])
        if hit and hit[1] > 1 and (start + hit[1] == len(text) or starts_number(text, start + hit[1])):
            return text[:start].rstrip(), hit[0], text[start + hit[1] :]
    return "", None, text


def _unlisted(prefecture: str, text: str) -> _Place:
    """A municipality the list does not know is read by its suffix, so that a made-up city works too."""
    found = re.match(r"([^\d\s]{1,8}?市)\s*([^\d\s]{1,4}?区)?\s*|([^\d\s]{1,5}?郡)\s*([^\d\s]{1,6}?[町村])\s*", text)
    if not found:
        return _Place(prefecture, rest=text)
    return _Place(
        prefecture,
        county=found[3] or "",
        city=found[1] or found[4],
        ward=found[2] or "",
        rest=text[found.end() :],
    )


def _read_numbers(place: _Place) -> tuple[Tail, int | None, list[Number]]:
    """Read the tail and decide whether its first number is a 丁目."""
    tail = read_tail(place.rest)
    numbers = list(tail.numbers)
    if not numbers or not numbers[0].text.isdigit():
        return tail, None, numbers
    first = numbers[0]
    said = first.unit in ("丁目", "丁")
    meant = bool(place.town and place.town.has_chome) and not tail.koaza and first.unit in ("-", "")
    if said or (meant and int(first.text) <= _MOST_CHOME):
        return tail, int(first.text), numbers[1:]
    return tail, None, numbers


@dataclass(frozen=True)
class _Rest:
    building: str = ""
    floor: str = ""
    room: str = ""
    care_of: str = ""


_CARE_OF = re.compile(r"(?:^|[\s(])([^\s()\d]{1,20}?)\s*(?:様方|さま方|さん方|氏方|方)\)?\s*$")
_FLOOR = re.compile(r"(?:地下|B)?(\d+|[一二三四五六七八九十]+)\s*(?:階|F(?![A-Za-z]))\s*")
_ROOM = re.compile(r"[\s\-(]*(?:#|No\.?|第)?\s*([A-Z]?-?\d{1,5}(?:-\d{1,4})?[A-Z]?|[A-Z])\s*(?:号室|号|室)\)?\s*$")
_BARE_ROOM = re.compile(r"(?:^|[\s\-]|(?<=[^\d\s]))((?:(?<![A-Za-z])[A-Z])?-?\d{2,5}[A-EG-Z]?)\s*$")


def _read_rest(text: str) -> _Rest:
    """Split what follows the numbers into building, floor, room and 様方."""
    care_of = floor = room = ""
    if (found := _CARE_OF.search(text)) and found[1]:
        care_of, text = found[1], text[: found.start()].strip()
    if found := _ROOM.search(text) or _BARE_ROOM.search(text):
        room, text = found[1].lstrip("-"), text[: found.start()].strip(" -(")
    if found := _FLOOR.search(text):
        floor = ("地下" if found[0][0] in "地B" else "") + kanji_runs_to_digits(found[1]) + "階"
        text = (text[: found.start()] + " " + text[found.end() :]).strip()
    return _Rest(text.strip(" ,、#"), floor, room, care_of)


def _share_out(numbers: list[Number], room: str) -> tuple[str, str, tuple[str, ...], str]:
    """Give the numbers their places; a third one of three digits is a room unless a room is written."""
    texts = [number.text for number in numbers]
    if len(texts) > 2 and not room and texts[-1].isdigit() and int(texts[-1]) >= _LEAST_ROOM:
        room = texts.pop()
    return texts[0] if texts else "", texts[1] if len(texts) > 1 else "", tuple(texts[2:]), room
