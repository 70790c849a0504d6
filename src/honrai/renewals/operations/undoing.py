"""Taking a run back whole, before anything left the house."""

from datetime import datetime

from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.jobs.api import enqueue
from honrai.renewals import tasks
from honrai.renewals.events import Undone
from honrai.renewals.models import Batch, Item, Run
from honrai.renewals.operations.submitting import drop_documents
from honrai.renewals.permissions import run_for
from honrai.renewals.rules.states import State


def undo(run: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a run back: letters and results go, undecided documents are withdrawn; that it was there stays on record.

    Raises:
        Denied: contractors, other sections.
        Conflict: issued already (only a correction helps then), or a job works on it.
        Invalid: no reason was given.
    """
    row = run_for(run, actor, lock=True)
    _check(row, reason)
    drop_documents(row, "年次更新を取り消したため", now)
    batches = Batch.objects.filter(run=row)
    files.remove_all(list(batches.values_list("file", flat=True)), who=actor.who, now=now)
    batches.delete()
    items = Item.objects.filter(run=row)
    items._raw_delete(items.db)
    row.state, row.undone_by, row.undone_at, row.undone_for = State.UNDONE, actor.person, now, reason.strip()[:200]
    row.document, row.undecided = None, 0
    row.save()
    announce(Undone(run=run), who=actor.who, now=now, subject=("renewal", run))


def _check(row: Run, reason: str) -> None:
    state = State(row.state)
    if state in (State.ISSUING, State.ISSUED):
        raise Conflict("発行したあとは取り消せません。誤りのある人は、案件の「決定の訂正」で一人ずつ直してください。")
    if not state.reversible:
        raise Conflict(f"この年次更新は「{state.label}」です。処理が済むか、止めてから取り消してください。")
    if not reason.strip():
        raise Invalid("取り消す理由を入力してください。")


def go_on_preparing(run: int, *, actor: Actor, now: datetime) -> None:
    """Go on making letters that were stopped half-way.

    Raises:
        Conflict: they are all made, or it is not their turn.
    """
    row = run_for(run, actor, lock=True)
    if row.state != State.PREPARED or row.prepared_at is not None:
        raise Conflict("作りかけの証・通知はありません。画面を開き直してください。")
    row.state, row.problem = State.PREPARING, ""
    row.save()
    enqueue(tasks.prepare, actor.city, lock=f"renewal/{run}", run=run)
