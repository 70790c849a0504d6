"""Where they live: draws made-up addresses of the city in the form the resident register prints, and as people write.

`Dwelling.text` is the register's form (full-width digits, 方書 apart); `spell` writes the same place as an applicant
might on a form.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from honrai.kernel.numerals import write_kanji_number
from honrai.site.demo.city import CITY, PREFECTURE, DemoTown, towns
from honrai.site.demo.shape import Draw, shape

_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_KINDS = ("ハイツ", "コーポ", "メゾン", "グランドハイム", "パークサイド", "レジデンス", "アーバンビュー", "サンライズ")
_OWNERS = ("山田", "佐藤", "本田", "中村", "小林", "吉田", "松本", "井上")


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One dwelling.

    Attributes:
        town: its town.
        chome: number of the 丁目, 0 when the town has none.
        field: 小字, "" for most.
        banchi: 番 or 番地.
        go: 号, 0 when there is none.
        building: name of the building, "" for a house.
        room: room number, "" for a house.
        care_of: family name of the householder for 様方, "" otherwise.
    """

    town: DemoTown
    chome: int
    field: str
    banchi: int
    go: int
    building: str
    room: str
    care_of: str

    @property
    def text(self) -> str:
        """Prefecture to number as the register prints it, digits in full width."""
        return f"{PREFECTURE}{CITY}{self.town.ward}{self.town.name}{self._number()}".translate(_WIDE)

    @property
    def annex(self) -> str:
        """方書: building and room, or 様方; "" for a house."""
        if self.care_of:
            return f"{self.care_of}様方"
        return f"{self.building}{self.room}号".translate(_WIDE) if self.building else ""

    def _number(self) -> str:
        if self.chome:
            return f"{self.chome}丁目{self.banchi}番" + (f"{self.go}号" if self.go else "")
        return f"{'字' if len(self.field) > 1 else ''}{self.field}{self.banchi}番地" + (f"{self.go}" if self.go else "")


class DwellingMaker:
    """Draws dwellings; one maker per city, fed by the city's random source."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        wards = shape()["wards"]
        self._ward = Draw.by_share(rng, {ward: entry["share"] for ward, entry in wards.items()})
        self._towns = {
            ward: Draw(rng, list(places), [1 / (1 + rank / 12) for rank in range(len(places))])
            for ward, places in towns().items()
        }
        self._flats = {ward: entry["flats"] for ward, entry in wards.items()}
        self._care_of = shape()["rates"]["care_of"] / 100

    def next(self) -> Dwelling:
        """Draw one dwelling."""
        rng = self._rng
        ward = self._ward.next()
        town = self._towns[ward].next()
        field = rng.choice(town.fields) if town.fields and rng.random() < 0.6 else ""
        chome = rng.randint(1, town.chome) if town.chome else 0
        banchi = int(rng.random() ** 1.5 * (40 if chome else 1800)) + 1
        go = int(rng.random() ** 1.3 * 28) + 1 if chome or rng.random() < 0.5 else 0
        building = room = care_of = ""
        if rng.random() < self._flats[ward]:
            building = (
                f"{rng.choice(_KINDS)}{town.name.removeprefix('大字')}{rng.choice(('', '', 'Ⅱ', 'Ａ棟', '壱番館'))}"
            )
            room = f"{rng.randint(1, 9)}0{rng.randint(1, 8)}"
        elif rng.random() < self._care_of:
            care_of = rng.choice(_OWNERS)
        return Dwelling(town, chome, field, banchi, go, building, room, care_of)


def spell(dwelling: Dwelling, rng: random.Random) -> str:
    """Write a dwelling's address as one of many applicants would on a form; the place stays the same."""
    chome, banchi, go = dwelling.chome, dwelling.banchi, dwelling.go
    dash = rng.choice("-－ー―‐−")
    town = dwelling.town.name
    if rng.random() < 0.3:
        town = town.removeprefix("大字")
    for old, new in (("ケ", "ヶ"), ("が丘", "ヶ丘"), ("ヶ", "が")):
        if rng.random() < 0.3:
            town = town.replace(old, new)
    style = rng.randrange(4)
    if style == 0:
        number = dash.join(str(part) for part in (chome, banchi, go) if part)
    elif style == 1 and chome:
        number = f"{write_kanji_number(chome)}丁目{write_kanji_number(banchi)}番" + (
            f"{write_kanji_number(go)}号" if go else ""
        )
    elif style == 2:
        number = (f"{chome}丁目" if chome else "") + f"{banchi}" + (f"の{go}" if go else "")
    else:
        number = ((f"{chome}丁目" if chome else "") + f"{banchi}番地" + (f"{go}" if go else "")).translate(_WIDE)
    opening = rng.choice(
        (PREFECTURE + CITY, CITY, CITY, "", f"〒{dwelling.town.postcode[:3]}-{dwelling.town.postcode[3:]} " + CITY)
    )
    ending = dwelling.annex and rng.choice(("", " ", "　")) + dwelling.annex
    return f"{opening}{dwelling.town.ward}{rng.choice(('', '', ' '))}{town}{dwelling.field}{number}{ending}"
