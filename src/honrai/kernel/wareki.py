"""Dates by Japanese era (和暦), both directions, and the one box in which staff type a date.

An era's first year is written 元年. Eras and their first days are data (`data/eras.yaml`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from honrai.kernel.errors import Invalid
from honrai.kernel.law_data import read_law_data


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its name (令和), letter (R), one-kanji short form (令), number (5) and days.

    Attributes:
        start: first day of the era, calendar date.
        end: last day of the era; None for the present one.
        first_year: western year of 元年.
        shares_start: the first day is also found under the old era (1912-07-30, 1926-12-25).
    """

    code: int
    letter: str
    short: str
    name: str
    start: date
    end: date | None
    first_year: int
    shares_start: bool


@cache
def list_eras() -> tuple[Era, ...]:
    """Return the eras of the solar calendar, oldest first.

    Legal source:
        改元の詔書・政令; each with its number in `data/eras.yaml`.
    """
    rows = read_law_data("eras")["eras"]
    ends = [row["from"] - timedelta(days=1) for row in rows[1:]] + [None]
    return tuple(
        Era(
            code=row["code"],
            letter=row["letter"],
            short=row["short"],
            name=row["name"],
            start=row["from"],
            end=end,
            first_year=row["first_year"],
            shares_start=row.get("shared_from", False),
        )
        for row, end in zip(rows, ends, strict=True)
    )


@cache
def eras_by_key() -> dict[str, Era]:
    """Return eras by letter, number, short form and name."""
    return {key: era for era in list_eras() for key in (era.letter, str(era.code), era.short, era.name)}


@dataclass(frozen=True, slots=True)
class Wareki:
    """A calendar date written by era: 令和8年4月1日 is Wareki(令和, 8, 4, 1)."""

    era: Era
    year: int
    month: int
    day: int

    @classmethod
    def of(cls, on: date) -> Wareki:
        """Return the date by the era in force that day; the day an era begins belongs to the new era.

        Raises:
            Invalid: before 1873-01-01, when the lunar calendar was in use.
        """
        for era in reversed(list_eras()):
            if on >= era.start:
                return cls(era, on.year - era.first_year + 1, on.month, on.day)
        raise Invalid("era-lunar", "明治5年以前は旧暦のため和暦にできません。西暦で記入してください。")

    @property
    def year_label(self) -> str:
        """The era and year: 令和8年, 令和元年."""
        return f"{self.era.name}{'元' if self.year == 1 else self.year}年"

    @property
    def short(self) -> str:
        """The short form for tables: R8.4.1."""
        return f"{self.era.letter}{self.year}.{self.month}.{self.day}"

    @property
    def one_box(self) -> str:
        """The form staff type into one box: R080401."""
        return f"{self.era.letter}{self.year:02}{self.month:02}{self.day:02}"

    def __str__(self) -> str:
        return f"{self.year_label}{self.month}月{self.day}日"

    def to_date(self, *, past_end: bool = False) -> date:
        """Return the calendar date.

        Args:
            past_end: also accept a year after the era's end, as papers printed before the change bear
                (運転免許証「平成35年まで有効」).

        Raises:
            Invalid: no such day, a day before the era began, or a day after it ended; the message names the right era.
        """
        on = _checked_date(self.era.first_year + self.year - 1, self.month, self.day)
        if self.year < 1 or on < self.era.start:
            raise _before_era(self, on)
        if self.era.end and on > self.era.end and not past_end and not _shared_start(on):
            right = Wareki.of(on)
            raise Invalid(
                "era-ended",
                f"{self.era.name}は{_plain(self.era.end)}までです。{self}は{right}です。{right.one_box}と入力してください。",
            )
        return on


def format_wareki(on: date) -> str:
    """Return a date as 令和8年4月1日; western 1872年1月1日 where there is no era of the solar calendar."""
    try:
        return str(Wareki.of(on))
    except Invalid:
        return f"{on.year}年{on.month}月{on.day}日"


def parse_date(text: str, *, past_end: bool = False) -> date:
    """Return the calendar date a person typed in one box.

    Read are: `R080401` `R8.4.1` `5080401` `令和8年4月1日` `令和元年5月1日` `令8.4.1` `20260401` `2026-04-01` `2026/4/1`
    `2026年4月1日`, in any width. A six-digit entry without an era is refused: nobody can tell the era.

    Args:
        text: what was typed.
        past_end: accept an era year after the era's end (see `Wareki.to_date`).

    Raises:
        Invalid: unreadable, no such day, or an era that does not fit the day; the message says how to mend it.
    """
    if len(text) == 8 and text.isascii() and text.isdecimal():
        return _checked_date(int(text[:4]), int(text[4:6]), int(text[6:]))
    folded = fold_date_text(text)
    if match := _ERA_DATE.fullmatch(folded) or _ERA_PACKED.fullmatch(folded) or _CODE_PACKED.fullmatch(folded):
        era, year, month, day = match.groups()
        named = eras_by_key()[era.upper()]
        return Wareki(named, 1 if year == "元" else int(year), int(month), int(day)).to_date(past_end=past_end)
    if match := _WESTERN.fullmatch(folded) or _WESTERN_PACKED.fullmatch(folded):
        year, month, day = match.groups()
        return _checked_date(int(year), int(month), int(day))
    if re.fullmatch(r"\d{6}", folded):
        raise Invalid(
            "date-no-era", "元号がありません。R080401 のように元号の文字を付けるか、西暦8桁で入力してください。"
        )
    raise Invalid(
        "date-unreadable", "日付として読めません。R080401、20260401、令和8年4月1日 のように入力してください。"
    )


_MARK = r"[./\-年]"
_ERA = r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])"
_ERA_DATE = re.compile(rf"{_ERA}(元|\d{{1,2}}){_MARK}(\d{{1,2}})[./\-月](\d{{1,2}})日?")
_ERA_PACKED = re.compile(rf"{_ERA}(\d{{2}})(\d{{2}})(\d{{2}})")
_CODE_PACKED = re.compile(r"([1-5])(\d{2})(\d{2})(\d{2})")
_WESTERN = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}})[./\-月](\d{{1,2}})日?")
_WESTERN_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SPACES_AND_DASHES = str.maketrans("‐–−ー・", "---" + "-.", " ")


def fold_date_text(text: str) -> str:
    """Return the text in half width, without spaces, dashes and dots unified."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.translate(_SPACES_AND_DASHES)


def _checked_date(year: int, month: int, day: int) -> date:
    """Return the date, or say that there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid("date-no-such-day", f"{month}月{day}日という日はありません。月と日を確かめてください。") from None


def _shared_start(on: date) -> bool:
    """Return whether two eras claim this day."""
    return any(era.shares_start and era.start == on for era in list_eras())


def _before_era(entered: Wareki, on: date) -> Invalid:
    """Return the error for a day before the era began, naming the era that fits."""
    begins = f"{entered.era.name}は{_plain(entered.era.start)}からです。"
    if on < list_eras()[0].start:
        return Invalid("era-lunar", "明治5年以前は旧暦のため読み替えられません。西暦で入力してください。")
    right = Wareki.of(on)
    return Invalid("era-not-begun", f"{begins}{right}であれば {right.one_box} と入力してください。")


def _plain(on: date) -> str:
    """Return a western date for a message."""
    return f"{on.year}年{on.month}月{on.day}日"
