"""Events: what happened to the cases the actor may see, in the order it was finished, with a cursor."""

from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from honrai.cases import api as cases
from honrai.platform import clock
from honrai.platform.events.feed import after
from honrai.platform.events.words import event_word
from honrai.rest.calling import Call, reads
from honrai.rest.resources.common import reading
from honrai.rest.schemas import EventList, EventOut
from honrai.rest.scopes import EVENTS, Scope

router = Router(tags=["出来事"])
PAGE = 200
BEGINNING = "0-0"
Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}-[0-9]{1,18}$")]


@router.get("/events", response=reading(EventList), summary="出来事")
@reads(Scope.EVENTS_READ)
def list_events(request: Call, cursor: Query[Cursor | None] = None) -> EventList:
    """Return what happened after the cursor, by ids. Nothing that is still being written is passed over."""
    actor = request.actor
    transaction, _, entry = (cursor or BEGINNING).partition("-")
    visible = cases.visible_cases(actor, clock.now()).values("pk")
    rows = after((int(transaction), int(entry)), names=EVENTS, cases=visible, most=PAGE)
    items = [
        EventOut(
            cursor=f"{row.transaction}-{row.pk}",
            event=row.name,
            words=event_word(row.name),
            at=row.at,
            case=row.case_id or 0,
            subject=row.subject_kind,
            subject_id=row.subject_id,
        )
        for row in rows
    ]
    return EventList(items=items, next=items[-1].cursor if items else cursor or BEGINNING)
