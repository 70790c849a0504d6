"""Which resident a case is about: at least two independent keys must agree, and nobody else may fit as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Wanted:
    """What an application says about a person; "" or None where it says nothing.

    Attributes:
        kana: folded reading.
        name: folded name.
        born_on: day of birth.
        place: key of the address.
    """

    kana: str = ""
    name: str = ""
    born_on: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Candidate:
    """A resident who might be meant, by the same keys.

    Attributes:
        number: 宛名番号.
        kana: folded reading.
        names: folded names (氏名, 通称).
        born_on: day of birth; None where the register does not know it.
        place: key of the household's address.
    """

    number: str
    kana: str
    names: tuple[str, ...]
    born_on: date | None
    place: str


@dataclass(frozen=True)
class Judgement:
    """The answer: found (one), none (nobody comes near), or unclear (a person must look).

    Attributes:
        state: found, none or unclear.
        number: 宛名番号 of the one found, else "".
        keys: which keys agreed.
        near: 宛名番号 of those who come near, for the person who looks.
    """

    state: Literal["found", "none", "unclear"]
    number: str = ""
    keys: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def agreeing(wanted: Wanted, one: Candidate) -> tuple[str, ...]:
    """Return the independent keys on which a candidate agrees with what is wanted: birth, name, place.

    Reading and written name count once (`name`): they are not independent of one another.
    """
    same_kana = bool(wanted.kana) and wanted.kana == one.kana
    same_name = bool(wanted.name) and wanted.name in one.names
    found = []
    if wanted.born_on and wanted.born_on == one.born_on:
        found.append("birth")
    if same_kana or same_name:
        found.append("name")
    if wanted.place and wanted.place == one.place:
        found.append("place")
    return tuple(found)


def nearly_born(one: date | None, other: date | None) -> bool:
    """Say whether two days of birth differ as slips do: a year or a day out, day and month changed over.

    Source:
        The project's fact sheet on municipal tax work, section 3.3 (typical errors).
    """
    if one is None or other is None or one == other:
        return False
    if (one.month, one.day) == (other.month, other.day):
        return abs(one.year - other.year) <= 1
    if one.year != other.year:
        return False
    return one.month == other.month or (one.month, one.day) == (other.day, other.month)


def judge(wanted: Wanted, candidates: Sequence[Candidate]) -> Judgement:
    """Say who is meant.

    Found: exactly one candidate agrees on birth and name, or, of several who do, exactly one also on the place; or nobody
    does and exactly one agrees on name and place while no day of birth was given. Everything else that comes near
    (name and place with another day of birth, the name with a day that looks like a slip, twins of one reading) is unclear
    and goes before a person; birth and place alone never join (twins).

    Source:
        Internal policy after the project's fact sheet on municipal tax work, section 3.2: link by itself only where at least
        two independent keys agree.
    """
    agreed = {one.number: agreeing(wanted, one) for one in candidates}
    strong = [number for number, keys in agreed.items() if {"birth", "name"} <= set(keys)]
    stronger = [number for number in strong if "place" in agreed[number]]
    slips = {
        one.number for one in candidates if nearly_born(wanted.born_on, one.born_on) and "name" in agreed[one.number]
    }
    near = tuple(sorted({number for number, keys in agreed.items() if len(keys) >= 2} | slips))
    for group in (strong, stronger):
        if len(group) == 1:
            return Judgement("found", group[0], agreed[group[0]], near)
    if strong:
        return Judgement("unclear", near=near)
    by_place = [number for number, keys in agreed.items() if {"name", "place"} <= set(keys)]
    if wanted.born_on is None and len(by_place) == 1:
        return Judgement("found", by_place[0], agreed[by_place[0]], near)
    return Judgement("unclear", near=near) if near else Judgement("none")
