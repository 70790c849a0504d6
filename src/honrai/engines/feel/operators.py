"""What `+ - * / **` mean for each pair of types (DMN 1.5, 10.3.2.12); pairs not listed have no result."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, DecimalException

from .runtime import Invalid
from .values import (
    CONTEXT,
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    Function,
    MonthsDuration,
    Range,
    Time,
    month_days,
    zone_offset,
)

Operation = Callable[..., object]
_MOST_MONTHS = 12 * 10**10
_MOST_NANOS = 10**10 * 366 * DAY_NANOS


def add_months(date: Date, months: int) -> Date:
    """Return the same day `months` later, or the last day of that month where it is shorter."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return Date(year, month + 1, min(date.day, month_days(year, month + 1)))


def add_nanos(moment: DateTime, nanos: int) -> DateTime:
    """Return the moment `nanos` later, in the same offset or zone."""
    if not moment.time.zone:
        return DateTime.from_local_nanos(moment.local_nanos + nanos, moment.time)
    return at_zone(moment.instant + nanos, moment.time)


def at_zone(instant: int, like: Time) -> DateTime:
    """Return the wall-clock moment of an instant in the zone of `like`."""
    local = DateTime.from_local_nanos(instant, like)
    for _ in range(2):
        offset = zone_offset(like.zone, local.date, local.time.nanos // NANOS)
        local = DateTime.from_local_nanos(instant + offset * NANOS, like)
    return local


def as_date_time(date: Date) -> DateTime:
    """Return midnight UTC of a date: the implicit conversion of the standard."""
    return DateTime(date, Time(0, 0))


def _date_plus_days(date: Date, duration: DaysDuration) -> Date:
    return Date.from_number((date.number * DAY_NANOS + duration.nanos) // DAY_NANOS)


def _time_plus(time: Time, duration: DaysDuration) -> Time:
    return Time((time.nanos + duration.nanos) % DAY_NANOS, time.offset, time.zone)


def _between_moments(left: DateTime, right: DateTime) -> DaysDuration:
    if (left.utc_offset is None) != (right.utc_offset is None):
        raise Invalid("時間帯のある日時とない日時の差は求められません")
    return DaysDuration(left.instant - right.instant)


def _between_times(left: Time, right: Time) -> DaysDuration:
    ours, theirs = left.utc_offset, right.utc_offset
    if (ours is None) != (theirs is None):
        raise Invalid("時差のある時刻とない時刻の差は求められません")
    return DaysDuration(left.nanos - right.nanos - ((ours or 0) - (theirs or 0)) * NANOS)


def _scale_days(duration: DaysDuration, factor: Decimal) -> DaysDuration:
    return DaysDuration(_whole(CONTEXT.multiply(Decimal(duration.nanos), factor), ROUND_HALF_EVEN))


def _scale_months(duration: MonthsDuration, factor: Decimal) -> MonthsDuration:
    return MonthsDuration(_whole(CONTEXT.multiply(Decimal(duration.months), factor), ROUND_DOWN))


def _whole(value: Decimal, rounding: str) -> int:
    if abs(value) > _MOST_NANOS:
        raise Invalid("期間が範囲を超えます")
    return int(value.to_integral_value(rounding))


def _divide_days(duration: DaysDuration, divisor: Decimal) -> DaysDuration:
    return DaysDuration(_whole(_divide(Decimal(duration.nanos), divisor), ROUND_HALF_EVEN))


def _divide_months(duration: MonthsDuration, divisor: Decimal) -> MonthsDuration:
    return MonthsDuration(_whole(_divide(Decimal(duration.months), divisor), ROUND_DOWN))


def _divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise Invalid("0 では割れません")
    return CONTEXT.divide(left, right)


def _months(value: int) -> MonthsDuration:
    if abs(value) > _MOST_MONTHS:
        raise Invalid("期間が範囲を超えます")
    return MonthsDuration(value)


def _swap(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _power(left: Decimal, right: Decimal) -> Decimal:
    if not left and right < 0:
        raise Invalid("0 の負の累乗はありません")
    if not left and not right:
        return Decimal(1)
    return CONTEXT.power(left, right)


def _date_time_plus_months(moment: DateTime, duration: MonthsDuration) -> DateTime:
    return DateTime(add_months(moment.date, duration.months), moment.time)


def _minus(duration: DaysDuration) -> DaysDuration:
    return DaysDuration(-duration.nanos)


_ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.add,
    (str, str): lambda left, right: left + right,
    (Date, MonthsDuration): lambda date, duration: add_months(date, duration.months),
    (Date, DaysDuration): _date_plus_days,
    (DateTime, MonthsDuration): _date_time_plus_months,
    (DateTime, DaysDuration): lambda moment, duration: add_nanos(moment, duration.nanos),
    (Time, DaysDuration): _time_plus,
    (DaysDuration, DaysDuration): lambda left, right: DaysDuration(left.nanos + right.nanos),
    (MonthsDuration, MonthsDuration): lambda left, right: _months(left.months + right.months),
}
_ADD |= {(right, left): _swap(operation) for (left, right), operation in _ADD.items() if left is not right}
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.subtract,
    (Date, Date): lambda left, right: DaysDuration((left.number - right.number) * DAY_NANOS),
    (DateTime, DateTime): _between_moments,
    (DateTime, Date): lambda left, right: _between_moments(left, as_date_time(right)),
    (Date, DateTime): lambda left, right: _between_moments(as_date_time(left), right),
    (Time, Time): _between_times,
    (Date, MonthsDuration): lambda date, duration: add_months(date, -duration.months),
    (Date, DaysDuration): lambda date, duration: _date_plus_days(date, _minus(duration)),
    (DateTime, MonthsDuration): lambda left, right: _date_time_plus_months(left, MonthsDuration(-right.months)),
    (DateTime, DaysDuration): lambda moment, duration: add_nanos(moment, -duration.nanos),
    (Time, DaysDuration): lambda time, duration: _time_plus(time, _minus(duration)),
    (DaysDuration, DaysDuration): lambda left, right: DaysDuration(left.nanos - right.nanos),
    (MonthsDuration, MonthsDuration): lambda left, right: _months(left.months - right.months),
}
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): CONTEXT.multiply,
    (DaysDuration, Decimal): _scale_days,
    (Decimal, DaysDuration): _swap(_scale_days),
    (MonthsDuration, Decimal): _scale_months,
    (Decimal, MonthsDuration): _swap(_scale_months),
}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): _divide,
    (DaysDuration, Decimal): _divide_days,
    (MonthsDuration, Decimal): _divide_months,
    (DaysDuration, DaysDuration): lambda left, right: _divide(Decimal(left.nanos), Decimal(right.nanos)),
    (MonthsDuration, MonthsDuration): lambda left, right: _divide(Decimal(left.months), Decimal(right.months)),
}
_POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): _power}

ARITHMETIC = {"+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": _POWER}


def arithmetic(op: str, left: object, right: object) -> object:
    """Return `left op right`. Raises Invalid, with the reason, where the standard gives null."""
    operation = ARITHMETIC[op].get((type(left), type(right)))
    if operation is None:
        raise Invalid(f"{type_name(left)} {op} {type_name(right)} は計算できません")
    try:
        return operation(left, right)
    except DecimalException:
        raise Invalid("結果が数値の範囲を超えます") from None
    except ValueError as error:
        raise Invalid(str(error)) from None


def negate(value: object) -> object:
    """Return `-value` for a number or a duration. Raises Invalid for others."""
    if type(value) is Decimal:
        return CONTEXT.minus(value)
    if type(value) is DaysDuration:
        return DaysDuration(-value.nanos)
    if type(value) is MonthsDuration:
        return MonthsDuration(-value.months)
    raise Invalid(f"{type_name(value)}に負号は付けられません")


_TYPE_NAMES: dict[type, str] = {
    type(None): "null", bool: "真偽値", Decimal: "数値", str: "文字列", list: "リスト", dict: "コンテキスト",
    Date: "日付", Time: "時刻", DateTime: "日時", DaysDuration: "日数の期間",
    MonthsDuration: "年月の期間", Range: "範囲", Function: "関数",
}  # fmt: skip


def type_name(value: object) -> str:
    """Return the type of a value in words, for messages."""
    return _TYPE_NAMES.get(type(value)) or type(value).__name__
