"""Disposing of an approved list; what remains of it is the 廃棄記録."""

from datetime import datetime

from honrai.platform.events.api import Who, record
from honrai.platform.privacy.keeping import kept
from honrai.platform.privacy.models import DisposalItem, DisposalList, ItemState, ListState
from honrai.platform.privacy.operations.rules_of_keeping import hold_over


def dispose(listed: int, *, who: Who, now: datetime) -> int:
    """Dispose of an approved list; return how many things went. What is held back since stays.

    Run by the job after the approval, in one transaction; `who` is the official who approved.
    """
    row = DisposalList.objects.select_for_update().get(pk=listed)
    if row.state != ListState.APPROVED:
        return 0
    gone = [_dispose(row.kind, item, who, now) for item in row.items.filter(state=ItemState.DUE).order_by("pk")]
    row.state, row.done_at = ListState.DONE, now
    row.save()
    disposed = gone.count(ItemState.DISPOSED)
    data = {"kind": row.kind, "disposed": disposed, "held": gone.count(ItemState.HELD)}
    record("privacy.disposal_done", who=who, now=now, subject=("disposal_list", listed), data=data)
    return disposed


def _dispose(kind: str, item: DisposalItem, who: Who, now: datetime) -> ItemState:
    hold = hold_over(kind, item.number, item.procedure)
    if hold is not None:
        item.state, item.reason = ItemState.HELD, hold.reason
    else:
        try:
            erased = kept(kind).erase(item.key, who, now)
        except LookupError:
            item.state = ItemState.GONE
        else:
            item.state, item.disposed_at = ItemState.DISPOSED, now
            item.files, item.values = erased.files, erased.values
    item.save()
    return ItemState(item.state)
