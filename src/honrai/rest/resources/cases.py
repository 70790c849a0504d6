"""Cases: lists, one case, its timeline; and what the key itself is."""

from datetime import date
from typing import Any, Literal

from ninja import Path, Query, Router, Schema

from honrai.cases import api as cases
from honrai.platform import clock
from honrai.platform.events.api import record
from honrai.platform.events.words import event_word
from honrai.rest.calling import Call, reads
from honrai.rest.resources.common import PAGE, case_out, reading, record_read
from honrai.rest.schemas import CaseLine, CaseList, CaseOut, Code, Key, MeOut, MomentOut, TimelineOut
from honrai.rest.scopes import Scope

router = Router(tags=["案件"])


class CaseFilter(Schema):
    """What cases are listed."""

    state: Literal["open", "closed", "all"] = "open"
    procedure: Code | None = None
    application: Key | None = None
    received_from: date | None = None
    received_until: date | None = None
    cursor: Key | None = None


@router.get("/me", response=reading(MeOut), summary="接続キーの内容")
def me(request: Call) -> MeOut:
    """Say who acts by the key."""
    key = request.key
    return MeOut(
        city=request.city.name,
        name=key.name,
        holder=key.holder,
        kind=request.actor.kind.value,
        scopes=key.scopes,
        expires_on=key.expires_on,
    )


@router.get("/cases", response=reading(CaseList), summary="案件の一覧")
@reads(Scope.CASES_READ)
def list_cases(request: Call, asked: Query[CaseFilter]) -> CaseList:
    """List the cases the actor may see, newest first. What was shown is recorded."""
    actor, now = request.actor, clock.now()
    rows = cases.visible_cases(actor, now).filter(**_conditions(asked)).order_by("-pk")
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    record("rest.listed", who=actor.who, now=now, subject=("case", None), data={"shown": [row.pk for row in shown]})
    return CaseList(
        items=[CaseLine.model_validate(row) for row in shown], next=shown[-1].pk if len(found) > PAGE else None
    )


def _conditions(asked: CaseFilter) -> dict[str, Any]:
    given = {
        "procedure": asked.procedure,
        "application": asked.application,
        "received_on__gte": asked.received_from,
        "received_on__lte": asked.received_until,
        "pk__lt": asked.cursor,
        "closed_at__isnull": {"open": True, "closed": False, "all": None}[asked.state],
    }
    return {name: value for name, value in given.items() if value is not None}


@router.get("/cases/{case}", response=reading(CaseOut), summary="案件")
@reads(Scope.CASES_READ)
def read_case(request: Call, case: Path[Key]) -> CaseOut:
    """Return one case. The ETag goes into If-Match of what changes it. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    record_read(actor, case, now)
    return case_out(row, actor, now)


@router.get("/cases/{case}/timeline", response=reading(TimelineOut), summary="経過")
@reads(Scope.CASES_READ)
def timeline(request: Call, case: Path[Key], cursor: Query[Key | None] = None) -> TimelineOut:
    """Return what happened in a case, newest first. The read is recorded."""
    actor, now = request.actor, clock.now()
    cases.check_can_see(actor, case, now)
    record_read(actor, case, now)
    page = cases.timeline_page(case, actor, before=cursor)
    lines = [MomentOut(at=one.at, event=one.name, words=event_word(one.name), by=one.by) for one in page.moments]
    return TimelineOut(items=lines, next=page.older)
