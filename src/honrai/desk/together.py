"""One page with every case of one submission: state, who holds it, how long it may take. Shows what the viewer may see."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from honrai.cases import api as cases
from honrai.intake import api as intake
from honrai.platform import clock
from honrai.platform.authority.api import Actor, NotFound
from honrai.platform.events.api import record
from honrai.platform.organisations.api import units_on
from honrai.platform.requests import HonraiRequest


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the submission: what it is, about whom, where it stands, with whom, until when."""

    id: int
    number: str
    title: str
    name: str
    protected: bool
    stage: str
    outcome: str
    steps: tuple[str, ...]
    holder: str
    due_on: date
    days_left: int
    paused_for: str
    closed: bool
    asked: int


@require_GET
def together(request: HonraiRequest, submission: int) -> HttpResponse:
    """Show the cases of a submission the person may see; every one shown is recorded as read."""
    found = intake.submission_view(submission)
    lines = lines_of(found, request.actor) if found is not None else []
    if found is None or not lines:
        raise NotFound("このまとめた申請は見つかりません。受付番号と、自分の担当かどうかを確かめてください")
    for line in lines:
        record("cases.read", who=request.actor.who, now=clock.now(), subject=("case", line.id), case=line.id)
    return render(request, "desk/together.html", {"found": found, "lines": lines})


def lines_of(found: intake.TogetherView, actor: Actor) -> list[Line]:
    """Return one line for each case of a submission the actor may see; what they may not see is not even counted."""
    now = clock.now()
    units = {unit.id: unit.name for unit in units_on(now.date())}
    rows = cases.visible_cases(actor, now).filter(application__in=found.applications).order_by("number")
    lines = []
    for row in rows.prefetch_related("tasks", "deficiencies"):
        open_tasks = [task for task in row.tasks.all() if task.state in ("open", "held")]
        places = [units.get(task.unit, "担当課") if task.unit else "センター(受託者)" for task in open_tasks]
        holder = "申請者" if row.paused_for == "補正" else "・".join(dict.fromkeys(places))
        lines.append(
            Line(
                id=row.pk,
                number=row.number,
                title=row.title,
                name=row.name,
                protected=row.protected,
                stage=row.stage,
                outcome=row.outcome,
                steps=tuple(dict.fromkeys(task.title for task in open_tasks)),
                holder=holder or "―",
                due_on=row.due_on,
                days_left=(row.due_on - now.date()).days,
                paused_for=row.paused_for,
                closed=row.closed_at is not None,
                asked=sum(one.state == "asked" for one in row.deficiencies.all()),
            )
        )
    return lines
