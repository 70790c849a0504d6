"""How a bulk act stands, as values for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from honrai.cases.models import Bulk, BulkItem, BulkItemState, BulkState
from honrai.cases.operations.bulk import own_bulk
from honrai.platform.authority.api import Actor

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What became of one task, where that needs saying."""

    number: str
    task: int
    title: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class BulkView:
    """One bulk act as shown; `lines` are the tasks that could not be done or undone."""

    id: int
    action: str
    asked_at: datetime
    total: int
    state: str
    label: str
    done: int
    refused: int
    undone: int
    kept: int
    waiting: int
    lines: Sequence[BulkLine]

    @property
    def moving(self) -> bool:
        """True while a job works on it."""
        return self.state in (BulkState.RUNNING, BulkState.UNDOING)

    @property
    def passed(self) -> int:
        """How many tasks the present run is through with."""
        return self.undone + self.kept if self.state == BulkState.UNDOING else self.total - self.waiting


def bulk_view(bulk: int, actor: Actor) -> BulkView:
    """Return how a bulk act of the actor stands; three queries.

    Raises:
        NotFound: there is none of theirs.
    """
    row = own_bulk(bulk, actor)
    return _view(row, _lines(row))


def bulks_of(actor: Actor, limit: int = 10) -> list[BulkView]:
    """Return the newest bulk acts of a person, without their lines."""
    return [_view(row, ()) for row in Bulk.objects.filter(asked_by=actor.person or 0).order_by("-pk")[:limit]]


def _view(row: Bulk, lines: Sequence[BulkLine]) -> BulkView:
    counts = dict(BulkItem.objects.filter(bulk=row).values_list("state").annotate(Count("pk")))
    names = ("done", "refused", "undone", "kept", "waiting")
    figures = {name: counts.get(name, 0) for name in names}
    label = str(BulkState(row.state).label)
    return BulkView(row.pk, row.action, row.asked_at, row.total, row.state, label, lines=lines, **figures)


def _lines(row: Bulk) -> list[BulkLine]:
    wrong = row.items.filter(state__in=(BulkItemState.REFUSED, BulkItemState.KEPT)).order_by("pk")
    return [
        BulkLine(
            item.task.case.number, item.task_id, item.task.title, str(BulkItemState(item.state).label), item.reason
        )
        for item in wrong.select_related("task__case")[:_SHOWN]
    ]
