"""The values FEEL computes with.

| FEEL | Python |
|---|---|
| null, boolean, string | None, bool, str |
| number | `decimal.Decimal`, 34 significant digits (`CONTEXT`) |
| date, time, date and time | `Date`, `Time`, `DateTime` (years from -999999999 to 999999999) |
| days and time duration | `DaysDuration` (whole nanoseconds) |
| years and months duration | `MonthsDuration` (whole months) |
| list, context | list, dict with str keys |
| range, function | `Range`, `Function` |

`to_feel` brings plain Python values in, `to_python` brings FEEL values out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from zoneinfo import ZoneInfo

from .types import Type

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
NANOS = 1_000_000_000
DAY_SECONDS = 86_400
DAY_NANOS = DAY_SECONDS * NANOS
_EXACT = 10**34
MAX_YEAR = 999_999_999


def is_leap(year: int) -> bool:
    """Tell whether `year` of the proleptic Gregorian calendar has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    """Return how many days the month has."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the day number of a date; 1970-01-01 is 0, earlier days are negative."""
    shifted = year - (month <= 2)
    era = shifted // 400
    year_of_era = shifted - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a day number counted from 1970-01-01."""
    era, day_of_era = divmod(days + 719468, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = (shifted_month + 2) % 12 + 1
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the proleptic Gregorian calendar. Raises ValueError for a day that does not exist."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (-MAX_YEAR <= self.year <= MAX_YEAR and 1 <= self.month <= 12):
            raise ValueError(f"{self.year}年{self.month}月{self.day}日という日はありません")
        if not 1 <= self.day <= month_days(self.year, self.month):
            raise ValueError(f"{self.year}年{self.month}月{self.day}日という日はありません")

    @property
    def number(self) -> int:
        """The day number, 0 on 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @classmethod
    def from_number(cls, number: int) -> Date:
        """Return the date with this day number."""
        return cls(*civil_from_days(number))

    @property
    def weekday(self) -> int:
        """The day of the week, 1 for Monday to 7 for Sunday (ISO 8601)."""
        return (self.number + 3) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds since midnight, with an offset from UTC in seconds, a zone name, or neither."""

    nanos: int
    offset: int | None = None
    zone: str = ""

    @property
    def hour(self) -> int:
        """The hour, 0 to 23."""
        return self.nanos // (3600 * NANOS)

    @property
    def minute(self) -> int:
        """The minute, 0 to 59."""
        return self.nanos // (60 * NANOS) % 60

    @property
    def second(self) -> int:
        """The whole second, 0 to 59."""
        return self.nanos // NANOS % 60

    @property
    def utc_offset(self) -> int | None:
        """The offset from UTC in seconds; for a zone, its standard offset (a time has no day to tell summer by)."""
        return zone_offset(self.zone, _STANDARD_DAY, 0) if self.zone else self.offset

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}:{format_seconds(self.nanos % (60 * NANOS), 2)}{self.suffix}"

    @property
    def suffix(self) -> str:
        """The zone part as written: `Z`, `+09:00`, `@Asia/Tokyo`, or nothing."""
        if self.zone:
            return f"@{self.zone}"
        return "" if self.offset is None else format_offset(self.offset)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day; the time carries the offset or zone."""

    date: Date
    time: Time

    @property
    def utc_offset(self) -> int | None:
        """The offset from UTC in seconds on that day and hour, None for a local date and time."""
        zone = self.time.zone
        return zone_offset(zone, self.date, self.time.nanos // NANOS) if zone else self.time.offset

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the wall clock."""
        return self.date.number * DAY_NANOS + self.time.nanos

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 UTC; a local value counts as UTC."""
        return self.local_nanos - (self.utc_offset or 0) * NANOS

    @classmethod
    def from_local_nanos(cls, nanos: int, like: Time) -> DateTime:
        """Return the wall-clock moment `nanos`, with the offset or zone of `like`."""
        days, rest = divmod(nanos, DAY_NANOS)
        return cls(Date.from_number(days), Time(rest, like.offset, like.zone))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration in nanoseconds, positive or negative."""

    nanos: int

    def __str__(self) -> str:
        sign, rest = ("-", -self.nanos) if self.nanos < 0 else ("", self.nanos)
        days, rest = divmod(rest, DAY_NANOS)
        hours, rest = divmod(rest, 3600 * NANOS)
        minutes, rest = divmod(rest, 60 * NANOS)
        clock = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M")) if value)
        if rest:
            clock += f"{format_seconds(rest)}S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{sign}P{text}" if text else "PT0S"


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration in whole months, positive or negative."""

    months: int

    def __str__(self) -> str:
        sign = "-" if self.months < 0 else ""
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{sign}P{text or '0M'}"


@dataclass(frozen=True, slots=True)
class Range:
    """A range of comparable values.

    `op` is empty for `[a..b]` and its half-open forms; for the open ranges `(< 10)`, `(>= 10)`, `(= 10)`,
    `(!= 10)` it is the operator and the missing ends are None.
    """

    start: object
    end: object
    start_included: bool
    end_included: bool
    op: str = ""


class Function:
    """A function as a value: a literal, a built-in, a business knowledge model or a decision service.

    `types` are the declared types of the parameters, None where none is declared. `call` takes the runtime and a list
    with one value for each parameter. `bind`, for built-ins, takes arguments in any form they allow.
    """

    __slots__ = ("bind", "call", "name", "params", "result", "types")

    def __init__(
        self,
        name: str,
        params: tuple[str, ...],
        call: Callable[..., object],
        *,
        types: tuple[Type | None, ...] = (),
        result: Type | None = None,
        bind: Callable[..., object] | None = None,
    ) -> None:
        self.name = name
        self.params = params
        self.types = types or (None,) * len(params)
        self.result = result
        self.call = call
        self.bind = bind

    def __repr__(self) -> str:
        return f"function {self.name}({', '.join(self.params)})"


_STANDARD_DAY = Date(1970, 1, 1)


@lru_cache(maxsize=512)
def zone_info(name: str) -> ZoneInfo | None:
    """Return the zone of the IANA database with this name, None when there is none."""
    if len(name) > 64 or not name.replace("/", "").replace("_", "").replace("-", "").replace("+", "").isalnum():
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_offset(name: str, date: Date, seconds: int) -> int:
    """Return the offset in seconds of a zone at a wall-clock moment; years beyond 1..9999 count as the nearest."""
    zone = zone_info(name)
    assert zone is not None, "a zone is checked when the value is made"
    year = min(max(date.year, 1), 9999)
    day = min(date.day, month_days(year, date.month))
    hour, rest = divmod(seconds, 3600)
    offset = dt.datetime(year, date.month, day, hour, rest // 60, rest % 60, tzinfo=zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def format_offset(offset: int) -> str:
    """Return an offset as `Z`, `+09:00` or `+05:00:01`."""
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    seconds = f":{rest % 60:02d}" if rest % 60 else ""
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{rest // 60:02d}{seconds}"


def format_seconds(nanos: int, width: int = 1) -> str:
    """Return seconds with as many decimals as they need, the whole part at least `width` digits."""
    whole, fraction = divmod(nanos, NANOS)
    return f"{whole:0{width}d}" + (f".{fraction:09d}".rstrip("0") if fraction else "")


def to_feel(value: object) -> object:
    """Return the FEEL value for a plain Python one; lists and mappings are converted deeply.

    Raises:
        TypeError: the value has no FEEL counterpart (a float that is not finite included).
    """
    kind = type(value)
    if kind in AS_IS:
        return value
    convert = _CONVERT.get(kind)
    if convert is not None:
        return convert(value)
    for base, convert in _CONVERT_BASES:
        if isinstance(value, base):
            return convert(value)
    raise TypeError(f"{kind.__name__} は FEEL の値にできません")


def to_python(value: object) -> object:
    """Return the standard library's value where one fits exactly: date, time, datetime, timedelta, int, list, dict."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else value
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {key: to_python(item) for key, item in value.items()}
    convert = _TO_PYTHON.get(type(value))
    return convert(value) if convert else value


def _integer(value: int) -> Decimal:
    return Decimal(value) if -_EXACT < value < _EXACT else CONTEXT.create_decimal(value)


def _number(value: object) -> Decimal:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)  # type: ignore[arg-type]
    if not number.is_finite():
        raise TypeError("有限でない数は FEEL の値にできません")
    return CONTEXT.plus(number)


def _datetime(value: dt.datetime) -> DateTime:
    return DateTime(Date(value.year, value.month, value.day), _time(value))


def _time(value: dt.time | dt.datetime) -> Time:
    nanos = ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS + value.microsecond * 1000
    key = getattr(value.tzinfo, "key", None)
    if key:
        return Time(nanos, None, key)
    offset = value.utcoffset()
    return Time(nanos, None if offset is None else int(offset.total_seconds()))


def _timedelta(value: dt.timedelta) -> DaysDuration:
    return DaysDuration((value.days * DAY_SECONDS + value.seconds) * NANOS + value.microseconds * 1000)


def _context(value: Mapping[str, object]) -> dict[str, object]:
    return {str(key): to_feel(item) for key, item in value.items()}


def _list(value: list[object] | tuple[object, ...]) -> list[object]:
    return [to_feel(item) for item in value]


def _tzinfo(value: Time, offset: int | None) -> dt.tzinfo | None:
    if value.zone:
        return zone_info(value.zone)
    return None if offset is None else dt.timezone(dt.timedelta(seconds=offset))


def _to_time(value: Time) -> dt.time:
    micros = value.nanos % NANOS // 1000
    return dt.time(value.hour, value.minute, value.second, micros, tzinfo=_tzinfo(value, value.offset))


# Types whose values FEEL takes as they are.
AS_IS = frozenset({type(None), bool, str, Date, Time, DateTime, DaysDuration, MonthsDuration, Range, Function})
_CONVERT: dict[type, Callable[..., object]] = {
    Decimal: _number,
    int: _integer,
    float: _number,
    list: _list,
    tuple: _list,
    dict: _context,
    dt.datetime: _datetime,
    dt.date: lambda value: Date(value.year, value.month, value.day),
    dt.time: _time,
    dt.timedelta: _timedelta,
}
_CONVERT_BASES: tuple[tuple[type, Callable[..., object]], ...] = (
    (str, lambda value: str.__str__(value)),
    (Decimal, _number),
    (int, _number),
    (float, _number),
    (dt.datetime, _datetime),
    (dt.date, _CONVERT[dt.date]),
    (Mapping, _context),
)
_TO_PYTHON: dict[type, Callable[..., object]] = {
    Date: lambda value: dt.date(value.year, value.month, value.day) if 1 <= value.year <= 9999 else value,
    Time: _to_time,
    DateTime: lambda value: (
        dt.datetime.combine(to_python(value.date), _to_time(value.time)) if 1 <= value.date.year <= 9999 else value  # type: ignore[arg-type]
    ),
    DaysDuration: lambda value: dt.timedelta(microseconds=value.nanos // 1000),
}
