"""Sharing work out inside one organisation: managers of a contract among their own people, heads among their own staff."""

from datetime import datetime

from honrai.cases import rules
from honrai.cases.events import TaskAssigned, TaskReleased
from honrai.cases.models import Task, TaskState
from honrai.cases.operations.claiming import duty_of
from honrai.platform.authority.api import (
    Actor,
    Conflict,
    Denied,
    NotFound,
    Rank,
    check_can_manage_contract,
    check_can_perform,
)
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import actor_of_person


def assign(*, task: int, person: int | None, actor: Actor, now: datetime) -> None:
    """Share a task out to one of one's own people, or take it back (`person` None); nobody else is offered it then.

    Raises:
        NotFound: no such open or held task.
        Denied: the actor does not lead there, or the person may not do the task; the message says why.
        Conflict: somebody else is at it now.
    """
    row = waiting_task(task)
    check_leads(actor, row)
    if person is not None:
        check_can_perform(_own(person, row, actor), duty_of(row, actor))
    if rules.is_leased(row.claimed_by, row.lease_until, now) and row.claimed_by != person:
        raise Conflict("ほかの人が作業中です。先に作業を戻してもらってください")
    row.assigned_to = person
    row.save(update_fields=["assigned_to"])
    event = TaskAssigned(task=row.pk, node=row.node, person=person)
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=row.case_id)


def take_back(*, task: int, actor: Actor, now: datetime) -> None:
    """Set a claimed task free: one's own, or as who leads there.

    Raises:
        Denied: it is somebody else's and the actor does not lead there.
        Conflict: nobody is at it.
    """
    row = waiting_task(task)
    if not rules.is_leased(row.claimed_by, row.lease_until, now):
        raise Conflict("だれも作業していません")
    if row.claimed_by != actor.person:
        check_leads(actor, row)
    row.claimed_by, row.lease_until = None, None
    row.save(update_fields=["claimed_by", "lease_until"])
    event = TaskReleased(task=row.pk, node=row.node, state=row.state)
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=row.case_id)


def waiting_task(task: int) -> Task:
    """Return an open or held task, locked for change.

    Raises:
        NotFound: there is none.
    """
    rows = Task.objects.filter(pk=task, state__in=(TaskState.OPEN, TaskState.HELD)).select_related("case")
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound("作業が見つからないか、すでに終わっています")
    return row


def check_leads(actor: Actor, task: Task) -> None:
    """Raise `Denied` where the actor does not lead the place of a task: its contract, or its unit from 係長 up."""
    if task.contract is not None:
        check_can_manage_contract(actor, task.contract)
        return
    if not any(seat.unit == task.unit and seat.rank >= Rank.SUBSECTION_HEAD for seat in actor.seats):
        raise Denied("作業を割り当てられるのは、担当課の係長以上です")


def _own(person: int, task: Task, actor: Actor) -> Actor:
    """Return one of the actor's own people as an actor.

    Raises:
        Denied: the person works elsewhere.
    """
    found = actor_of_person(person, actor.city, actor.day)
    if found.contract != task.contract or (task.unit is not None and task.unit not in found.units):
        raise Denied("自分の組織の人にだけ割り当てられます")
    return found
