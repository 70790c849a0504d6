"""Moving running cases to another version: plan, dry run, apply."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Denied, Invalid, Kind, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api, moves
from honrai.procedures.models import MovedCase, MovePlan, MoveResult, MoveState, PackVersion
from honrai.procedures.operations.moving import check_can_apply, check_can_plan
from honrai.procedures.views.common import act, names_of


@require_POST
def plan(request: HonraiRequest, version: int) -> HttpResponse:
    """Make a plan from a version to the one chosen."""
    made: list[int] = []
    target = request.POST.get("target", "")

    def operate() -> None:
        if not target.isascii() or not target.isdigit():
            raise Invalid("移行先の版を選んでください。")
        made.append(api.plan_move(source=version, target=int(target), actor=request.actor, now=clock.now()))

    answer = act(request, operate, "移行計画を作りました。件数を確かめてください。", "procedures:version", version)
    return redirect("procedures:move", made[0]) if made else answer


@require_GET
def move(request: HonraiRequest, plan: int) -> HttpResponse:
    """Show a plan: the dry run before, the progress while and the results after moving."""
    row = _plan(plan, request.actor)
    done = moves.results(row)
    progress = {"plan": row, "done": done, "counted": sum(done.values()), "busy": row.state == MoveState.MOVING}
    if request.headers.get("HX-Request"):
        if not progress["busy"]:
            return HttpResponse(headers={"HX-Refresh": "true"})  # done: show the results
        return render(request, "procedures/life/moving.html", progress)
    planned = row.state == MoveState.PLANNED
    context = {
        **progress,
        "planned": planned,
        "run": moves.dry_run(row) if planned else None,
        "unmatched": moves.unmatched(row),
        "places": moves.places(row),
        "kept": MovedCase.objects.filter(plan=row, result=MoveResult.KEPT).order_by("case")[:200],
        "may_plan": _may(check_can_plan, request.actor, row),
        "may_apply": _may(check_can_apply, request.actor, row),
        "names": names_of(request.actor, [row.made_by, row.started_by]),
    }
    return render(request, "procedures/life/move.html", context)


@require_POST
def do(request: HonraiRequest, plan: int, act_name: str) -> HttpResponse:
    """Change the map, or move the cases."""
    row = _plan(plan, request.actor)
    about: dict[str, Any] = {"plan": row.pk, "actor": request.actor, "now": clock.now()}
    if act_name == "map":
        names = {key.removeprefix("to-"): str(value) for key, value in request.POST.items() if key.startswith("to-")}
        return act(
            request, lambda: api.change_map(names=names, **about), "対応表を変えました。", "procedures:move", row.pk
        )
    if act_name == "apply":
        return act(request, lambda: api.apply_move(**about), "移行を始めました。", "procedures:move", row.pk)
    raise NotFound("その操作はありません。")


def _plan(plan: int, actor: Actor) -> MovePlan:
    row = MovePlan.objects.select_related("source", "target").filter(pk=plan).first()
    if row is None or actor.kind is not Kind.STAFF:
        raise NotFound("移行計画が見つかりません。")
    return row


def _may(check: Callable[[Actor, PackVersion], object], actor: Actor, row: MovePlan) -> bool:
    try:
        check(actor, row.source)
    except Denied:
        return False
    return True
