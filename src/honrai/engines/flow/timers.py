"""When a timer fires: ISO 8601 dates, durations and cycles, in calendar time or in business days.

Words: a *period* is years and months plus seconds; a *cycle* fires a number of times, a period apart.
Source: ISO 8601-1:2019 5.5 (durations, intervals, recurring intervals); BPMN 2.0.2, 10.5.5 (timer events).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol


class Calendar(Protocol):
    """The city's working days, handed in by whoever knows them."""

    def add(self, on: date, days: int) -> date:
        """Return the day so many business days after `on`; the day `on` itself is not counted."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: whole months and seconds, both >= 0."""

    months: int
    seconds: float

    def after(self, moment: datetime) -> datetime:
        """Return the moment this much later; a day that does not exist becomes the last day of the month."""
        if self.months:
            year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
            moment = moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
        return moment + timedelta(seconds=self.seconds)

    def business(self, moment: datetime, calendar: Calendar) -> datetime:
        """Return the same time of day, this many business days later."""
        day = calendar.add(moment.date(), int(self.seconds // 86400))
        return moment.replace(year=day.year, month=day.month, day=day.day)

    @property
    def whole_days(self) -> bool:
        """Whether it is a number of days and nothing else, as business days must be."""
        return not self.months and self.seconds % 86400 == 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """A timer that fires again: `times` in all (None: without end), first at `start` or one period from now."""

    times: int | None
    start: datetime | date | None
    period: Period


When = datetime | date | Period | Cycle

_PERIOD = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/]{1,40})/)?(P[^/]{1,60})", re.ASCII)


def parse_time(text: str) -> When | None:
    """Return the time an ISO 8601 text names, None when it is not ISO 8601.

    Example:
        >>> parse_time("P14D")
        Period(months=0, seconds=1209600.0)
        >>> parse_time("R3/PT10H").times
        3
    """
    if text[:1] == "R" and (cycle := _CYCLE.fullmatch(text)):
        count, start, period = cycle.groups()
        begins = _moment(start) if start else None
        length = _period(period)
        if length is None or (start and begins is None):
            return None
        return Cycle(int(count) if count else None, begins, length)
    return _period(text) if text.startswith("P") else _moment(text)


def _period(text: str) -> Period | None:
    match = _PERIOD.fullmatch(text)
    if not match or not any(match.groups()) or text.endswith("T"):
        return None
    years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return Period(int(years * 12 + months), (weeks * 7 + days) * 86400 + hours * 3600 + minutes * 60 + seconds)


def _moment(text: str) -> datetime | date | None:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return None


def moment(when: datetime | date, now: datetime) -> datetime:
    """Return a written date or time as a moment; a zone it lacks is that of `now`, a bare date begins at midnight."""
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day, tzinfo=now.tzinfo)
    return when if when.tzinfo else when.replace(tzinfo=now.tzinfo)
