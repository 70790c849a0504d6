"""Built-in functions that make a value of one type from another."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

from honrai.engines.feel.formatting import text_of
from honrai.engines.feel.operators import at_zone
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from honrai.engines.feel.values import CONTEXT, NANOS, Date, DateTime, DaysDuration, Range, Time, zone_info


def _found(value: object, text: str, what: str) -> object:
    if value is None:
        raise Invalid(f"「{text[:40]}」は{what}として読めません")
    return value


@builtin("date(from: string) -> date")
def _date_from_text(rt: Runtime, text: str) -> object:
    return _found(parse_date(text), text, "日付")


@builtin("date(from: date) -> date", "date(from: date and time) -> date")
def _date_from(rt: Runtime, value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("date(year: number, month: number, day: number) -> date")
def _date_of(rt: Runtime, year: Decimal, month: Decimal, day: Decimal) -> Date:
    try:
        return Date(_whole(year, "年"), _whole(month, "月"), _whole(day, "日"))
    except ValueError as error:
        raise Invalid(str(error)) from None


def _whole(value: Decimal, what: str) -> int:
    if value != value.to_integral_value() or abs(value) > 10**10:
        raise Invalid(f"{what}が範囲内の整数ではありません")
    return int(value)


@builtin("time(from: string) -> time")
def _time_from_text(rt: Runtime, text: str) -> object:
    return _found(parse_time(text), text, "時刻")


@builtin("time(from: time) -> time", "time(from: date and time) -> time")
def _time_from(rt: Runtime, value: Time | DateTime) -> Time:
    return value.time if isinstance(value, DateTime) else value


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration?) -> time")
def _time_of(rt: Runtime, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Time:
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):
        raise Invalid("その時刻はありません")
    seconds = (_whole(hour, "時") * 60 + _whole(minute, "分")) * 60
    nanos = seconds * NANOS + int(CONTEXT.multiply(second, Decimal(NANOS)))
    return Time(nanos, None if offset is None else _offset(offset))


def _offset(duration: DaysDuration) -> int:
    seconds, rest = divmod(duration.nanos, NANOS)
    if rest or abs(seconds) > 18 * 3600:
        raise Invalid("時差は18時間以内の秒単位でなければなりません")
    return seconds


@builtin("date and time(from: string) -> date and time")
def _date_time_from_text(rt: Runtime, text: str) -> object:
    return _found(parse_date_time(text), text, "日時")


@builtin("date and time(from: date and time) -> date and time")
def _date_time_from(rt: Runtime, value: DateTime) -> DateTime:
    return value


@builtin("date and time(date: date, time: time) -> date and time",
         "date and time(date: date and time, time: time) -> date and time")  # fmt: skip
def _date_time_of(rt: Runtime, date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


@builtin("date and time(date: date and time, timezone: string) -> date and time")
def _date_time_in_zone(rt: Runtime, moment: DateTime, timezone: str) -> DateTime:
    if zone_info(timezone) is None:
        raise Invalid(f"「{timezone[:40]}」という時間帯はありません")
    if moment.utc_offset is None:
        return DateTime(moment.date, Time(moment.time.nanos, None, timezone))
    return at_zone(moment.instant, Time(0, None, timezone))


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin(f"date and time({_PARTS}) -> date and time", f"date and time({_PARTS}, hour offset: number) -> date and time",
         f"date and time({_PARTS}, offset: days and time duration) -> date and time",
         f"date and time({_PARTS}, timezone: string) -> date and time")  # fmt: skip
def _date_time_of_parts(rt: Runtime, *parts: object) -> DateTime:
    year, month, day, hour, minute, second, *zone = parts
    date = _date_of(rt, year, month, day)
    time = _time_of(rt, hour, minute, second)
    assert isinstance(date, Date)
    assert isinstance(time, Time)
    return DateTime(date, _with_zone(time, zone[0]) if zone else time)


def _with_zone(time: Time, zone: object) -> Time:
    if isinstance(zone, str):
        if zone_info(zone) is None:
            raise Invalid(f"「{zone[:40]}」という時間帯はありません")
        return Time(time.nanos, None, zone)
    if isinstance(zone, Decimal):
        zone = DaysDuration(int(CONTEXT.multiply(zone, Decimal(3600 * NANOS))))
    assert isinstance(zone, DaysDuration)
    return Time(time.nanos, _offset(zone))


@builtin("duration(from: string) -> Any")
def _duration_from_text(rt: Runtime, text: str) -> object:
    return _found(parse_duration(text), text, "期間")


@builtin("duration(from: days and time duration) -> days and time duration",
         "duration(from: years and months duration) -> years and months duration")  # fmt: skip
def _duration_from(rt: Runtime, value: object) -> object:
    return value


@builtin("string(from: Any) -> string")
def _string(rt: Runtime, value: object) -> str | None:
    return None if value is None else text_of(value, rt.charge_string)


_SEPARATORS = (" ", ",", ".")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 10_000


@builtin("number(from: string, grouping separator?: string?, decimal separator?: string?) -> number")
def _number(rt: Runtime, text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if grouping is not None and grouping not in _SEPARATORS:
        raise Invalid("桁区切りは空白・コンマ・ピリオドのいずれかです")
    if point is not None and (point not in _SEPARATORS[1:] or point == grouping):
        raise Invalid("小数点はコンマかピリオドで、桁区切りと別の文字でなければなりません")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > _LONGEST_NUMBER or _NUMBER.fullmatch(plain) is None:
        raise Invalid(f"「{text[:40]}」は数値として読めません")
    try:
        return CONTEXT.create_decimal(plain)
    except DecimalException:
        raise Invalid(f"「{text[:40]}」は数値の範囲を超えています") from None


@builtin("number(from: number) -> number")
def _number_from(rt: Runtime, value: Decimal) -> Decimal:
    return value


@builtin("range(from: string) -> range")
def _range(rt: Runtime, text: str) -> Range:
    from honrai.engines.feel.rangetext import parse_range

    found = parse_range(text)
    if found is None:
        raise Invalid(f"「{text[:40]}」は値を直接書いた範囲として読めません")
    return found
