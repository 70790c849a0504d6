"""Who is what on a day, and one person's history."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, has_charge
from honrai.platform.events.api import record
from honrai.platform.organisations.boards import check_can_see_person, tree_on
from honrai.platform.organisations.forms import DayForm
from honrai.platform.organisations.queries import (
    certificates_missing,
    contracts_on,
    display_names,
    history_of,
)


@require_GET
def organisation(request: HttpRequest) -> HttpResponse:
    """Show units, posts and holders, and the contracts, as they were on the day asked for (today without one)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = DayForm(request.GET or None)
    day: date = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    context = {
        "form": form if request.GET else DayForm(initial={"on": day}),
        "day": day,
        "branches": tree_on(actor, day),
        "contracts": contracts_on(actor, day),
    }
    return render(request, "organisations/organisation.html", context)


@require_GET
def person(request: HttpRequest, person: int) -> HttpResponse:
    """Show what one person was and is; opening it is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_see_person(actor, person)
    now, today = clock.now(), clock.today()
    record("organisations.person_read", who=actor.who, now=now, subject=("person", person))
    shown = actor.person == person or has_charge(actor, Charge.CERTIFICATES)
    context = {
        "name": display_names(actor, [person], today)[person],
        "places": history_of(person),
        "missing": certificates_missing(person, today) if shown else (),
    }
    return render(request, "organisations/person.html", context)
