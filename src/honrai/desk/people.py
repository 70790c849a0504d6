"""One person: who they are, their cases and letters, their household where it may be seen."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from honrai.cases import api as cases
from honrai.parties import api as parties
from honrai.platform import clock
from honrai.platform.requests import HonraiRequest


@sensitive_post_parameters()
@require_POST
def person(request: HonraiRequest) -> HttpResponse:
    """Show one resident. The number is posted, so that it stays out of logs; the read is recorded before anything is shown."""
    actor, now = request.actor, clock.now()
    shown = parties.read_person(request.POST.get("number", ""), actor=actor, now=now)
    found = cases.briefs(shown.cases, actor, now)
    return render(request, "desk/person.html", {"person": shown, "cases": found})
