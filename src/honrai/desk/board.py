"""The live board: the flow itself with what waits at each step, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from honrai.cases import api as cases
from honrai.desk.words import OUTSIDE
from honrai.engines.flow import api as flow
from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound
from honrai.platform.organisations.api import display_names, units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the board's table: a step, or the contractor's whole part."""

    label: str
    who: str
    count: int
    late: int
    held: int
    days: int
    link: str


@dataclass(frozen=True, slots=True)
class Board:
    """What the board of one procedure shows."""

    title: str
    picture: SafeString
    lines: Sequence[Line]
    count: int
    late: int


@require_GET
def boards(request: HonraiRequest) -> HttpResponse:
    """List the procedures with what waits in each, late and long-lying work, and the contract's own people for its manager."""
    actor, now = request.actor, clock.now()
    titles = {one.code: one.title for one in procedures.in_force(now.date())}
    totals = [(one, titles.get(one.procedure, one.procedure)) for one in cases.totals(actor, now)]
    shown = {"totals": totals, "stuck": stuck_lines(actor, now), "loads": _own_people(actor, now)}
    return render(request, "desk/boards.html", shown)


@require_GET
def board(request: HonraiRequest, procedure: str) -> HttpResponse:
    """Show one procedure's flow with counts and ages; the part with the picture renews itself."""
    actor, now = request.actor, clock.now()
    ward = request.GET.get("ward", "")
    shown = {"board": _board(procedure, ward, actor, now), "procedure": procedure, "ward": ward, "now": now}
    if request.headers.get("HX-Request"):
        return render(request, "desk/board_part.html", shown)
    wards = [unit.name for unit in units_on(now.date()) if unit.kind == "ward"]
    waits = [(_step_name(one, procedure, now), one) for one in cases.waits(procedure, actor, now)]
    return render(request, "desk/board.html", shown | {"wards": wards, "waits": waits})


def stuck_lines(actor: Actor, now: datetime, procedure: str = "") -> list[tuple[str, Any, int, int]]:
    """Return late and long-lying work: step as the viewer may know it, the task, days past due, days it has lain."""
    found: list[tuple[str, Any, int, int]] = []
    for task in cases.stuck(actor, now, procedure):
        label = task.title if task.contract == actor.contract or task.contract is None else OUTSIDE
        found.append((label, task, (now.date() - task.due_on).days, (now - task.opened_at).days))
    return found


def _board(code: str, ward: str, actor: Actor, now: datetime) -> Board:
    run = _run(code, now)
    model = flow.read(run.pack.flow)
    loads = [one for one in cases.loads(code, actor, now) if not ward or one.ward == ward]
    lanes = {node.id: node.lane for node in model.nodes()}
    outside = _contract_lanes(run, lanes) if actor.contract is None else set()
    groups: dict[str, list[cases.Load]] = {}
    for one in loads:
        lane = lanes.get(one.node, "")
        groups.setdefault(lane if one.contract and lane in outside else one.node, []).append(one)
    names = {node.id: node.name or node.id for node in model.nodes()} | dict.fromkeys(outside, OUTSIDE)
    lines = [_line(names.get(key, key), key in outside, key, rows, code, ward, now) for key, rows in groups.items()]
    overlay = flow.Overlay(
        counts={key: sum(one.count for one in rows) for key, rows in groups.items()},
        ages={key: max((now - one.oldest).days for one in rows) for key, rows in groups.items()},
        boxes=dict.fromkeys(outside, OUTSIDE),
    )
    picture = flow.draw(model, overlay=overlay, title=f"{run.version.title}の進み具合", key="board")
    return Board(
        run.version.title,
        mark_safe(picture),  # noqa: S308 - drawn by our own engine, which escapes every word
        sorted(lines, key=lambda line: (-line.late, -line.count)),
        sum(line.count for line in lines),
        sum(line.late for line in lines),
    )


def _line(label: str, outside: bool, key: str, rows: Sequence[cases.Load], code: str, ward: str, now: datetime) -> Line:
    link = "" if outside else f"procedure={code}&step={key}" + (f"&ward={ward}" if ward else "")
    return Line(
        label=label,
        who=OUTSIDE if outside else "",
        count=sum(one.count for one in rows),
        late=sum(one.late for one in rows),
        held=0 if outside else sum(one.held for one in rows),
        days=max((now - one.oldest).days for one in rows),
        link=link,
    )


def _contract_lanes(run: procedures.Runnable, lanes: dict[str, str]) -> set[str]:
    """Return the lanes whose people's steps are delegated: what happens inside is the contractor's own affair."""
    nodes = [step.node for step in run.flow.steps.values() if step.node is not None]
    return {lanes[node.id] for node in nodes if node.honrai.get("delegable") == "yes" and lanes.get(node.id)}


def _run(code: str, now: datetime) -> procedures.Runnable:
    version = next((one for one in procedures.in_force(now.date()) if one.code == code), None)
    if version is None:
        raise NotFound("この手続は公開されていません")
    return procedures.runnable(version.id)


def _step_name(one: cases.Wait, code: str, now: datetime) -> str:
    if one.contract and not one.node:
        return OUTSIDE
    step = _run(code, now).flow.steps.get(one.node)
    return (step.node.name if step is not None and step.node is not None else "") or one.node


def _own_people(actor: Actor, now: datetime) -> list[tuple[str, cases.PersonLoad]]:
    if not actor.manages_contract:
        return []
    loads = cases.people_loads(actor, now)
    names = display_names(actor, [one.person for one in loads], actor.day)
    return [(names[one.person], one) for one in loads]
