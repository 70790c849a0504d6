"""発令: read a list, look at every line, apply it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.platform import clock
from honrai.platform.errors import Refusal
from honrai.platform.jobs.progress import how_far
from honrai.platform.organisations.boards import transfer_order, transfer_orders
from honrai.platform.organisations.forms import TransferFileForm
from honrai.platform.organisations.operations.long_transfers import order_transfers, stop_transfers
from honrai.platform.organisations.operations.transfers import apply_transfers, load_transfers, preview_transfers
from honrai.platform.organisations.transfer_rules import HEADER, Action
from honrai.platform.requests import HonraiRequest

LARGEST = 5_000_000
LONG = 50


@require_http_methods(["GET", "POST"])
def transfers(request: HonraiRequest) -> HttpResponse:
    """List orders of transfers; read a new one."""
    actor = request.actor
    orders = transfer_orders(actor)
    form = TransferFileForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST:
            form.add_error("file", "5MBを超えています。分けて取り込んでください。")
        else:
            try:
                order = load_transfers(
                    actor=actor,
                    now=clock.now(),
                    number=form.cleaned_data["number"],
                    effective_on=form.cleaned_data["effective_on"],
                    content=upload.read(),
                )
            except Refusal as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("transfer", order)
    context = {"orders": orders, "form": form, "header": ",".join(HEADER), "actions": "・".join(Action)}
    return render(request, "organisations/transfers.html", context, status=422 if form.errors else 200)


@require_GET
def transfer(request: HonraiRequest, order: int) -> HttpResponse:
    """Show what each line would do, and what is wrong with it."""
    actor = request.actor
    line = transfer_order(actor, order)
    plan = None if line.applied_at or line.ordered_at else preview_transfers(actor=actor, order=order)
    wrong = sum(bool(item.errors) for item in plan.lines) if plan else 0
    return render(
        request,
        "organisations/transfer.html",
        {"order": line, "plan": plan, "wrong": wrong, "progress": how_far("transfer", order)},
    )


@require_POST
def apply(request: HonraiRequest, order: int) -> HttpResponse:
    """Apply the whole list: a short one at once, a long one by a job, so that nobody waits before a page."""
    actor = request.actor
    if transfer_order(actor, order).lines > LONG:
        order_transfers(actor=actor, now=clock.now(), order=order)
        return redirect("transfer", order)
    lines = apply_transfers(actor=actor, now=clock.now(), order=order)
    messages.success(request, f"{lines}件を適用しました。発令日の0時から有効です。")
    return redirect("transfer", order)


@require_GET
def progress(request: HonraiRequest, order: int) -> HttpResponse:
    """Show how far the job is; once it is over, have the page show what became of it."""
    line = transfer_order(request.actor, order)
    if line.ordered_at is None or line.applied_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    told = how_far("transfer", order)
    return render(request, "organisations/transfer_progress.html", {"order": line, "progress": told})


@require_POST
def stop(request: HonraiRequest, order: int) -> HttpResponse:
    """Have the job give up."""
    stop_transfers(actor=request.actor, now=clock.now(), order=order)
    return redirect("transfer", order)
