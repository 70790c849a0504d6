"""Built-in functions on dates and times."""

from __future__ import annotations

from decimal import Decimal

from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.values import Date, DateTime, MonthsDuration, days_from_civil

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@builtin("now() -> date and time")
def _now(rt: Runtime) -> DateTime:
    return _current(rt)


def _current(rt: Runtime) -> DateTime:
    if rt.now is None:
        raise Invalid("現在の日時が渡されていません")
    return rt.now


@builtin("today() -> date")
def _today(rt: Runtime) -> Date:
    return _current(rt).date


def _date(value: object) -> Date:
    assert isinstance(value, Date | DateTime)
    return value.date if isinstance(value, DateTime) else value


def _signatures(name: str, result: str) -> tuple[str, str]:
    return f"{name}(date: date) -> {result}", f"{name}(date: date and time) -> {result}"


@builtin(*_signatures("day of year", "number"))
def _day_of_year(rt: Runtime, date: object) -> Decimal:
    day = _date(date)
    return Decimal(day.number - days_from_civil(day.year, 1, 1) + 1)


@builtin(*_signatures("day of week", "string"))
def _day_of_week(rt: Runtime, date: object) -> str:
    return DAYS[_date(date).weekday - 1]


@builtin(*_signatures("month of year", "string"))
def _month_of_year(rt: Runtime, date: object) -> str:
    return MONTHS[_date(date).month - 1]


@builtin(*_signatures("week of year", "number"))
def _week_of_year(rt: Runtime, date: object) -> Decimal:
    """The ISO 8601 week: weeks begin on Monday and belong to the year of their Thursday."""
    day = _date(date)
    thursday = day.number - day.weekday + 4
    year = Date.from_number(thursday).year
    return Decimal((thursday - days_from_civil(year, 1, 1)) // 7 + 1)


@builtin("years and months duration(from: date, to: date) -> years and months duration",
         "years and months duration(from: date and time, to: date and time) -> years and months duration")  # fmt: skip
def _years_and_months(rt: Runtime, begin: object, end: object) -> MonthsDuration:
    """Whole months between two days, negative when the second is the earlier; the time of day does not count."""
    first, last = _date(begin), _date(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)
