"""What is kept for how long. Each chapter says what it keeps; how long comes from the procedure, the city's rules, or the data
of the installation, in this order of precedence: the city's line for the procedure, the procedure, the city's line, the data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import yaml

from honrai.kernel.fiscal_year import FiscalYear
from honrai.platform.events.api import Who
from honrai.platform.privacy.models import RetentionRule, Unit


@dataclass(frozen=True, slots=True)
class Period:
    """How long: a whole number of years (counted from April 1 after the end) or days (from the end), and why."""

    length: int
    unit: str
    source: str

    @property
    def label(self) -> str:
        """In words: 5年, 30日."""
        return f"{self.length}{'年' if self.unit == Unit.YEAR else '日'}"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose period is over: key, number people know it by, what it is (no name), when it ended."""

    key: int
    number: str
    title: str
    closed_on: date
    period: Period
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Erased:
    """What one disposal took away: files, and values before and after kept by the log."""

    files: int
    values: int


class PeriodOf(Protocol):
    """Which period holds for a kind: `own` is what the procedure itself says, None where it says nothing."""

    def __call__(self, procedure: str = "", own: Period | None = None) -> Period:
        """Return it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of thing a chapter keeps.

    Attributes:
        kind: `chapter.what`, stable.
        label: its Japanese name.
        due: (day, period of) -> everything whose period is over on the day; the query is the chapter's own.
        erase: (key, who, now) -> what went; raises LookupError where the thing is gone already. The chapter removes rows,
            files and the values the log kept; the log's entries stay.
    """

    kind: str
    label: str
    due: Callable[[date, PeriodOf], Sequence[Due]]
    erase: Callable[[int, Who, datetime], Erased]


_kept: dict[str, Kept] = {}


def keep(*kinds: Kept) -> None:
    """Register what the chapters keep; done once, in `site/wiring.py`."""
    _kept.clear()
    _kept.update({one.kind: one for one in kinds})


def kinds() -> dict[str, str]:
    """Return every kind of thing kept and its Japanese name."""
    return {one.kind: one.label for one in _kept.values()}


def kept(kind: str) -> Kept:
    """Return a registered kind.

    Raises:
        KeyError: nothing of that name is registered.
    """
    return _kept[kind]


def kept_until(closed_on: date, period: Period) -> date:
    """Return the last day something is kept.

    Years are counted from April 1 of the fiscal year after the one it ended in (a case closed on 2026-05-10 and kept five
    years is kept until 2032-03-31); days from the day it ended.

    Source: counting from the next April 1 is what cities' 文書管理規程 commonly say; a city that counts otherwise sets days.
    """
    if period.unit == Unit.YEAR:
        return FiscalYear(FiscalYear.of(closed_on).year + period.length).end
    return closed_on + timedelta(days=period.length)


def closed_before(day: date, period: Period) -> date:
    """Return the day before which things must have ended for their period to be over on `day`: the query's bound."""
    if period.unit == Unit.YEAR:
        return FiscalYear(FiscalYear.of(day).year - period.length).start
    return day - timedelta(days=period.length)


def periods_on(kind: str, day: date) -> PeriodOf:
    """Return which period holds for a kind on a day.

    Raises:
        LookupError: neither the city nor the data of the installation says anything about the kind.
    """
    rows = RetentionRule.objects.filter(kind=kind, period__contains=day)
    ours = {row.procedure: Period(row.length, row.unit, row.source) for row in rows}

    def period_of(procedure: str = "", own: Period | None = None) -> Period:
        return (ours.get(procedure) if procedure else None) or own or ours.get("") or default_period(kind, day)

    return period_of


def default_period(kind: str, day: date) -> Period:
    """Return what the installation's data says about a kind on a day."""
    said = [line for line in _defaults() if line["kind"] == kind and line["from"] <= day]
    if not said:
        raise LookupError(f"data/retention.yaml says nothing about {kind} on {day}")
    newest = max(said, key=lambda line: line["from"])
    return Period(newest["length"], newest["unit"], newest["source"])


@cache
def _defaults() -> list[dict[str, Any]]:
    text = (files("honrai.platform.privacy") / "data" / "retention.yaml").read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = yaml.safe_load(text)
    return lines
