"""What screens show of cases, as values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from honrai.cases import clock_rules, rules
from honrai.cases.models import Case, Task, TaskState
from honrai.cases.operations.claiming import tasks_for, work_for
from honrai.cases.permissions import visible_cases
from honrai.platform.authority.api import Actor, NotFound
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.api import display_names
from honrai.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class DeficiencyView:
    """One deficiency as shown."""

    id: int
    code: str
    message: str
    severity: str
    fix_by: str
    state: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter as shown."""

    id: int
    title: str
    number: str
    file: int | None
    issued_on: date


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task of a case as shown; `mine` where the viewer holds its lease, `here` where it is work of the viewer's place."""

    id: int
    node: str
    title: str
    state: str
    result: str
    act: str
    mine: bool
    here: bool
    claimed: bool
    document: int | None
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with everything its screen needs.

    `days_left` counts by `count`, business or calendar days, as published. `unseen` is True for whoever keys it again blind: then
    name and answers are left out.
    """

    id: int
    number: str
    title: str
    procedure: str
    version: int
    stage: str
    outcome: str
    channel: str
    received_on: date
    due_on: date
    days_left: int
    paused_for: str
    closed_at: datetime | None
    name: str
    protected: bool
    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    proposal: Mapping[str, Any]
    attachments: Sequence[Mapping[str, Any]]
    deficiencies: Sequence[DeficiencyView]
    tasks: Sequence[TaskView]
    letters: Sequence[LetterView]
    count: str
    unseen: bool
    round: int
    round_cause: str
    unit: int
    call_on: date | None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: when, what (the event's name and data), by whom as the viewer may know them."""

    at: datetime
    name: str
    data: Mapping[str, Any]
    by: str


def view_case(row: Case, actor: Actor, *, now: datetime) -> CaseView:
    """Return what the case screen shows; the caller has checked and recorded the read. Few queries, however old the case."""
    tasks = _by_key(row.tasks)
    run = procedures.runnable(row.version)
    period, unseen = run.pack.identity.standard_period, keys_unseen(run, tasks, actor, now)
    names = display_names(actor, {task.done_by for task in tasks if task.done_by}, now.date())
    return CaseView(
        id=row.pk,
        number=row.number,
        title=row.title,
        procedure=row.procedure,
        version=row.version,
        stage=row.stage,
        outcome=row.outcome,
        channel=row.channel,
        received_on=row.received_on,
        due_on=row.due_on,
        days_left=clock_rules.days_left(row.due_on, now.date(), row.paused_since, period, city_calendar()),
        paused_for=row.paused_for,
        closed_at=row.closed_at,
        name="（再入力が済むまで表示しません）" if unseen else row.name,
        protected=row.protected,
        values={} if unseen else row.values,
        facts=row.facts,
        proposal=row.proposal,
        attachments=row.attachments,
        deficiencies=[_deficiency(one) for one in _by_key(row.deficiencies)],
        tasks=[_task(task, actor, names, now) for task in tasks],
        letters=[_letter(one) for one in _by_key(row.letters)],
        **_whereabouts(row, unseen, period.count),
    )


def _by_key(rows: Any) -> list[Any]:
    """Return the rows behind a reference in the order they were made; no query where `gather_case` fetched them."""
    return sorted(rows.all(), key=lambda row: row.pk)


def _whereabouts(row: Case, unseen: bool, count: str) -> dict[str, Any]:
    seen = {"unseen": unseen, "count": count}
    return seen | {"round": row.round, "round_cause": row.round_cause, "unit": row.unit, "call_on": row.call_on}


def keys_unseen(run: procedures.Runnable, tasks: Sequence[Task], actor: Actor, now: datetime) -> bool:
    """Say whether the actor holds a blind step of these that is still to be keyed: then nothing kept may be shown."""
    held = [one for one in tasks if one.state == TaskState.OPEN and one.claimed_by == actor.person is not None]
    mine = [one for one in held if rules.is_leased(one.claimed_by, one.lease_until, now)]
    return any(rules.step_of(run.flow, one.node).blind and not one.rekeyings.exists() for one in mine)


def timeline(case: int, actor: Actor, *, limit: int = 200) -> list[Moment]:
    """Return the newest events of a case, newest first."""
    rows = list(LogEntry.objects.filter(case_id=case).order_by("-pk")[:limit])
    names = display_names(actor, {row.who_person for row in rows if row.who_person}, actor.day)
    return [Moment(row.at, row.name, row.data, names.get(row.who_person or 0, KINDS[row.who_kind])) for row in rows]


KINDS = {"staff": "職員", "contractor": "受託者", "applicant": "申請者", "robot": "ロボット", "system": "自動処理"}


def _deficiency(row: Any) -> DeficiencyView:
    return DeficiencyView(row.pk, row.code, row.message, row.severity, row.fix_by, row.state, tuple(row.items))


def _letter(row: Any) -> LetterView:
    return LetterView(row.pk, row.title, row.number, row.file, row.issued_on)


def _task(row: Task, actor: Actor, names: Mapping[int, str], now: datetime) -> TaskView:
    held = rules.is_leased(row.claimed_by, row.lease_until, now)
    return TaskView(
        id=row.pk,
        node=row.node,
        title=row.title,
        state=row.state,
        result=row.result,
        act=row.act,
        mine=held and row.claimed_by == actor.person,
        here=row.contract == actor.contract if row.contract is not None else row.unit in actor.units,
        claimed=held,
        document=row.document,
        done_at=row.done_at,
        done_by=names.get(row.done_by or 0, "自動処理" if row.state == TaskState.DONE else ""),
    )


@dataclass(frozen=True, slots=True)
class Workplace:
    """What the task screen shows: the step, its form section, its manual section, its choices of result."""

    task: TaskView
    step: rules.Step
    sections: Sequence[procedures.Section]
    manual: procedures.ManualSection | None
    results: Sequence[str]


def workplace(task: int, actor: Actor, *, now: datetime) -> tuple[Case, Workplace]:
    """Return the case of a task and what somebody needs to do it, all of it from the pack.

    Raises:
        NotFound: no such task, or not one of the actor's contract or units.
    """
    row = tasks_for(actor, every_state=True).select_related("case").filter(pk=task).first()
    if row is None or _out_of_sight(row.case, actor, now):
        raise NotFound("この作業は見つかりません。自分の担当の作業か確かめてください")
    run = procedures.runnable(row.case.version)
    step = rules.step_of(run.flow, row.node)
    manual = next((section for section in run.pack.manual if section.task == row.node), None)
    sections = run.pack.form.sections if step.form else ()
    names = display_names(actor, [row.done_by] if row.done_by else [], now.date())
    results = rules.results_of(run.flow, row.node)
    return row.case, Workplace(_task(row, actor, names, now), step, sections, manual, results)


def _out_of_sight(case: Case, actor: Actor, now: datetime) -> bool:
    """Say whether a contractor may no longer look at a closed case, so neither through a task once done in it."""
    if actor.contract is None or case.closed_at is None:
        return False
    return not visible_cases(actor, now).filter(pk=case.pk).exists()


def count_tasks(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Return how many tasks the actor could do: all, late, due within three days, in hand, given to the actor, held."""
    today = now.date()
    soon = today + timedelta(days=3)
    still = Q(state=TaskState.OPEN)
    return (
        work_for(actor, every_state=True)
        .filter(state__in=(TaskState.OPEN, TaskState.HELD))
        .aggregate(
            waiting=Count("pk", filter=still),
            late=Count("pk", filter=still & Q(due_on__lt=today)),
            soon=Count("pk", filter=still & Q(due_on__gte=today, due_on__lte=soon)),
            mine=Count("pk", filter=still & Q(claimed_by=actor.person, lease_until__gt=now)),
            given=Count("pk", filter=still & Q(assigned_to=actor.person)),
            busy=Count("pk", filter=still & Q(claimed_by__isnull=False, lease_until__gt=now)),
            held=Count("pk", filter=Q(state=TaskState.HELD)),
        )
    )


def count_cases(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Return how many open cases the actor may see: all, late, waiting for the applicant, arrived today; one query."""
    today = now.date()
    running = Q(paused_since__isnull=True)
    return (
        visible_cases(actor, now)
        .filter(closed_at__isnull=True)
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=running & Q(due_on__lt=today)),
            waiting=Count("pk", filter=~running),
            today=Count("pk", filter=Q(received_on=today)),
        )
    )


@dataclass(frozen=True, slots=True)
class ForApplicant:
    """Where a case stands, as its applicant may know it. Protected cases show the stage and nothing else."""

    case: int
    title: str
    stage: str
    due_on: date | None
    outcome: str
    asked: Sequence[DeficiencyView]
    letters: Sequence[LetterView]


def cases_of_application(application: int) -> list[ForApplicant]:
    """Return how the cases of an application stand, for the applicant."""
    found = []
    for row in Case.objects.filter(application=application).order_by("pk"):
        asked = [_deficiency(one) for one in row.deficiencies.filter(state="asked", fix_by="applicant").order_by("pk")]
        letters = [] if row.protected else [_letter(one) for one in row.letters.filter(public=True).order_by("pk")]
        decided = bool(row.closed_at) and not row.protected
        due = None if row.paused_since or row.closed_at else row.due_on
        outcome = row.outcome if decided else ""
        found.append(ForApplicant(row.pk, row.title, _stage_for_applicant(row), due, outcome, asked, letters))
    return found


def _stage_for_applicant(row: Case) -> str:
    if row.closed_at:
        return "終わりました"
    return "不足の書類・記載をお待ちしています" if row.paused_since else "審査しています"


def case_numbered(number: str) -> int | None:
    """Return the key of the case with a receipt number; None where there is none. For the log, not for casework."""
    return Case.objects.filter(number=number.strip()).values_list("pk", flat=True).first()


def case_numbers(cases: Collection[int]) -> dict[int, str]:
    """Return the receipt number of each case that still stands, by key."""
    return dict(Case.objects.filter(pk__in=cases).values_list("pk", "number"))


def count_open_of_contract(contract: int, now: datetime) -> int:
    """Return how many tasks still wait for a contract, held ones too."""
    return Task.objects.filter(contract=contract, state__in=(TaskState.OPEN, TaskState.HELD)).count()
