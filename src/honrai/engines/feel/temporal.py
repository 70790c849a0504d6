"""Reads dates, times and durations as ISO 8601 writes them, within what DMN 1.5 allows."""

from __future__ import annotations

import re

from .values import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time, zone_info

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:(?P<utc>[zZ])|(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)|@(?P<zone>[A-Za-z][\w/+-]*))?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_BOTH = re.compile(_DATE + "T" + _TIME, re.ASCII)
_DAYS = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?(?:(?P<t>T)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d+))?S)?)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?", re.ASCII)
_LONGEST = 64
_MOST_OFFSET = 18 * 3600

Duration = DaysDuration | MonthsDuration
Temporal = Date | Time | DateTime | Duration


def parse_date(text: str) -> Date | None:
    """Return the date written as `2024-02-29`, None when there is no such date."""
    found = _DATE_ONLY.fullmatch(text)
    return _date(found) if found else None


def parse_time(text: str) -> Time | None:
    """Return the time written as `10:30:00`, with fraction, offset, `Z` or `@zone`; None when it is none."""
    found = _TIME_ONLY.fullmatch(text[: _LONGEST * 2])
    if found is None:
        return None
    made = _time(found)
    return Time(made.nanos % DAY_NANOS, made.offset, made.zone) if made else None


def parse_date_time(text: str) -> DateTime | None:
    """Return the date and time; a date alone is its midnight, 24:00:00 is the midnight that follows."""
    found = _BOTH.fullmatch(text[: _LONGEST * 2])
    if found is None:
        date = parse_date(text)
        return DateTime(date, Time(0)) if date else None
    date, time = _date(found), _time(found)
    if date is None or time is None:
        return None
    try:
        return DateTime.from_local_nanos(date.number * DAY_NANOS + time.nanos, time)
    except ValueError:
        return None


def parse_duration(text: str) -> Duration | None:
    """Return the days and time duration (`P1DT2H`) or years and months duration (`P1Y2M`), None when it is none."""
    if len(text) > _LONGEST or text[-1:] in ("P", "T", "-", ""):
        return None
    found = _MONTHS.fullmatch(text)
    if found:
        months = 12 * int(found["years"] or 0) + int(found["months"] or 0)
        return MonthsDuration(-months if found["sign"] else months)
    found = _DAYS.fullmatch(text)
    if found is None:
        return None
    minutes = (int(found["days"] or 0) * 24 + int(found["hours"] or 0)) * 60 + int(found["minutes"] or 0)
    nanos = (minutes * 60 + int(found["seconds"] or 0)) * NANOS + _fraction(found["fraction"])
    return DaysDuration(-nanos if found["sign"] else nanos)


def parse_temporal(text: str) -> Temporal | None:
    """Return whatever `@"text"` means, None when it means nothing."""
    if "P" in text[:2]:
        return parse_duration(text)
    if _DATE_ONLY.fullmatch(text):
        return parse_date(text)
    return parse_date_time(text) or parse_time(text)


def _date(found: re.Match[str]) -> Date | None:
    try:
        return Date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _fraction(digits: str | None) -> int:
    return int(f"{digits or '0':0<9}"[:9])


def _time(found: re.Match[str]) -> Time | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    nanos = ((hour * 60 + minute) * 60 + second) * NANOS + _fraction(found["fraction"])
    if minute > 59 or second > 59 or nanos > DAY_NANOS:
        return None
    zone = found["zone"] or ""
    if zone and zone_info(zone) is None:
        return None
    if found["utc"]:
        return Time(nanos, 0)
    if found["offset"] is None:
        return Time(nanos, None, zone)
    offset = parse_offset(found["offset"])
    return None if offset is None else Time(nanos, offset)


def parse_offset(text: str) -> int | None:
    """Return the seconds of an offset written `+09:00` or `+05:00:01`, None beyond 18 hours."""
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
    if parts[1] > 59 or seconds > _MOST_OFFSET or (len(parts) > 2 and parts[2] > 59):
        return None
    return -seconds if text[0] == "-" else seconds
