"""Taking a bulk act back, task by task: only while nothing that came of it has left the house or was taken up by somebody."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from honrai.cases import rules
from honrai.cases.events import TaskCancelled, TaskUndone
from honrai.cases.models import Case, Task, TaskState, Timer
from honrai.cases.operations.claiming import hold, resume
from honrai.cases.operations.completing import lock_case
from honrai.cases.operations.sharing import assign, waiting_task
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce
from honrai.platform.events.models import LogEntry
from honrai.procedures.api import runnable

Before = Mapping[str, Any]
#: Events that may have happened to a case since; anything else means that an effect has gone further.
_HARMLESS = frozenset({"cases.task_done", "cases.task_opened", "cases.task_claimed", "cases.proposed", "cases.read"})
_KEPT = ("state", "results", "stage", "proposal", "outcome")
_WENT_FURTHER = "後の処理が進んでいるため、元に戻せません"


def claim_of(row: Task) -> dict[str, Any]:
    """Return who had a task and until when."""
    return {"claimed_by": row.claimed_by, "lease_until": row.lease_until and row.lease_until.isoformat()}


def check_plain(row: Task, result: str) -> None:
    """Refuse to finish in bulk what needs a look at each: steps that issue letters, decide, or are keyed blind.

    Raises:
        Invalid: the step is of that kind, or does not end with this result.
    """
    run = runnable(row.case.version)
    step = rules.step_of(run.flow, row.node)
    said = run.flow.steps[row.node].node
    blind = said is not None and said.honrai.get("check") == "blind"
    if step.decides or step.letter or blind or step.act.official:
        raise Invalid("1件ずつ確かめる作業です。まとめて終えることはできません")
    allowed = rules.results_of(run.flow, row.node)
    if allowed and result not in allowed:
        raise Invalid(f"この作業の結果は「{'」「'.join(allowed)}」のどれかです")


def case_before(row: Task) -> dict[str, Any]:
    """Return what a case was before one of its tasks was finished."""
    case = Case.objects.get(pk=row.case_id)
    timers = [[timer.key, timer.node, timer.due.isoformat()] for timer in case.timers.all()]
    newest = LogEntry.objects.filter(case_id=case.pk).order_by("-pk").values_list("pk", flat=True).first()
    tasks = list(case.tasks.values_list("pk", flat=True))
    return {name: getattr(case, name) for name in _KEPT} | {"timers": timers, "entry": newest or 0, "tasks": tasks}


def case_after(case: int) -> dict[str, Any]:
    """Return how often a case had changed when the act was done: undoing is open while that stands."""
    return {"lock": Case.objects.values_list("lock", flat=True).get(pk=case)}


def _undo_release(task: int, before: Before, actor: Actor, now: datetime) -> None:
    """Give a task back to whoever had it, where nobody has taken it since and the lease would still hold."""
    row = waiting_task(task)
    until = datetime.fromisoformat(before["lease_until"])
    if rules.is_leased(row.claimed_by, row.lease_until, now):
        raise Conflict("ほかの人が作業を始めています")
    if until <= now:
        raise Conflict("元の確保の時間が過ぎています")
    row.claimed_by, row.lease_until = before["claimed_by"], until
    row.save(update_fields=["claimed_by", "lease_until"])


def _undo_hold(task: int, before: Before, actor: Actor, now: datetime) -> None:
    resume(task=task, actor=actor, now=now)


def _undo_resume(task: int, before: Before, actor: Actor, now: datetime) -> None:
    row = waiting_task(task)
    if rules.is_leased(row.claimed_by, row.lease_until, now):
        raise Conflict("ほかの人が作業を始めています")
    row.claimed_by, row.lease_until = actor.person, rules.lease_end(now)
    row.save(update_fields=["claimed_by", "lease_until"])
    hold(task=task, reason=before["held_for"], actor=actor, now=now)


def _undo_assign(task: int, before: Before, actor: Actor, now: datetime) -> None:
    if waiting_task(task).assigned_to != before["person"]:
        raise Conflict("そのあと別の人に割り当てられています")
    assign(task=task, person=before["assigned_to"], actor=actor, now=now)


def _undo_complete(task: int, before: Before, actor: Actor, now: datetime) -> None:
    """Put a case back to where it was before a task was finished, and the task into the actor's hands.

    Raises:
        Conflict: the case went on, somebody took up what followed, or an effect left the house.
    """
    row = Task.objects.select_for_update().get(pk=task)
    case = lock_case(row.case_id)
    since = LogEntry.objects.filter(case_id=case.pk, pk__gt=before["entry"]).exclude(name__in=_HARMLESS)
    opened = case.tasks.exclude(pk__in=before["tasks"])
    taken = opened.exclude(state=TaskState.OPEN, claimed_by=None, document=None)
    if row.state != TaskState.DONE or case.lock != before["lock"] or since.exists() or taken.exists():
        raise Conflict(_WENT_FURTHER)
    for key, node in opened.order_by("pk").values_list("pk", "node"):
        announce(TaskCancelled(task=key, node=node), who=actor.who, now=now, subject=("task", key), case=case.pk)
    opened.delete()
    case.timers.all().delete()
    Timer.objects.bulk_create(
        Timer(case=case, key=key, node=node, due=datetime.fromisoformat(due)) for key, node, due in before["timers"]
    )
    for name in _KEPT:
        setattr(case, name, before[name])
    case.lock += 1
    case.save()
    row.state, row.result, row.done_at = TaskState.OPEN, "", None
    row.done_by, row.done_contract, row.done_contractor = None, None, None
    row.save()
    announce(TaskUndone(task=row.pk, node=row.node), who=actor.who, now=now, subject=("task", row.pk), case=case.pk)


#: How each act is taken back.
UNDO: dict[str, Callable[[int, Before, Actor, datetime], None]] = {
    "release": _undo_release,
    "hold": _undo_hold,
    "resume": _undo_resume,
    "assign": _undo_assign,
    "complete": _undo_complete,
}
