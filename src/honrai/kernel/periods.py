"""Periods of law counted as the Civil Code counts them (民法第138条から第143条まで).

Two questions decide a period: is the first day counted (初日算入), and where does a month or year end. A period of
months ends the day before the corresponding day (応当日); without such a day it ends with the month. What happens
when the end falls on a closed day is the calendar's matter (`BusinessCalendar.next_open`).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_DAY = timedelta(days=1)


def last_day_of_month(on: date) -> date:
    """Return the last day of the month a day lies in."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def end_of_months(first: date, months: int) -> date:
    """Return the last day of a period of months whose first counted day is `first`.

    A month from July 1 ends on July 31; a month from January 31 ends on the last day of February.

    Args:
        first: first day that counts (起算日).
        months: length, 1 or more; years are twelve each.

    Raises:
        ValueError: a length below one month.

    Legal source:
        民法第143条第1項, 第2項.
    """
    if months < 1:
        raise ValueError("a period of months is at least one month long")
    year, month0 = divmod(first.year * 12 + first.month - 1 + months, 12)
    if first.day > monthrange(year, month0 + 1)[1]:
        return date(year, month0 + 1, monthrange(year, month0 + 1)[1])
    return date(year, month0 + 1, first.day) - _DAY


def period_end(
    event: date, *, years: int = 0, months: int = 0, weeks: int = 0, days: int = 0, first_day_counts: bool = False
) -> date:
    """Return the last day of a period (満了日), counted from an event.

    Ten days from a notice sent July 20 end on July 30: the day of sending is not counted. One month from a due date
    of January 30 is counted from January 31 and ends on February 28.

    Args:
        event: the day from which the law counts (通知を発した日, 納期限).
        years: length in years, together with months.
        months: length in months.
        weeks: length in weeks, together with days.
        days: length in days.
        first_day_counts: the event's own day counts (初日算入), as in ages or where a law says 「当日から起算して」.

    Raises:
        ValueError: both a calendar length and a length in days, or no length at all.

    Legal source:
        民法第140条 (初日不算入), 第141条, 第143条.
    """
    calendar_months, whole_days = years * 12 + months, weeks * 7 + days
    if (calendar_months > 0) == (whole_days > 0):
        raise ValueError("give either years and months, or weeks and days")
    first = event if first_day_counts else event + _DAY
    if calendar_months:
        return end_of_months(first, calendar_months)
    return first + timedelta(days=whole_days - 1)


def one_month_after_due(due: date) -> date:
    """Return 「納期限の翌日から1月を経過する日」, the last day of the lower late charge rate.

    Due 2026-06-30 gives 2026-07-31; due 2026-01-30 and 2026-01-31 both give 2026-02-28.

    Legal source:
        地方税法第326条第1項 and the like; counted by 民法第143条.
    """
    return period_end(due, months=1)


def day_after_period(event: date, *, months: int = 0, days: int = 0) -> date:
    """Return 「経過した日」, the day after a period of months or days that does not count its first day.

    A demand sent July 20: ten days have passed from July 31 on.
    """
    return period_end(event, months=months, days=days) + _DAY
