"""The clock of a case from values: who holds it, what each stretch of time counted, how many days are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from honrai.procedures.api import StandardPeriod


class Days(Protocol):
    """The city's calendar of open days."""

    def count(self, start: date, end: date) -> int:
        """Return the open days after `start` up to and including `end`."""


@dataclass(frozen=True, slots=True)
class Hold:
    """In whose hand a case lies.

    Attributes:
        holder: applicant, contract, unit or house.
        unit, contract: which one.
        standing: the clock stands.
        why: for what it stands, or for what it waits.
    """

    holder: str
    unit: int | None = None
    contract: int | None = None
    standing: bool = False
    why: str = ""


def hold_of(
    *, closed: bool, paused_for: str, unit: int, tasks: Sequence[tuple[int | None, int | None, str]]
) -> Hold | None:
    """Return in whose hand a case lies; None when it is over.

    While the clock stands it is the applicant's. Otherwise the city's where any step waits there, then the contract's, then the
    house's own services; a case that waits for a message or a moment lies with its unit.

    Args:
        closed: the case is over.
        paused_for: why the clock stands, "" where it runs.
        unit: the unit that answers for the case.
        tasks: (contract, unit, robot) of every open step.
    """
    if closed:
        return None
    if paused_for:
        return Hold("applicant", standing=True, why=paused_for)
    people = [(contract, place) for contract, place, robot in tasks if not robot]
    own = next((place for _, place in people if place is not None), None)
    if own is not None:
        return Hold("unit", unit=own)
    if people:
        return Hold("contract", contract=people[0][0])
    return Hold("house") if tasks else Hold("unit", unit=unit, why="待ち")


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time in one hand; the last one may have no end."""

    hold: Hold
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span with the days it counted against the published period; 0 while the clock stood."""

    span: Span
    days: int


def account_of(
    spans: Sequence[Span], received: date, today: date, period: StandardPeriod, calendar: Days
) -> list[Stretch]:
    """Return what each stretch counted. A day counts for the hand that held the case when it began.

    So the sum of all stretches and the days left is the published period, however often the clock stood.

    Args:
        spans: in order, without gap.
        received: day of arrival (到達日), which is not counted.
        today: until when an open span is counted.
        period: as published, in business or calendar days.
        calendar: the city's open days.

    Legal source:
        民法140条 for the first day; 補正に要する期間は標準処理期間に含まれない運用.
    """
    found = []
    for number, span in enumerate(spans):
        after = received if number == 0 else max(received, span.since.date())
        to = today if span.until is None else span.until.date()
        found.append(Stretch(span, 0 if span.hold.standing else counted(after, to, period, calendar)))
    return found


def counted(after: date, to: date, period: StandardPeriod, calendar: Days) -> int:
    """Return the days after one day up to and including another that count against a period; 0 where there are none."""
    if to <= after:
        return 0
    if period.count != "business":
        return (to - after).days
    return calendar.count(after, to)


def days_left(due: date, today: date, paused_since: date | None, period: StandardPeriod, calendar: Days) -> int:
    """Return how many days of the period are left, by the days the city published; negative when late.

    While the clock stands the days left stay as they were when it stopped.
    """
    at = today if paused_since is None else min(today, paused_since)
    return counted(at, due, period, calendar) if due >= at else -counted(due, at, period, calendar)
