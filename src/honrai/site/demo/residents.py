"""The residents and households of the made-up city, any number of them, as columns.

`generate(count, seed, as_of)` gives two Polars frames. The same seed, count and day give the same city. No personal
number (個人番号) exists in it: no column holds twelve digits, so none can be valid by chance. Where next: the city in
`city`, the shape in `data/population.yaml`, files in `extracts`.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import polars as pl

from honrai.kernel.names import PersonName
from honrai.site.demo.circumstances import CircumstanceMaker
from honrai.site.demo.dwellings import Dwelling, DwellingMaker
from honrai.site.demo.households import HouseholdMaker, Member
from honrai.site.demo.person_names import NameMaker
from honrai.site.demo.shape import Draw, shape

RESIDENT_COLUMNS: dict[str, type[pl.DataType]] = {
    "person_no": pl.String,  # 宛名番号, ten digits
    "household_no": pl.String,  # 世帯番号, ten digits
    "relation": pl.String,  # 続柄
    "name": pl.String,  # 氏名 as registered, family and given name parted by a full-width space
    "kana": pl.String,
    "romaji": pl.String,  # "" for Japanese
    "alias": pl.String,  # 通称, "" for most
    "sex": pl.String,  # 男, 女
    "birth": pl.Date,  # day of birth; the first of the month when it is not known
    "birth_as_recorded": pl.String,  # eight digits, "00" for a day that is not known
    "nationality": pl.String,  # 日本 for most
    "residence_status": pl.String,  # 在留資格, "" for Japanese
    "resident_since": pl.Date,  # 住民となった日
    "insurance": pl.String,
    "income": pl.Int64,  # last year's total income, yen; null when no return was made
    "disability": pl.String,
    "disability_grade": pl.String,
    "care_level": pl.String,
}
HOUSEHOLD_COLUMNS: dict[str, type[pl.DataType]] = {
    "household_no": pl.String,
    "kind": pl.String,  # a kind of population.yaml, or "foreign"
    "head_no": pl.String,  # 宛名番号 of the head
    "size": pl.Int64,
    "ward": pl.String,
    "town": pl.String,
    "postcode": pl.String,  # seven digits, never a real one
    "address": pl.String,  # prefecture to number, as the register prints it
    "annex": pl.String,  # 方書
    "building": pl.String,
    "room": pl.String,
    "welfare": pl.Boolean,  # 生活保護
    "protected": pl.Boolean,  # 支援措置
    "single_parent": pl.Boolean,  # one parent with a child under 18
}
_ROWS_AT_ONCE = 50_000
_FIRST_NO = 1_000_000_000


@dataclass(frozen=True)
class DemoPeople:
    """A generated city: `residents` with `RESIDENT_COLUMNS`, `households` with `HOUSEHOLD_COLUMNS`."""

    residents: pl.DataFrame
    households: pl.DataFrame


def generate(count: int, seed: int, as_of: dt.date) -> DemoPeople:
    """Generate the made-up city.

    Args:
        count: residents wanted, >= 1; exactly so many are made.
        seed: same seed, same city.
        as_of: the day on which ages are counted and everybody is registered.

    Raises:
        ValueError: count is below 1.
    """
    if count < 1:
        raise ValueError(f"住民は1人以上にしてください（{count}）")
    return _Generator(seed, as_of).run(count)


class _Columns:
    """Rows gathered into frames, some thousand at a time, so that memory stays small."""

    def __init__(self, schema: dict[str, type[pl.DataType]]) -> None:
        self._schema = schema
        self._rows: list[tuple[object, ...]] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, row: tuple[object, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True)
        self._frames.append(pl.DataFrame(dict(zip(self._schema, columns, strict=True)), schema=self._schema))
        self._rows = []

    def frame(self) -> pl.DataFrame:
        if self._rows:
            self._flush()
        return pl.concat(self._frames)


class _Generator:
    def __init__(self, seed: int, as_of: dt.date) -> None:
        self._rng = rng = random.Random(seed)  # noqa: S311  (made-up people, not secrets)
        self._as_of = as_of
        self._households = HouseholdMaker(rng)
        self._dwellings = DwellingMaker(rng)
        self._names = NameMaker(rng)
        self._life = CircumstanceMaker(rng)
        loaded = shape()
        self._foreign = loaded["foreign_households"] / 100
        self._nationality = Draw.by_share(rng, loaded["nationalities"])
        self._status = Draw.by_share(rng, loaded["residence_statuses"])
        self._unknown_birthday = loaded["rates"]["unknown_birthday"] / 100
        self._residents = _Columns(RESIDENT_COLUMNS)
        self._homes = _Columns(HOUSEHOLD_COLUMNS)
        self._made = self._made_homes = 0

    def run(self, count: int) -> DemoPeople:
        while self._made < count:
            self._household(count - self._made)
        return DemoPeople(self._residents.frame(), self._homes.frame())

    def _household(self, most: int) -> None:
        kind, members = self._households.next(most)
        nationality = self._nationality.next() if self._rng.random() < self._foreign else "日本"
        number = str(_FIRST_NO * 2 + self._made_homes)
        welfare, protected = self._life.household()
        insurance = self._life.insurance(members[0], welfare=welfare)
        self._homes.add(
            self._home_row(number, "foreign" if nationality != "日本" else kind, members, (welfare, protected))
        )
        surname = self._names.surname() if nationality == "日本" else self._names.foreign_family(nationality)
        for member in members:
            name = self._name(member, nationality, surname)
            self._residents.add(self._resident_row(number, member, name, nationality, insurance))
            self._made += 1
        self._made_homes += 1

    def _home_row(self, number: str, kind: str, members: list[Member], marks: tuple[bool, bool]) -> tuple[object, ...]:
        home: Dwelling = self._dwellings.next()
        one_parent = kind in ("mother_children", "father_children") and any(m.age < 18 for m in members[1:])
        return (
            number,
            kind,
            str(_FIRST_NO + self._made),
            len(members),
            home.town.ward,
            home.town.name,
            home.town.postcode,
            home.text,
            home.annex,
            home.building,
            home.room,
            *marks,
            one_parent,
        )

    def _name(self, member: Member, nationality: str, surname: tuple[str, str]) -> PersonName:
        if nationality != "日本":
            return self._names.foreign(nationality, surname)
        family, family_kana = self._names.surname() if member.own_name else surname
        given, given_kana = self._names.given(member.sex, member.age)
        return PersonName(f"{family}\u3000{given}", f"{family_kana}\u3000{given_kana}")

    def _resident_row(
        self, household: str, member: Member, name: PersonName, nationality: str, insurance: str
    ) -> tuple[object, ...]:
        birth, recorded = self._birth(member.age)
        covered = self._life.insurance_of(member, insurance)
        return (
            str(_FIRST_NO + self._made),
            household,
            member.relation,
            name.raw,
            name.kana,
            name.romaji,
            name.alias,
            member.sex,
            birth,
            recorded,
            nationality,
            "" if nationality == "日本" else self._status.next(),
            self._since(birth),
            covered,
            self._life.income(member, covered),
            *self._life.disability(member.age),
            self._life.care(member.age),
        )

    def _birth(self, age: int) -> tuple[dt.date, str]:
        """Draw a day on which somebody turns `age` within the year before the day of the city."""
        day = self._as_of - dt.timedelta(days=int(age * 365.2425 + self._rng.random() * 365))
        if self._rng.random() < self._unknown_birthday:
            return day.replace(day=1), f"{day:%Y%m}00"
        return day, f"{day:%Y%m%d}"

    def _since(self, birth: dt.date) -> dt.date:
        lived = (self._as_of - birth).days
        if self._rng.random() < 0.42:
            return birth
        return self._as_of - dt.timedelta(days=int(self._rng.random() ** 1.8 * lived))
