"""The days a city works, and the next open day when a date in law falls on a closed one.

Closed are Saturdays, Sundays, national holidays, December 29 to January 3 and a city's own days. National holidays are
data (`data/holidays.tsv`); the two equinoxes of years not yet announced are predictions.

Two calendars are kept apart: a due date of tax moves by `STATUTORY` alone (a city cannot lengthen it by closing its
counter), while a city's processing period runs on the city's own calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from honrai.kernel.errors import Invalid
from honrai.kernel.law_data import read_law_data, read_law_text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The open and closed days of one office.

    Attributes:
        own_closed: the city's own closed days and why (開庁記念日, システム更改).
        own_open: days worked although they would be closed (年度末の日曜開庁), and why.
    """

    own_closed: Mapping[date, str] = field(default_factory=dict)
    own_open: Mapping[date, str] = field(default_factory=dict)

    def why_closed(self, on: date) -> str | None:
        """Return why the office is closed that day, in words for a screen; None on an open day."""
        if on in self.own_open:
            return None
        named = self.own_closed.get(on) or _closed_by_law(on.year).get(on)
        if named is None and on.weekday() >= 5:
            return "土曜日" if on.weekday() == 5 else "日曜日"
        return named

    def is_open(self, on: date) -> bool:
        """Return whether the office works that day."""
        if on in self.own_open:
            return True
        return on.weekday() < 5 and on not in _closed_by_law(on.year) and on not in self.own_closed

    def next_open(self, on: date) -> date:
        """Return the day itself when open, else the first open day after it: where a period ending that day ends.

        October 31, 2026 (Saturday) gives November 2.

        Legal source:
            地方税法第20条の5第2項; 地方自治法第4条の2第4項; 民法第142条.
        """
        while not self.is_open(on):
            on += _DAY
        return on

    def previous_open(self, on: date) -> date:
        """Return the day itself when open, else the last open day before it."""
        while not self.is_open(on):
            on -= _DAY
        return on

    def add(self, on: date, days: int) -> date:
        """Return the day so many open days after `on` (before it for a negative number).

        The day `on` itself is not counted, open or not. 0 returns `on` unchanged.
        """
        step = _DAY if days > 0 else -_DAY
        for _ in range(abs(days)):
            on += step
            while not self.is_open(on):
                on += step
        return on

    def count(self, start: date, end: date) -> int:
        """Return the number of open days after `start` up to and including `end`; negative when `end` is earlier.

        The first day is not counted, so `count(d, add(d, n))` is `n` for `n >= 0`.
        """
        if end < start:
            return -self.count(end, start)
        return sum(self.is_open(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def list_open(self, start: date, end: date) -> Iterator[date]:
        """Yield the open days from `start` to `end`, both included."""
        for n in range((end - start).days + 1):
            if self.is_open(on := start + timedelta(days=n)):
                yield on

    def list_closed_weekdays(self, start: date, end: date) -> list[date]:
        """Return the closed Mondays to Fridays from `start` to `end`, both included.

        This is what column engines take as `holidays` beside a Monday-to-Friday week; `own_open` days at weekends are
        not expressible there.
        """
        days = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return [on for on in days if on.weekday() < 5 and not self.is_open(on)]


#: The calendar by which periods and due dates in law move: no city's own days.
STATUTORY = BusinessCalendar()


def holiday_name(on: date) -> str | None:
    """Return the name of the national holiday that day (元日, 振替休日 by its holiday), or None.

    Raises:
        Invalid: a year for which no holidays are known.

    Legal source:
        国民の祝日に関する法律 (昭和23年法律第178号) and the special acts since.
    """
    return _national_holidays(on.year).get(on)


@cache
def _holidays_by_year() -> Mapping[int, dict[date, str]]:
    by_year: dict[int, dict[date, str]] = {}
    for line in read_law_text("holidays.tsv").splitlines():
        if not line.startswith("#"):
            day, _, name = line.partition("\t")
            on = date.fromisoformat(day)
            by_year.setdefault(on.year, {})[on] = name
    return by_year


def _national_holidays(year: int) -> Mapping[date, str]:
    """Return the national holidays of one year; never guesses for a year outside the data."""
    try:
        return _holidays_by_year()[year]
    except KeyError:
        known = _holidays_by_year()
        message = f"{year}年の祝日は登録されていません({min(known)}年から{max(known)}年まで)。日付を確かめてください。"
        raise Invalid("calendar-no-holidays", message) from None


@cache
def _closed_by_law(year: int) -> Mapping[date, str]:
    """Return national holidays and the year-end days of one calendar year, each with its name."""
    year_end = read_law_data("closed_days")["year_end"]
    closed = {date(year, int(day[:2]), int(day[3:])): year_end["label"] for day in year_end["days"]}
    return MappingProxyType({**closed, **_national_holidays(year)})
