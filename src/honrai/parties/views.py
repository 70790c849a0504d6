"""The detailed search for a person; one person is shown by the desk. What is looked for never stands in an address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from honrai.parties.forms import SearchForm
from honrai.parties.operations.looking import Found, search
from honrai.parties.permissions import check_can_search
from honrai.parties.ports import ports
from honrai.platform import clock
from honrai.platform.errors import Refusal
from honrai.platform.requests import HonraiRequest


@sensitive_post_parameters()
def people(request: HonraiRequest) -> HttpResponse:
    """Look for a person. The search is posted, so that names and birthdays stay out of logs and histories."""
    actor = request.actor
    check_can_search(actor)
    form = SearchForm(request.POST or None)
    found: Found | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = search(
                form.criteria(), purpose=given["purpose"], detail=given["detail"], actor=actor, now=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(
        request,
        "parties/people.html",
        {"form": form, "found": found, "person_page": ports.person_page},
        status=422 if form.errors else 200,
    )
