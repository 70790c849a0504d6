"""One act on all tasks that match: permission on each, a result for each, stopped or undone while it can be.

Asking for it only notes the tasks; a job works through them in pieces of `PIECE`, each piece in its own transaction, so that
it outlives a closed tab and a crash repeats nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from honrai.cases.events import BulkAsked, BulkUndoAsked, BulkWentOn
from honrai.cases.models import Bulk, BulkItem, BulkItemState, BulkState
from honrai.cases.operations import undoing
from honrai.cases.operations.claiming import claim, hold, resume
from honrai.cases.operations.completing import complete
from honrai.cases.operations.sharing import assign, take_back, waiting_task
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.errors import Refusal
from honrai.platform.events.api import announce

PIECE = 50
MOST_BULK = 20_000


def start_bulk(*, action: str, parameters: Mapping[str, Any], tasks: Sequence[int], actor: Actor, now: datetime) -> int:
    """Ask for one act on many tasks and return its key; a job does it.

    Args:
        action: a key of `ACTIONS`.
        parameters: `reason` for "hold", `person` for "assign" (None: nobody in particular), `result` for "complete".
        tasks: keys of the tasks, in the order they are to be done.
        actor: who asks; permission is checked for each task when its turn comes.
        now: the moment.

    Raises:
        Invalid: no such act, something it needs is missing, no task matches, or more than `MOST_BULK` do.
        Denied: only people may ask.
    """
    if actor.person is None:
        raise Denied("まとめて処理は、サインインした人だけが行えます")
    if action not in ACTIONS:
        raise Invalid("操作を選んでください")
    if action == "hold" and not str(parameters.get("reason", "")).strip():
        raise Invalid("保留の理由を入力してください")
    if not tasks:
        raise Invalid("条件に合う作業がありません")
    if len(tasks) > MOST_BULK:
        raise Invalid(f"一度に処理できるのは{MOST_BULK:,}件までです。条件でしぼり込んでください")
    row = Bulk.objects.create(
        action=action, parameters=dict(parameters), asked_by=actor.person, asked_at=now, total=len(tasks)
    )
    BulkItem.objects.bulk_create((BulkItem(bulk=row, task_id=task) for task in tasks), batch_size=2_000)
    event = BulkAsked(bulk=row.pk, action=action, tasks=len(tasks))
    announce(event, who=actor.who, now=now, subject=("bulk", row.pk))
    return int(row.pk)


def go_on(*, bulk: int, actor: Actor, now: datetime) -> None:
    """Do, or undo, the next piece of a bulk act; nothing where it was stopped or is over."""
    row = Bulk.objects.get(pk=bulk)
    if row.state not in (BulkState.RUNNING, BulkState.UNDOING):
        return
    undo = row.state == BulkState.UNDOING
    todo = row.items.filter(state=BulkItemState.DONE if undo else BulkItemState.WAITING).order_by("pk")
    piece = list(todo[:PIECE])
    for item in piece:
        (_undo_one if undo else _do_one)(row, item, actor, now)
    if len(piece) == PIECE and todo.exists():
        announce(BulkWentOn(bulk=row.pk), who=actor.who, now=now, subject=("bulk", row.pk))
        return
    over = BulkState.UNDONE if undo else BulkState.FINISHED
    Bulk.objects.filter(pk=row.pk, state=row.state).update(state=over, finished_at=now)


def stop_bulk(*, bulk: int, actor: Actor, now: datetime) -> None:
    """Stop a running act; what is done stays done and can be undone.

    Raises:
        NotFound: not the actor's.
        Conflict: it is over.
    """
    own_bulk(bulk, actor)
    if not Bulk.objects.filter(pk=bulk, state=BulkState.RUNNING).update(state=BulkState.CANCELLED, finished_at=now):
        raise Conflict("すでに終わっています")


def undo_bulk(*, bulk: int, actor: Actor, now: datetime) -> None:
    """Undo what was done, task by task, as far as no later effect has left the house.

    Raises:
        NotFound: not the actor's.
        Conflict: it still runs, or was undone already.
    """
    own_bulk(bulk, actor)
    ended = (BulkState.FINISHED, BulkState.CANCELLED)
    if not Bulk.objects.filter(pk=bulk, state__in=ended).update(state=BulkState.UNDOING, finished_at=None):
        raise Conflict("実行中か、すでに元に戻しています")
    announce(BulkUndoAsked(bulk=bulk), who=actor.who, now=now, subject=("bulk", bulk))


def own_bulk(bulk: int, actor: Actor) -> Bulk:
    """Return a bulk act the actor asked for.

    Raises:
        NotFound: there is none.
    """
    row = Bulk.objects.filter(pk=bulk, asked_by=actor.person or 0).first()
    if row is None:
        raise NotFound("まとめて処理の記録が見つかりません")
    return row


def _do_one(bulk: Bulk, item: BulkItem, actor: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            item.before = ACTIONS[bulk.action](item.task_id, bulk.parameters, actor, now)
            item.state = BulkItemState.DONE
    except Refusal as refusal:
        item.state, item.reason = BulkItemState.REFUSED, str(refusal)[:200]
    item.save(update_fields=["state", "reason", "before"])


def _undo_one(bulk: Bulk, item: BulkItem, actor: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            undoing.UNDO[bulk.action](item.task_id, item.before, actor, now)
            item.state = BulkItemState.UNDONE
    except Refusal as refusal:
        item.state, item.reason = BulkItemState.KEPT, str(refusal)[:200]
    item.save(update_fields=["state", "reason"])


Before = dict[str, Any]
Action = Callable[[int, Mapping[str, Any], Actor, datetime], Before]


def _release(task: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Before:
    before = undoing.claim_of(waiting_task(task))
    take_back(task=task, actor=actor, now=now)
    return before


def _hold(task: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Before:
    before = undoing.claim_of(waiting_task(task))
    claim(task=task, actor=actor, now=now)
    hold(task=task, reason=str(given["reason"]).strip(), actor=actor, now=now)
    return before


def _resume(task: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Before:
    before = {"held_for": waiting_task(task).held_for}
    resume(task=task, actor=actor, now=now)
    return before


def _assign(task: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Before:
    before = {"assigned_to": waiting_task(task).assigned_to}
    assign(task=task, person=given.get("person"), actor=actor, now=now)
    return before | {"person": given.get("person")}


def _complete(task: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Before:
    row = waiting_task(task)
    undoing.check_plain(row, str(given.get("result", "")))
    claim(task=task, actor=actor, now=now)
    before = undoing.case_before(row)
    complete(task=task, result=str(given.get("result", "")), actor=actor, now=now)
    return before | undoing.case_after(row.case_id)


#: What can be done with many tasks at once.
ACTIONS: dict[str, Action] = {
    "release": _release,
    "hold": _hold,
    "resume": _resume,
    "assign": _assign,
    "complete": _complete,
}
