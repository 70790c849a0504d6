"""回議・合議: agreeing at one's stop, one document at a time or a whole group of like ones."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from honrai.approvals import permissions
from honrai.approvals.events import Agreed
from honrai.approvals.models import Document, Medium, RouteStep, State
from honrai.approvals.operations.deciding import MOVED, lock, standing
from honrai.platform.authority.api import Actor, Conflict
from honrai.platform.events.api import announce


def agree(*, document: int, actor: Actor, now: datetime, note: str = "") -> None:
    """Agree at one's stop of the route (回議・合議); after the last one the document waits for its decider.

    Raises:
        Denied: no official, no open stop of the actor's section and 職位, own work, own case.
        Conflict: not on its route.
    """
    row = lock(document)
    current = list(row.steps.filter(current=True).order_by("rank", "pk"))
    if not current or row.medium != Medium.SCREEN:
        permissions.check_is_staff(actor)
        raise Conflict(MOVED.format(state=standing(row)))
    mine = next((step for step in current if permissions.can_agree(actor, row, step)), current[0])
    permissions.check_can_agree(actor, row, mine)
    _agree([mine], actor, now, note)


def agree_group(*, group: str, unit: int, actor: Actor, now: datetime, note: str = "") -> int:
    """Agree at one's stops of all documents of a group that lie with the actor; return how many there were.

    Raises:
        Denied: the actor is no official.
        Conflict: none of them lies with the actor.
    """
    permissions.check_is_staff(actor)
    rows = RouteStep.objects.filter(
        current=True, document__group=group, document__unit=unit, document__medium=Medium.SCREEN
    )
    locked = rows.select_related("document").select_for_update(of=("self", "document")).order_by("document_id", "rank")
    steps: dict[int, RouteStep] = {}
    for step in locked:
        if step.document_id not in steps and permissions.can_agree(actor, step.document, step):
            steps[step.document_id] = step
    if not steps:
        raise Conflict("回議・合議を待つ文書がありません。画面を更新して確かめてください。")
    _agree(list(steps.values()), actor, now, note)
    return len(steps)


def _agree(steps: Collection[RouteStep], actor: Actor, now: datetime, note: str) -> None:
    """Agree at steps of different documents: the same few statements whatever their number, and one event each."""
    RouteStep.objects.filter(pk__in=[step.pk for step in steps]).update(
        agreed_by=actor.person, agreed_at=now, note=note.strip()[:400], current=False
    )
    documents = [step.document_id for step in steps]
    _open_next_turns(documents)
    waiting = set(Document.objects.filter(pk__in=documents, state=State.WAITING).values_list("pk", flat=True))
    for step in steps:
        event = Agreed(document=step.document_id, step=step.pk, finished=step.document_id in waiting)
        announce(event, who=actor.who, now=now, subject=("document", step.document_id), case=step.document.case)


def _open_next_turns(documents: Collection[int]) -> None:
    """Lay documents whose present turn is through before the next one, or before their decider."""
    left = RouteStep.objects.filter(document=OuterRef("pk"), agreed_at__isnull=True)
    through = Document.objects.filter(pk__in=documents).exclude(Exists(left.filter(current=True)))
    through.exclude(Exists(left)).update(state=State.WAITING)
    steps = RouteStep.objects.filter(document__in=through.filter(state=State.ROUTE), agreed_at__isnull=True)
    ahead = RouteStep.objects.filter(document=OuterRef("document"), agreed_at__isnull=True)
    following = ahead.order_by("turn").values("turn")[:1]
    steps.filter(turn=Subquery(following)).update(current=True)
