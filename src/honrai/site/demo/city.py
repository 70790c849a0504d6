"""The made-up city 本来市 of 本来県: its five wards, their towns, and its own characters (外字).

No part can be taken for a real one: there is no prefecture 99, no postcode begins with 000, and the city's code has a
wrong check digit. Town names are those that many Japanese municipalities share, so that they look like towns anywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from honrai.kernel.names import Gaiji
from honrai.kernel.numerals import write_kanji_number
from honrai.kernel.places import Municipality, municipalities

PREFECTURE = "本来県"
CITY = "本来市"
CITY_CODE = "999993"
WARDS = {"中央区": "99901", "東区": "99902", "西区": "99903", "南区": "99904", "北区": "99905"}
"""Wards and their five-digit codes; no real code begins with 99."""

_TOWNS_OF_A_WARD = 64
_SHARED_BY = 8


@dataclass(frozen=True)
class DemoTown:
    """One town of the made-up city.

    Attributes:
        ward: its ward.
        name: e.g. "桜が丘", "大字川西", "北三条西".
        chome: number of 丁目, 0 when it has none.
        fields: 小字 in use, () for most.
        postcode: seven digits beginning with 000.
    """

    ward: str
    name: str
    chome: int
    fields: tuple[str, ...]
    postcode: str


@lru_cache(maxsize=1)
def towns() -> dict[str, tuple[DemoTown, ...]]:
    """Return the towns of each ward; always the same ones."""
    names = iter(_common_names())
    return {ward: tuple(_ward_towns(ward, number, names)) for number, ward in enumerate(WARDS, start=1)}


def _common_names() -> list[str]:
    count = Counter(town.rstrip("+") for city in municipalities() for town in city.listed.split(","))
    common = [name for name, times in count.items() if times >= _SHARED_BY and len(name) > 1]
    return sorted(common, key=lambda name: (-count[name], name))


def _ward_towns(ward: str, number: int, names: object) -> list[DemoTown]:
    chosen: list[DemoTown] = []
    for place in range(_TOWNS_OF_A_WARD):
        name = next(names)  # type: ignore[call-overload]
        chome, fields = _layout(ward, place)
        if ward == "北区" and place < 12:
            name, chome = f"北{write_kanji_number(place // 2 + 1)}条{'東西'[place % 2]}", 20
        elif fields:
            name = "大字" + name
        chosen.append(DemoTown(ward, name, chome, fields, f"000{number}{place + 1:03d}"))
    return chosen


def _layout(ward: str, place: int) -> tuple[int, tuple[str, ...]]:
    """Decide how a town is numbered: by 丁目, by 番地, or by 番地 within 小字 (the west and the south)."""
    if ward in ("西区", "南区") and place % 3 == 0:
        return 0, _FIELDS[place % len(_FIELDS)]
    return (0, ()) if place % 4 == 1 else (2 + place * 5 % 7, ())


_FIELDS = (("甲", "乙", "丙"), ("イ", "ロ", "ハ"), ("沼ノ端", "前田", "堂ヶ谷"), ("中尾", "下ッ原", "向"))


@lru_cache(maxsize=1)
def home() -> tuple[Municipality, ...]:
    """Return the wards as municipalities, to read the city's addresses with `kernel.address.parse_address`."""
    return tuple(
        Municipality(
            code,
            PREFECTURE,
            CITY + ward,
            ",".join(town.name.removeprefix("大字") + "+" * bool(town.chome) for town in towns()[ward]),
        )
        for ward, code in WARDS.items()
    )


GAIJI_STANDARD = {
    "\ue000": "邊\U000e0109",
    "\ue001": "邉\U000e0110",
    "\ue002": "𠮷",
    "\ue003": "辻\U000e0102",
    "\ue004": "葛\U000e0103",
    "\ue005": "𣘺",
    "\ue006": "髙",
    "\ue007": "﨑",
    "\ue008": "齋",
    "\ue009": "栁",
}
"""City characters already identified (同定済み) and the standard character behind each."""
GAIJI_UNKNOWN = ("\ue020", "\ue021", "\ue022")
"""City characters nobody has identified yet (要同定)."""
GAIJI = Gaiji(GAIJI_STANDARD)
"""The city's table of its own characters."""
