"""The contract channel: messages to and from a contract, who of its people has them (for its manager only), duty."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Channel, Charge, can_manage_contract, can_send, has_charge
from honrai.platform.errors import NotFound, Refusal
from honrai.platform.organisations.forms import MessageForm
from honrai.platform.organisations.mailbox import messages_for
from honrai.platform.organisations.operations.channel import (
    Message,
    assign_message,
    end_duty,
    finish_message,
    send,
    start_duty,
)
from honrai.platform.organisations.queries import contracts_on, on_duty, people_of_contract
from honrai.platform.requests import HonraiRequest

LONGEST_DUTY = timedelta(hours=12)
#: What is written here; orders, changes, inspections, queries, complaints, incidents and stops are numbered dealings.
_PLAIN = (Channel.RETURN, Channel.SAFETY, Channel.DELIVERY, Channel.REPORT)


@require_http_methods(["GET", "POST"])
def contract(request: HonraiRequest, contract: int) -> HttpResponse:
    """Show a contract's open messages; send one more."""
    actor = request.actor
    found = next((view for view in contracts_on(actor, clock.today()) if view.id == contract), None)
    if found is None:
        raise NotFound("有効な契約ではありません。")
    channels = [c for c in _PLAIN if can_send(actor, contract, c)]
    form = MessageForm(request.POST if request.method == "POST" else None, channels=channels)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"channel": Channel(form.cleaned_data["channel"])}
        try:
            send(actor=actor, now=clock.now(), message=Message(contract=contract, **data))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "送りました。")
            return redirect("contract", contract)
    manages = can_manage_contract(actor, contract)
    context = {
        "contract": found,
        "rows": messages_for(actor, contract),
        "channels": channels,
        "form": form,
        "manages": manages,
        "may_close": manages or has_charge(actor, Charge.CONTRACTS),
        "on_duty": on_duty(contract, clock.now()),
        "people": people_of_contract(actor, contract, clock.today()),
        "finishes": [c for c in Channel if c.from_city is (actor.contract == contract)],
    }
    return render(request, "organisations/contract.html", context, status=422 if form.errors else 200)


@require_POST
def message(request: HonraiRequest, contract: int, message: int) -> HttpResponse:
    """Assign a message inside the contract, or mark it done."""
    actor = request.actor
    person = request.POST.get("person", "")
    if person.isdigit():
        assign_message(actor=actor, now=clock.now(), message=message, person=int(person))
        messages.success(request, "割り当てました。")
    else:
        finish_message(actor=actor, now=clock.now(), message=message)
        messages.success(request, "完了にしました。")
    return redirect("contract", contract)


@require_POST
def duty(request: HonraiRequest, contract: int) -> HttpResponse:
    """Go on or off duty as the contract's manager."""
    actor = request.actor
    now = clock.now()
    if request.POST.get("what") == "end":
        end_duty(actor=actor, now=now)
        messages.success(request, "在席を終えました。新しい発注は次の在席まで保留されます。")
    else:
        arrived = start_duty(actor=actor, now=now, until=now + LONGEST_DUTY)
        messages.success(request, f"在席を始めました。保留されていた{arrived}件が届きました。")
    return redirect("contract", contract)
