"""Moving running cases to another version of their procedure, as the plan of the publisher says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.cases.events import CaseMoved
from honrai.cases.models import Case, Task, TaskState, Timer
from honrai.cases.operations.advancing import facts_of, go_on
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Actor, Conflict, Denied, Kind
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import announce
from honrai.procedures.api import runnable


@dataclass(frozen=True, slots=True)
class RunningCase:
    """A case that is not over: what a migration plan needs to know of it."""

    case: int
    number: str
    state: dict[str, Any]
    stage: str
    due_on: date


def running_states(procedure: str, version: int, *, after: int = 0, limit: int | None = None) -> list[RunningCase]:
    """Return the cases of a version that are still running, oldest first, from the one after `after` on."""
    running = Case.objects.filter(procedure=procedure, version=version, closed_at__isnull=True, pk__gt=after)
    rows = running.order_by("pk").values_list("pk", "number", "state", "stage", "due_on")
    return [RunningCase(*row) for row in rows[:limit]]


def move_case(*, case: int, version: int, plan: flow_engine.Plan, actor: Actor, now: datetime) -> None:
    """Let a running case go on on another version; its answers, doers, letters and due day stay as they are.

    Args:
        case: its key.
        version: key of the version it moves to.
        plan: from the flow it runs on to the flow of that version.
        actor: an official, or the system on an official's order.
        now: the moment.

    Raises:
        Denied: contractors and applicants.
        Conflict: the case is over, or stands where the new flow has no such place.
    """
    if actor.kind not in {Kind.STAFF, Kind.SYSTEM}:
        raise Denied("進行中の案件を新しい版へ移すのは、市の職員だけが行えます")
    row = Case.objects.select_for_update().get(pk=case)
    if row.closed_at is not None:
        raise Conflict("完結した案件は移せません")
    try:
        moved = flow_engine.migrate(plan, row.state, facts_of(row), now, calendar=city_calendar())
    except flow_engine.MigrationRefused as refusal:
        raise Conflict("この案件の今の段階は、新しい版にありません。元の版のまま進めてください") from refusal
    before, row.version = {"version": row.version}, version
    for key, _, node in moved.renamed:
        _rename(row, key, node)
    event = CaseMoved(version=version, before=before["version"])
    announce(event, who=actor.who, now=now, subject=("case", row.pk), case=row.pk)
    go_on(row, runnable(version), moved.state, moved.effects, actor.who, now)


def _rename(case: Case, key: str, node: str) -> None:
    """Give an open step or timer the id it has in the new version."""
    waiting = case.tasks.filter(key=key, round=case.round, state__in=(TaskState.OPEN, TaskState.HELD))
    Task.objects.filter(pk__in=waiting.values("pk")).update(node=node)
    Timer.objects.filter(case=case, key=key).update(node=node)
