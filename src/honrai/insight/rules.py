"""Rules of reports, samples and effects that need values only."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

Counts = Mapping[str, int]
#: What is counted; a median is no count and is never corrected.
COUNTED = (
    "received",
    "done",
    "undone",
    "cancelled",
    "waiting",
    "returned",
    "redone",
    "in_time",
    "compared",
    "differences",
)


@dataclass(frozen=True, slots=True)
class Correction:
    """By how much one count of an activity in an earlier, confirmed period is otherwise than was stated."""

    first_day: date
    activity: str
    count: str
    by: int


def corrections(
    first_day: date, stated: Mapping[str, Counts], known: Iterable[Correction], counted: Mapping[str, Counts]
) -> list[Correction]:
    """Return what a recount of a confirmed period tells otherwise.

    Args:
        first_day: first day of that period.
        stated: activity -> counts as confirmed.
        known: corrections of any period that confirmed reports stated since.
        counted: activity -> counts as the log tells now.
    """
    already: dict[tuple[str, str], int] = {}
    for one in known:
        if one.first_day == first_day:
            already[one.activity, one.count] = already.get((one.activity, one.count), 0) + one.by
    found = []
    for activity in sorted(stated.keys() | counted.keys()):
        for name in COUNTED:
            before = stated.get(activity, {}).get(name, 0) + already.get((activity, name), 0)
            by = counted.get(activity, {}).get(name, 0) - before
            if by:
                found.append(Correction(first_day, activity, name, by))
    return found


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of a day's month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def sample_size(delivered: int) -> int:
    """Return how many delivered cases an inspection looks at: all up to 10, else 5 %, at least 10 and at most 50."""
    return delivered if delivered <= 10 else min(50, max(10, ceil(delivered * 0.05)))


def sample(cases: Sequence[int], seed: int) -> list[int]:
    """Return the cases to be looked at; the same cases and the same order give the same sample, so anybody can draw it again."""
    return sorted(random.Random(seed).sample(sorted(cases), sample_size(len(cases))))  # noqa: S311 - no secret


def percent(part: int, whole: int) -> str:
    """Return a share as 96.5%; － where there is nothing to divide by."""
    return f"{part / whole:.1%}" if whole else "－"
