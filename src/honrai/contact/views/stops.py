"""Screens of what 支援措置 stopped: for officials of the section only, and no more than they need to judge the address."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from honrai.contact.forms import StopForm
from honrai.contact.models import Stop, StopState
from honrai.contact.operations.stopping import CAUSES, confirm, withhold
from honrai.contact.permissions import check_official, visible_stops
from honrai.contact.views.parts import actor_of, done, show
from honrai.parties import api as parties
from honrai.platform import clock
from honrai.platform.errors import NotFound
from honrai.platform.events.api import record
from honrai.platform.organisations.api import display_names
from honrai.platform.requests import HonraiRequest


@require_GET
def stops(request: HonraiRequest) -> HttpResponse:
    """Show what waits for two officials."""
    actor = actor_of(request)
    check_official(actor)
    rows = visible_stops(actor).filter(state=StopState.OPEN).select_related("item").order_by("pk")[:200]
    lines = [(row, CAUSES[row.cause], 2 if row.first_by is None else 1) for row in rows]
    return show(request, "contact/stops.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
def stop(request: HonraiRequest, stop: int) -> HttpResponse:
    """Show one stopped letter: its kind, address and why; a POST confirms or withholds it."""
    actor, now = actor_of(request), clock.now()
    check_official(actor)
    row = visible_stops(actor).select_related("item").filter(pk=stop).first()
    if row is None:
        raise NotFound("この文書は見つかりません")
    form = StopForm(request.POST or None)
    if request.method == "POST":
        withheld = "withhold" in request.POST
        good, last = done(
            form,
            lambda given: (
                withhold(stop, reason=given["note"], actor=actor, now=now)
                if withheld
                else confirm(stop, note=given["note"], actor=actor, now=now)
            ),
        )
        if good:
            messages.success(request, _said(withheld, bool(last)))
            return redirect("letters:stops")
    else:
        record("contact.stop_read", who=actor.who, now=now, subject=("stop", row.pk))
    return show(request, "contact/stop.html", _shown(request, row, form), status=422 if form.errors else 200)


def _said(withheld: bool, last: bool) -> str:
    if withheld:
        return "差し止めました。この宛先には発送しません。"
    return (
        "2人目として確かめました。発送してよい文書になりました。"
        if last
        else "1人目として確かめました。別の職員がもう1人確かめます。"
    )


def _shown(request: HonraiRequest, row: Stop, form: StopForm) -> dict[str, object]:
    people = [key for key in (row.first_by, row.second_by) if key]
    names = display_names(request.actor, people, clock.now().date())
    return {
        "stop": row,
        "cause": CAUSES[row.cause],
        "reasons": [parties.TOUCHES[key] for key in row.reasons],
        "first": names.get(row.first_by or 0, ""),
        "second": names.get(row.second_by or 0, ""),
        "open": row.state == StopState.OPEN,
        "form": form,
    }
