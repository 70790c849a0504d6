"""返還・消去 at the end of a contract: the list, what was said of each thing, the city's confirmation, the certificate."""

from importlib.resources import files as package_files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from honrai.kernel.wareki import format_wareki
from honrai.platform import clock
from honrai.platform.authority.api import Charge, Conflict, Invalid, can_manage_contract, check_has_charge, has_charge
from honrai.platform.files import api as files
from honrai.platform.organisations.api import display_names
from honrai.platform.privacy.operations import closing as operations
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset import api as typeset


@require_http_methods(["GET", "POST"])
def closing(request: HonraiRequest, contract: int) -> HttpResponse:
    """Show the end of a contract to its managers and to the city; begin, declare, confirm."""
    actor, now = request.actor, clock.now()
    if not can_manage_contract(actor, contract):
        check_has_charge(actor, Charge.CONTRACTS)
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, contract))
            return redirect(request.path)
        except (Conflict, Invalid) as refusal:
            error = str(refusal)
    row = operations.closing_of(contract)
    context = {
        "row": row,
        "steps": row.steps.order_by("pk") if row else (),
        "left": operations.left_of(contract, now),
        "hows": operations.HOWS.items(),
        "city": has_charge(actor, Charge.CONTRACTS),
        "error": error,
    }
    return render(request, "governance/closing.html", context, status=422 if error else 200)


def _act(request: HonraiRequest, contract: int) -> str:
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    what, row = request.POST.get("what", ""), operations.closing_of(contract)
    if what == "start":
        operations.start_closing(contract=contract, **given)
        return "返還・消去を始めました。"
    if row is None:
        raise Conflict("返還・消去はまだ始まっていません。")
    if what == "confirm":
        operations.confirm(closing=row.pk, certificate=lambda done: _certificate(request, done), **given)
        return "確認しました。受託者の利用者は、この市にサインインできなくなりました。"
    step = row.steps.filter(pk=what if what.isascii() and what.isdigit() else 0).first()
    if step is None:
        raise Invalid("項目を選び直してください。")
    operations.declare(step=step.pk, how=request.POST.get("how", ""), note=request.POST.get("note", ""), **given)
    return "申し出を記録しました。"


def _certificate(request: HonraiRequest, row: Any) -> bytes:
    day = row.confirmed_at.date()
    data = {
        "city": request.city.name,
        "number": row.contract.number,
        "title": row.contract.title,
        "contractor": row.contract.contractor.name,
        "day": format_wareki(day),
        "by": display_names(request.actor, [row.confirmed_by], day).get(row.confirmed_by, ""),
        "steps": [
            [step.label, f"{step.at_start}件" if step.counted else "－", step.get_how_display(), step.note]
            for step in row.steps.order_by("pk")
        ],
    }
    template = (package_files("honrai.desk.governance") / "typst" / "closing.typ").read_text(encoding="utf-8")
    return typeset.pdf(template, data)


@require_GET
def certificate(request: HonraiRequest, contract: int) -> HttpResponse:
    """Give the certificate; the read is recorded."""
    if not can_manage_contract(request.actor, contract):
        check_has_charge(request.actor, Charge.CONTRACTS)
    row = operations.closing_of(contract)
    if row is None or row.certificate is None:
        raise Conflict("証明書は、市が確認したあとに出せます。")
    _, content = files.fetch(row.certificate, who=request.actor.who, now=clock.now())
    return HttpResponse(content, content_type="application/pdf")
