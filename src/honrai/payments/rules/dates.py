"""The day in a header has no year (MMDD): which year is meant."""

from __future__ import annotations

from datetime import date

from honrai.payments.rules.problems import FieldError

HALF_YEAR = 183
"""Days; a day further from today than this would be read back in another year."""


def month_day(day: date, today: date) -> str:
    """Return the day as MMDD.

    Raises:
        FieldError: further than half a year from today, so that the reader would take another year.
    """
    if abs((day - today).days) >= HALF_YEAR:
        raise FieldError("far-day", "今日から半年以上離れています。", "年を確かめ、半年以内の日にしてください。")
    return f"{day:%m%d}"


def nearest_day(text: str, today: date) -> date:
    """Return the day MMDD nearest to today: 0104 read on 28 December is next year's.

    Raises:
        FieldError: no such day within half a year (0230, or 0229 far from a leap year).
    """
    candidates = [day for year in (-1, 0, 1) if (day := _day(today.year + year, text))]
    near = [day for day in candidates if abs((day - today).days) < HALF_YEAR]
    if not near:
        raise FieldError("day", f"「{text}」は今日の前後半年にない日です。", "月日4桁(MMDD)の正しい日にしてください。")
    return min(near, key=lambda day: abs((day - today).days))


def _day(year: int, text: str) -> date | None:
    try:
        return date(year, int(text[:2]), int(text[2:]))
    except ValueError:
        return None
