"""Taking, giving back and holding tasks. A claim is a lease in one row; two people never get the same task."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from honrai.cases import rules
from honrai.cases.events import TaskClaimed, TaskReleased
from honrai.cases.models import Task, TaskState
from honrai.platform.authority.api import Actor, Conflict, Denied, Doer, Kind, NotFound, check_can_perform
from honrai.platform.authority.api import Task as Duty
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import check_not_stopped, units_above
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures.api import runnable

_TAKEN = "ほかの人が先にこの作業を始めました。次の作業へ進んでください"
_SHARED_OUT = "ほかの人に割り当てられた作業です。次の作業へ進むか、割り当てた人に確かめてください"
_TRIES = 20


def claim(*, task: int, actor: Actor, now: datetime) -> None:
    """Take one task, or renew one's own lease.

    Raises:
        NotFound: no such open task in this city.
        Denied: the actor may not do it; the message says why.
        Conflict: somebody else has it.
    """
    row = _locked(Task.objects.filter(pk=task, state=TaskState.OPEN)).first()
    if row is None:
        raise NotFound("作業が見つからないか、すでに終わっています")
    check_can_perform(actor, duty_of(row, actor))
    _take(row, actor, now)


def claim_next(*, actor: Actor, now: datetime) -> int | None:
    """Take the most urgent task the actor may do, and return its key; None where there is none.

    Rows somebody is just taking are skipped, so that fifty people asking at once never wait for one another.
    """
    mine = tasks_for(actor).filter(claimed_by=actor.person, lease_until__gt=now).order_by("urgent_on", "pk").first()
    if mine is not None:
        return int(mine.pk)
    refused: list[int] = []
    while len(refused) < _TRIES:
        row = _locked(free_work(actor, now).exclude(pk__in=refused))[:1].first()
        if row is None:
            return None
        try:
            check_can_perform(actor, duty_of(row, actor))
        except Denied:
            refused.append(row.pk)
            continue
        _take(row, actor, now)
        return int(row.pk)
    return None


def release(*, task: int, actor: Actor, now: datetime) -> None:
    """Give a task back so that others may take it."""
    row = own_task(task, actor, now)
    row.claimed_by, row.lease_until = None, None
    row.save(update_fields=["claimed_by", "lease_until"])
    _announce_release(row, actor, now)


def hold(*, task: int, reason: str, actor: Actor, now: datetime) -> None:
    """Put a task aside with a reason; it stays out of the lists until it is taken up again."""
    row = own_task(task, actor, now)
    check_no_personal_number({"reason": reason}, {"reason": "保留の理由"})
    row.state, row.held_for, row.claimed_by, row.lease_until = TaskState.HELD, reason[:200], None, None
    row.save(update_fields=["state", "held_for", "claimed_by", "lease_until"])
    _announce_release(row, actor, now)


def resume(*, task: int, actor: Actor, now: datetime) -> None:
    """Take up a held task again."""
    row = _locked(Task.objects.filter(pk=task, state=TaskState.HELD)).first()
    if row is None:
        raise NotFound("保留中の作業が見つかりません")
    check_can_perform(actor, duty_of(row, actor))
    row.state, row.held_for = TaskState.OPEN, ""
    row.save(update_fields=["state", "held_for"])
    _announce_release(row, actor, now)


def tasks_for(actor: Actor, *, every_state: bool = False) -> QuerySet[Task]:
    """Return the open tasks (or those of every state) of the actor's contract or units; one indexed condition."""
    rows = Task.objects.all() if every_state else Task.objects.filter(state=TaskState.OPEN)
    if actor.kind is Kind.ROBOT:  # nothing under 支援措置 goes to a machine
        rows = rows.filter(case__protected=False)
    if actor.contract is not None:
        return rows.filter(contract=actor.contract)
    return rows.filter(unit__in=actor.units)


def work_for(actor: Actor, *, every_state: bool = False) -> QuerySet[Task]:
    """Return the tasks a person could do: of the actor's place, within the actor's skills, and in no conflict.

    Left out: steps of services, what needs a skill the actor lacks, what checks the actor's own step, and cases of the actor
    or a relative. Managers of a contract see all its work: they share it out.
    """
    rows = tasks_for(actor, every_state=every_state).filter(robot="")
    if actor.recused:
        rows = rows.exclude(case__party__in=actor.recused)
    if actor.manages_contract:
        return rows
    skilled = Q(skill="")
    for code, level in actor.skills:
        skilled |= Q(skill=code, skill_level__lte=level)
    return rows.filter(skilled).filter(~Q(not_by=actor.person) | Q(not_by__isnull=True))


def free_work(actor: Actor, now: datetime) -> QuerySet[Task]:
    """Return what the actor may take now, most urgent first; what was shared out to the actor comes before all else.

    A step that waits for its decider lies in the decider's inbox; it is nobody's next task.
    """
    rows = work_for(actor).filter(Q(claimed_by__isnull=True) | Q(lease_until__lte=now), document__isnull=True)
    mine = rows.filter(assigned_to=actor.person).order_by("urgent_on", "pk")
    if actor.person is not None and mine.exists():
        return mine
    return rows.filter(assigned_to__isnull=True).order_by("urgent_on", "pk")


def own_task(task: int, actor: Actor, now: datetime) -> Task:
    """Return a task the actor holds, locked for change.

    Raises:
        Conflict: the lease lapsed and somebody else may have taken it, or it is done.
    """
    row = _locked(Task.objects.filter(pk=task, state=TaskState.OPEN)).first()
    if row is None:
        raise Conflict("この作業はすでに終わっています。次の作業へ進んでください")
    if row.claimed_by != actor.person or not rules.is_leased(row.claimed_by, row.lease_until, now):
        raise Conflict("作業の確保が切れました。もう一度「作業を始める」を押してください。入力した内容は残っています")
    check_can_perform(actor, duty_of(row, actor))
    return row


def duty_of(task: Task, actor: Actor) -> Duty:
    """Return what authority must know of a task: act, place, people it is about, doers it must be apart from."""
    case = task.case
    step = rules.step_of(runnable(case.version).flow, task.node)
    return Duty(
        act=step.act,
        units=units_above(task.unit, actor.day) if task.unit is not None else (),
        contract=task.contract,
        parties=frozenset({case.party}) if case.party else frozenset(),
        skill=step.skill,
        before=(*_doers(task, step.checks), *(_keyers(task) if step.blind else ())),
        apart=step.apart,
    )


def _doers(task: Task, node: str) -> Sequence[Doer]:
    if not node:
        return ()
    rows = Task.objects.filter(case_id=task.case_id, node=node, state=TaskState.DONE)
    return [Doer(row.done_by, row.done_contract, row.done_contractor) for row in rows]


def _keyers(task: Task) -> Sequence[Doer]:
    """Who keyed a blind step again: whoever decides where it differs is a third person."""
    rows = task.rekeyings.values_list("by", flat=True)
    return [Doer(person) for person in rows]


def _locked(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related("case").select_for_update(skip_locked=True, of=("self",))


def _take(row: Task, actor: Actor, now: datetime) -> None:
    if rules.is_leased(row.claimed_by, row.lease_until, now) and row.claimed_by != actor.person:
        raise Conflict(_TAKEN)
    if row.assigned_to not in (None, actor.person) and not actor.manages_contract:
        raise Conflict(_SHARED_OUT)
    if actor.contract is not None:
        check_not_stopped(contract=actor.contract, activity=row.procedure)
    row.claimed_by, row.lease_until = actor.person, rules.lease_end(now)
    row.started_at = row.started_at or now
    row.save(update_fields=["claimed_by", "lease_until", "started_at"])
    event = TaskClaimed(task=row.pk, node=row.node)
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=row.case_id)


def _announce_release(row: Task, actor: Actor, now: datetime) -> None:
    event = TaskReleased(task=row.pk, node=row.node, state=row.state)
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=row.case_id)
