"""Accounts of contractors' people: requested by the manager, issued or refused by the city."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from honrai.platform import clock
from honrai.platform.accounts.api import invite
from honrai.platform.authority.api import TeamRole, can_manage_contract
from honrai.platform.errors import Refusal
from honrai.platform.organisations.forms import AccountRequestForm
from honrai.platform.organisations.mailbox import account_requests
from honrai.platform.organisations.operations.contracts import issue_account, refuse_account, request_account
from honrai.platform.organisations.queries import account_of_person, teams_of_contract
from honrai.platform.requests import HonraiRequest


@require_http_methods(["GET", "POST"])
def accounts(request: HonraiRequest) -> HttpResponse:
    """List requests; for a contract's manager, ask for one more."""
    actor = request.actor
    requests = account_requests(actor)
    manages = actor.contract is not None and can_manage_contract(actor, actor.contract)
    teams = teams_of_contract(actor.contract or 0, clock.today()) if manages else []
    form = AccountRequestForm(request.POST if request.method == "POST" else None, teams=teams)
    if manages and request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"role": TeamRole(form.cleaned_data["role"])}
        try:
            request_account(actor=actor, now=clock.now(), **data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "市に利用者の発行を申請しました。")
            return redirect("account_requests")
    context = {"requests": requests, "manages": manages, "form": form}
    return render(request, "organisations/accounts.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: HonraiRequest, number: int) -> HttpResponse:
    """Issue the account and show its invitation once, or refuse with a reason."""
    actor = request.actor
    now = clock.now()
    if request.POST.get("what") == "refuse":
        refuse_account(actor=actor, now=now, request=number, answer=request.POST.get("answer", ""))
        messages.success(request, "申請を却下しました。")
        return redirect("account_requests")
    existing = any(line.id == number and line.existing for line in account_requests(actor))
    person = issue_account(actor=actor, now=now, request=number)
    if existing:
        messages.success(request, "ほかの市の利用者をこの市でも使えるようにしました。")
        return redirect("account_requests")
    account = account_of_person(person)
    token = invite(account, now) if account else ""
    [label] = [line.label for line in account_requests(actor) if line.id == number]
    return render(request, "organisations/invited.html", {"number": label, "token": token})
