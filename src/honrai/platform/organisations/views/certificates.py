"""Pledge, training and test: who has what until when; entering them for several people at once."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Refusal
from honrai.platform.organisations.boards import certificate_board
from honrai.platform.organisations.forms import CertificateForm
from honrai.platform.organisations.operations.people import add_certificate
from honrai.platform.organisations.rules import CertificateKind
from honrai.platform.requests import HonraiRequest


@require_http_methods(["GET", "POST"])
def certificates(request: HonraiRequest) -> HttpResponse:
    """Show the board; enter a certificate for everybody ticked, all or none."""
    actor = request.actor
    lines = certificate_board(actor, clock.today())
    form = CertificateForm(request.POST if request.method == "POST" else None)
    ticked = {int(value) for value in request.POST.getlist("person") if value.isdigit()}
    if request.method == "POST" and form.is_valid():
        people = [line.person for line in lines if line.person in ticked]
        if not people:
            form.add_error(None, "登録する人を選んでください。")
        elif _enter(actor, form, people):
            messages.success(request, f"{len(people)}人分を登録しました。")
            return redirect("certificates")
    context = {"lines": lines, "form": form, "ticked": ticked, "missing": sum(line.missing for line in lines)}
    return render(request, "organisations/certificates.html", context, status=422 if form.errors else 200)


def _enter(actor: Actor, form: CertificateForm, people: list[int]) -> bool:
    """Enter the certificate for each person; False, and nothing entered, where one is refused."""
    data = dict(form.cleaned_data)
    kind = CertificateKind(data.pop("kind"))
    try:
        with transaction.atomic():
            for person in people:
                add_certificate(actor=actor, now=clock.now(), person=person, kind=kind, **data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
