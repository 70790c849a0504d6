"""Screens to act on all tasks that match a list, to follow it, stop it and take it back."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.cases import api as cases
from honrai.desk import worklists
from honrai.desk.words import BULK
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Invalid, Rank
from honrai.platform.organisations.api import display_names, organisation_on, people_of_contract
from honrai.platform.requests import HonraiRequest


@require_POST
def start(request: HonraiRequest) -> HttpResponse:
    """Ask for one act on everything the list matches now; the list is sent as its address, the count as it was shown."""
    actor, now, given = request.actor, clock.now(), request.POST
    rows = worklists.matching(actor, QueryDict(given.get("query", "")).dict(), now)
    tasks = list(rows.order_by("urgent_on", "pk").values_list("pk", flat=True)[: cases.MOST_BULK + 1])
    if str(len(tasks)) != given.get("shown"):
        raise Invalid(f"一覧の件数が変わりました（いま{len(tasks)}件）。一覧を開き直して、もう一度選んでください")
    person = given.get("person", "")
    parameters = {
        "reason": given.get("reason", "").strip(),
        "result": given.get("result", "").strip(),
        "person": int(person) if person.isascii() and person.isdigit() else None,
    }
    made = cases.start_bulk(action=given.get("action", ""), parameters=parameters, tasks=tasks, actor=actor, now=now)
    return redirect("desk:bulk", bulk=made)


@require_GET
def follow(request: HonraiRequest, bulk: int) -> HttpResponse:
    """Show how far a bulk act is; the page renews itself while somebody looks at it."""
    view = cases.bulk_view(bulk, request.actor)
    template = "desk/bulk_part.html" if request.headers.get("HX-Request") else "desk/bulk.html"
    return render(request, template, {"bulk": view, "what": BULK[view.action]})


@require_GET
def mine(request: HonraiRequest) -> HttpResponse:
    """List the newest bulk acts of the person."""
    shown = [(view, BULK[view.action]) for view in cases.bulks_of(request.actor)]
    return render(request, "desk/bulks.html", {"bulks": shown})


@require_POST
def stop(request: HonraiRequest, bulk: int) -> HttpResponse:
    """Stop a running act."""
    cases.stop_bulk(bulk=bulk, actor=request.actor, now=clock.now())
    messages.success(request, "中止しました。済んだ分は元に戻せます。")
    return redirect("desk:bulk", bulk=bulk)


@require_POST
def undo(request: HonraiRequest, bulk: int) -> HttpResponse:
    """Take an act back, as far as it can be."""
    cases.undo_bulk(bulk=bulk, actor=request.actor, now=clock.now())
    return redirect("desk:bulk", bulk=bulk)


def own_people(actor: Actor) -> list[tuple[int, str]]:
    """Return whom the actor may share work out to: the contract's people for its managers, the unit's for its heads."""
    if actor.contract is not None:
        if not actor.manages_contract:
            return []
        return [(one.person, one.label) for one in people_of_contract(actor, actor.contract, actor.day)]
    led = {seat.unit for seat in actor.seats if seat.rank >= Rank.SUBSECTION_HEAD}
    if not led:
        return []
    people = list(dict.fromkeys(place.person for place in organisation_on(actor.day) if place.unit in led))
    names = display_names(actor, people, actor.day)
    return [(person, names[person]) for person in people]
