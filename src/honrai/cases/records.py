"""What is kept beside a case: who held it and what counted, calls, decisions, a blind check's differences, its timeline by page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.cases import asking_rules, clock_rules, restart_rules, rules
from honrai.cases.models import Case, ClockSpan, Rekeying
from honrai.cases.queries import KINDS, Moment
from honrai.platform.authority.api import Actor
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.db.gather import gather
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.api import display_names, units_on
from honrai.procedures import api as procedures

PAGE = 30
#: Kinds of lines of a timeline with the beginnings of their events' names.
TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "steps": (
        "作業",
        ("cases.task_", "cases.opened", "cases.closed", "cases.facts_linked", "cases.reke", "cases.diff"),
    ),
    "applicant": (
        "申請者とのやりとり",
        ("cases.defic", "cases.contacted", "cases.reminded", "cases.withdrawn", "intake."),
    ),
    "decisions": ("決定・文書", ("cases.proposed", "cases.decided", "cases.letter", "cases.reopened", "approvals.")),
    "reads": ("閲覧", ("cases.read", "files.read", "parties.")),
}


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One stretch of the clock: who held the case, since when, until when, days counted, why it stood."""

    holder: str
    since: datetime
    until: datetime | None
    days: int
    standing: bool
    why: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call as shown."""

    at: datetime
    by: str
    reach: str
    result: str
    note: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision as shown."""

    outcome: str
    on: date
    by: str
    changed: bool
    reason: str
    proposed: str
    cause: str
    document: int | None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some lines of a timeline, and where the next older ones begin (None where there are none)."""

    moments: Sequence[Moment]
    older: int | None


def gather_case(row: Case) -> None:
    """Fetch in one query the small tables a case's page shows: steps, deficiencies, letters, clock, calls, decisions."""
    gather(row, "tasks", "deficiencies", "letters", "spans", "contacts", "decisions")


def people_in(row: Case) -> set[int]:
    """Return the people named beside a case, so that their names are asked for at once."""
    named = (
        *(one.done_by for one in row.tasks.all()),
        *(one.by for one in row.contacts.all()),
        *(one.decided_by for one in row.decisions.all()),
    )
    return {person for person in named if person is not None}


def clock_of(row: Case, *, now: datetime) -> list[ClockLine]:
    """Return who held a case from when to when and what each stretch counted against the published period."""
    period = procedures.runnable(row.version).pack.identity.standard_period
    spans = [_span(one) for one in sorted(row.spans.all(), key=lambda one: (one.since, one.pk))]
    units = {one.id: one.name for one in units_on(now.date())}
    received = row.received_on
    return [
        ClockLine(
            _place(one.span.hold, units),
            one.span.since,
            one.span.until,
            one.days,
            one.span.hold.standing,
            one.span.hold.why,
        )
        for one in clock_rules.account_of(spans, received, now.date(), period, city_calendar())
    ]


def _span(row: ClockSpan) -> clock_rules.Span:
    hold = clock_rules.Hold(row.holder, row.unit, row.contract, row.standing, row.why)
    return clock_rules.Span(hold, row.since, row.until)


_HOLDERS = {"applicant": "申請者", "house": "自動処理", "contract": "センター（受託者）"}


def _place(hold: clock_rules.Hold, units: Mapping[int, str]) -> str:
    return _HOLDERS.get(hold.holder) or units.get(hold.unit or 0, "担当課")


def calls_of(row: Case, actor: Actor) -> list[Call]:
    """Return the calls of a case, the newest first."""
    rows = sorted(row.contacts.all(), key=lambda one: -one.pk)[:50]
    names = display_names(actor, {one.by for one in rows if one.by}, actor.day)
    return [
        Call(
            one.at,
            names.get(one.by or 0, ""),
            asking_rules.REACHES[one.reach][1],
            asking_rules.RESULTS[one.result][2],
            one.note,
            one.next_on,
        )
        for one in rows
    ]


def decisions_of(row: Case, actor: Actor) -> list[DecisionView]:
    """Return every decision on a case, the newest first; those before a correction stay."""
    rows = sorted(row.decisions.all(), key=lambda one: -one.pk)
    names = display_names(actor, {one.decided_by for one in rows if one.decided_by}, actor.day)
    return [
        DecisionView(
            one.outcome,
            one.decided_on,
            names.get(one.decided_by or 0, ""),
            one.changed,
            one.reason,
            str(one.proposal.get("outcome", "")),
            one.cause,
            one.document,
        )
        for one in rows
    ]


def differences_of(task: int) -> list[dict[str, Any]] | None:
    """Return what a blind check found to differ while it waits for a third person; None where it does not."""
    row = Rekeying.objects.filter(task=task, settled_by__isnull=True).first()
    return None if row is None else list(row.differences)


def is_blind(row: Case, node: str) -> bool:
    """Say whether a step is keyed again unseen."""
    return rules.step_of(procedures.runnable(row.version).flow, node).blind


def timeline_page(
    case: int, actor: Actor, *, topic: str = "", before: int | None = None, also: Collection[int] = ()
) -> TimelinePage:
    """Return one page of the events of a case, newest first; two queries, however long the case.

    Args:
        case: its key.
        actor: who looks; people are called as the actor may know them.
        topic: a key of `TOPICS`; "" for everything.
        before: the entry the page begins below; None for the newest.
        also: people named elsewhere on the page, asked for in the same query.
    """
    rows = LogEntry.objects.filter(case_id=case)
    if topic in TOPICS:
        rows = rows.filter(name__regex=f"^({'|'.join(TOPICS[topic][1])})".replace(".", r"\."))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    names = display_names(actor, {one.who_person for one in shown if one.who_person} | set(also), actor.day)
    moments = [Moment(one.at, one.name, one.data, names.get(one.who_person or 0, KINDS[one.who_kind])) for one in shown]
    return TimelinePage(moments, shown[-1].pk if len(found) > PAGE else None)


def points_of(row: Case) -> list[tuple[str, str]]:
    """Return the steps at which correcting a decision may begin, besides the start."""
    return restart_rules.points(procedures.runnable(row.version).flow)
