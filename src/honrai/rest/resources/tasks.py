"""Tasks: what waits, taking, giving back, finishing."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Header, Path, Query, Router
from pydantic import Field

from honrai.cases import api as cases
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Invalid
from honrai.platform.events.api import record
from honrai.procedures import api as procedures
from honrai.rest.calling import Call, changes, check_unchanged, reads
from honrai.rest.resources.common import PAGE, answers, case_out, changing, reading, record_read
from honrai.rest.schemas import (
    BenchOut,
    CaseOut,
    CompleteIn,
    EmptyIn,
    FieldOut,
    Key,
    NextOut,
    ReleaseIn,
    TaskLine,
    TaskList,
    TaskOut,
)
from honrai.rest.scopes import Scope

router = Router(tags=["作業"])
IfMatch = Annotated[str, Field(max_length=200)] | None


@router.get("/tasks", response=reading(TaskList), summary="作業の一覧")
@reads(Scope.TASKS_READ)
def list_tasks(request: Call, cursor: Query[Key | None] = None) -> TaskList:
    """List the open tasks the actor could do, in the order they arose; the most urgent is taken with `tasks/next`."""
    actor, now = request.actor, clock.now()
    found = list(cases.work_for(actor).filter(pk__gt=cursor or 0).order_by("pk")[: PAGE + 1])
    shown = found[:PAGE]
    ids = [row.case_id for row in shown]
    record("rest.listed", who=actor.who, now=now, subject=("case", None), data={"shown": ids})
    return TaskList(items=[_line(row, now) for row in shown], next=shown[-1].pk if len(found) > PAGE else None)


def _line(row: Any, now: datetime) -> TaskLine:
    return TaskLine(
        id=row.pk,
        case=row.case_id,
        procedure=row.procedure,
        node=row.node,
        title=row.title,
        act=row.act,
        due_on=row.due_on,
        claimed=row.claimed_by is not None and row.lease_until is not None and row.lease_until > now,
    )


@router.post("/tasks/next", response=changing(NextOut), summary="次の作業を始める")
@changes(Scope.TASKS_WRITE)
def next_task(request: Call, body: EmptyIn) -> NextOut:
    """Take the most urgent task the actor may do, or return the one held already."""
    return NextOut(task=cases.claim_next(actor=request.actor, now=clock.now()))


@router.get("/tasks/{task}", response=reading(BenchOut), summary="作業")
@reads(Scope.TASKS_READ)
def read_task(request: Call, task: Path[Key]) -> BenchOut:
    """Return a task with its fields, manual section and possible results. The read of the case is recorded."""
    actor, now = request.actor, clock.now()
    row, place = cases.workplace(task, actor, now=now)
    cases.check_can_see(actor, row.pk, now)
    record_read(actor, row.pk, now)
    fields = [field for section in place.sections for field in section.fields]
    return BenchOut(
        task=TaskOut.model_validate(place.task),
        case=row.pk,
        results=list(place.results),
        issues=bool(place.step.letter),
        fields=[FieldOut(id=one.id, label=one.label, type=one.type) for one in fields],
        manual=place.manual.text if place.manual is not None else "",
        tag=case_out(row, actor, now).tag,
    )


@router.post("/tasks/{task}/claim", response=changing(CaseOut), summary="作業を始める")
@changes(Scope.TASKS_WRITE)
def claim(request: Call, task: Path[Key], body: EmptyIn) -> CaseOut:
    """Take a task; return its case with the ETag that finishing it needs."""
    actor, now = request.actor, clock.now()
    case = _case_of(task, actor, now)
    cases.claim(task=task, actor=actor, now=now)
    record_read(actor, case, now)
    return _now(case, actor, now)


@router.post("/tasks/{task}/release", response=changing(CaseOut), summary="作業を戻す・保留する")
@changes(Scope.TASKS_WRITE)
def release(request: Call, task: Path[Key], body: ReleaseIn, if_match: Header[IfMatch] = None) -> CaseOut:
    """Give a task back; with a reason it is held."""
    actor, now = request.actor, clock.now()
    case = _case_of(task, actor, now)
    _check_tag(case, if_match, actor, now)
    if body.reason.strip():
        cases.hold(task=task, reason=body.reason.strip(), actor=actor, now=now)
    else:
        cases.release(task=task, actor=actor, now=now)
    return _now(case, actor, now)


@router.post("/tasks/{task}/complete", response=changing(CaseOut), summary="作業を終える")
@changes(Scope.TASKS_WRITE)
def complete(request: Call, task: Path[Key], body: CompleteIn, if_match: Header[IfMatch] = None) -> CaseOut:
    """Finish a task one holds; If-Match is needed. A step that issues letters issues them."""
    actor, now = request.actor, clock.now()
    row, place = cases.workplace(task, actor, now=now)
    _check_tag(row.pk, if_match, actor, now, needed=True)
    pack = procedures.runnable(row.version).pack
    if place.step.letter:
        cases.issue(task=task, actor=actor, now=now)
    else:
        _check_facts(pack, body)
        cases.complete(
            task=task,
            result=body.result,
            values=answers(pack, body.values),
            facts=body.facts,
            settled=tuple(body.settled),
            actor=actor,
            now=now,
        )
    return _now(row.pk, actor, now)


def _check_facts(pack: procedures.Pack, body: CompleteIn) -> None:
    """Only what an official finds out may be stated, and only as its type allows."""
    open_facts = {fact.id for fact in pack.facts if fact.unknown == "staff"}
    unknown = sorted(set(body.facts) - open_facts)
    if unknown:
        raise Invalid(f"職員が確かめる事実ではありません: {unknown[0][:60]}")
    procedures.read_facts(pack, body.facts)


def _case_of(task: int, actor: Actor, now: datetime) -> int:
    row, _ = cases.workplace(task, actor, now=now)
    return int(cases.check_can_see(actor, row.pk, now).pk)


def _check_tag(case: int, if_match: str | None, actor: Actor, now: datetime, *, needed: bool = False) -> None:
    """Compare with the case locked, so that nothing comes in between."""
    cases.check_can_see(actor, case, now)
    row = cases.visible_cases(actor, now).select_for_update(of=("self",)).get(pk=case)
    check_unchanged(if_match, case_out(row, actor, now).tag, needed=needed)


def _now(case: int, actor: Actor, now: datetime) -> CaseOut:
    return case_out(cases.check_can_see(actor, case, now), actor, now)
