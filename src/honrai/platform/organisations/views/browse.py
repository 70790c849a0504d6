"""Who is what on a day, and one person's history."""

from collections.abc import Callable
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, has_charge
from honrai.platform.events.api import record
from honrai.platform.organisations.boards import check_can_see_person, self_audit, tree_on
from honrai.platform.organisations.forms import DayForm
from honrai.platform.organisations.queries import (
    certificates_missing,
    contracts_on,
    display_names,
    history_of,
)
from honrai.platform.requests import HonraiRequest


def _charged(charge: Charge) -> Callable[[Actor], bool]:
    return lambda actor: has_charge(actor, charge) or (charge in _OF_MANAGERS and actor.manages_contract)


_OF_MANAGERS = {Charge.CERTIFICATES, Charge.ACCOUNTS}
_LINKS = (
    ("発令", "transfers", _charged(Charge.TRANSFERS)),
    ("誓約・研修・テスト", "certificates", _charged(Charge.CERTIFICATES)),
    ("受託者の利用者", "account_requests", _charged(Charge.ACCOUNTS)),
    ("契約の自己点検", "self_audit", _charged(Charge.CONTRACTS)),
)


@require_GET
def organisation(request: HonraiRequest) -> HttpResponse:
    """Show units, posts and holders, and the contracts, as they were on the day asked for (today without one)."""
    actor = request.actor
    form = DayForm(request.GET or None)
    day: date = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    context = {
        "form": form if request.GET else DayForm(initial={"on": day}),
        "day": day,
        "branches": tree_on(actor, day),
        "contracts": contracts_on(actor, day),
        "links": [(label, reverse(name)) for label, name, open_to in _LINKS if open_to(actor)],
    }
    return render(request, "organisations/organisation.html", context)


@require_GET
def person(request: HonraiRequest, person: int) -> HttpResponse:
    """Show what one person was and is; opening it is recorded."""
    actor = request.actor
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


@require_GET
def audit(request: HonraiRequest) -> HttpResponse:
    """Show the monthly self-audit of the contracts: the month of the day asked for, this month without one."""
    actor = request.actor
    form = DayForm(request.GET or None)
    day: date = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    since = datetime(day.year, day.month, 1, tzinfo=clock.TOKYO)
    until = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=clock.TOKYO)
    context = {
        "form": form if request.GET else DayForm(initial={"on": day}),
        "since": since.date(),
        "contracts": self_audit(actor, since, min(until, clock.now())),
    }
    return render(request, "organisations/self_audit.html", context)
