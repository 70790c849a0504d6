"""The properties of dates, times, durations and ranges: `date.year`, `range.start included` (DMN 1.5, tables 65-69)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .operators import type_name
from .runtime import Invalid
from .values import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Range, Time

Reader = Callable[[Any], object]


def _offset(value: Time | DateTime) -> object:
    offset = value.utc_offset
    return None if offset is None else DaysDuration(offset * NANOS)


def _part(unit: int, within: int) -> Reader:
    def read(duration: DaysDuration) -> Decimal:
        size = abs(duration.nanos) // unit
        part = size % within if within else size
        return Decimal(-part if duration.nanos < 0 else part)

    return read


def _seconds(duration: DaysDuration) -> Decimal:
    nanos = abs(duration.nanos) % (60 * NANOS)
    value = Decimal(nanos // NANOS) if nanos % NANOS == 0 else Decimal(nanos).scaleb(-9)
    return -value if duration.nanos < 0 else value


def _years(duration: MonthsDuration) -> Decimal:
    years = abs(duration.months) // 12
    return Decimal(-years if duration.months < 0 else years)


def _months(duration: MonthsDuration) -> Decimal:
    months = abs(duration.months) % 12
    return Decimal(-months if duration.months < 0 else months)


def _of_date(read: Reader) -> Reader:
    return lambda moment: read(moment.date)


def _of_time(read: Reader) -> Reader:
    return lambda moment: read(moment.time)


_DATE: dict[str, Reader] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Reader] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
    "time offset": _offset,
    "timezone": lambda time: time.zone or None,
}
PROPERTIES: dict[type, dict[str, Reader]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in _DATE.items()},
        **{name: _of_time(read) for name, read in _TIME.items()},
        "time offset": _offset,
    },
    DaysDuration: {
        "days": _part(DAY_NANOS, 0),
        "hours": _part(3600 * NANOS, 24),
        "minutes": _part(60 * NANOS, 60),
        "seconds": _seconds,
    },
    MonthsDuration: {"years": _years, "months": _months},
    Range: {
        "start": lambda range_: range_.start,
        "end": lambda range_: range_.end,
        "start included": lambda range_: range_.start_included,
        "end included": lambda range_: range_.end_included,
    },
}


def property_of(value: object, name: str) -> object:
    """Return the property of a value. Raises Invalid when it has none of that name."""
    known = PROPERTIES.get(type(value))
    if known is None:
        what = "コンテキスト" if isinstance(value, dict) else type_name(value)
        raise Invalid(f"{what}に「{name}」がありません")
    if name not in known:
        raise Invalid(f"{type_name(value)}に「{name}」はありません")
    return known[name](value)
