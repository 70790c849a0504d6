"""The monthly self-audit of a contract, and what the centre saved."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from honrai.insight import auditing, effect
from honrai.insight.rules import month_of
from honrai.insight.views.contracts import contract_seen, day_of
from honrai.insight.views.reports import pdf, span
from honrai.kernel.wareki import format_wareki
from honrai.platform import clock
from honrai.platform.authority.api import Charge, Denied, Kind, check_has_charge, has_charge
from honrai.platform.errors import Refusal
from honrai.platform.organisations.api import display_names
from honrai.platform.requests import HonraiRequest


@require_http_methods(["GET", "POST"])
def audit(request: HonraiRequest, contract: int, month: str) -> HttpResponse:
    """Show the ten rules for a month: counted, or asked for with evidence; sign them."""
    found, first = contract_seen(request.actor, contract), month_of(day_of(month))[0]
    error = ""
    if request.method == "POST":
        try:
            auditing.sign(
                contract=contract, month=first, answers=_answers(request), actor=request.actor, now=clock.now()
            )
            messages.success(
                request, "署名しました。見つかったことは「事故」の取扱いとして受託者に伝え、期限を付けました。"
            )
            return redirect(request.path)
        except Refusal as refusal:
            error = str(refusal)
    context = _shown(request, contract, first) | {
        "contract": found,
        "tab": "audit",
        "first": first,
        "before": month_of(first.replace(day=1) - timedelta(days=1))[0],
        "may_sign": has_charge(request.actor, Charge.CONTRACTS),
        "signed": auditing.months_signed(contract),
        "error": error,
    }
    return render(request, "insight/audit.html", context, status=422 if error else 200)


def _answers(request: HonraiRequest) -> dict[int, auditing.Answer]:
    return {
        rule: auditing.Answer(
            request.POST.get(f"rule-{rule}") == "kept", request.POST.get(f"rule-{rule}-evidence", "").strip()
        )
        for rule in auditing.HINTS
    }


def _shown(request: HonraiRequest, contract: int, first: Any) -> dict[str, Any]:
    looked = auditing.checks(contract=contract, month=first, actor=request.actor, now=clock.now())
    sheet = auditing.sheet_of(contract, first)
    lines: list[dict[str, Any]] = []
    for one in looked:
        said = request.POST.get(f"{one.key}-evidence", "")
        line = {"rule": one.rule, "title": one.title, "machine": one.machine, "found": one.found, "detail": one.detail}
        lines.append(line | {"key": one.key, "said": said, "kept": not one.found, "evidence": one.detail})
    return {"sheet": sheet, "lines": sheet.checks if sheet else lines}


@require_GET
def audit_pdf(request: HonraiRequest, contract: int, month: str) -> HttpResponse:
    """Give the month's self-audit as PDF; unsigned, it says so."""
    found, first = contract_seen(request.actor, contract), month_of(day_of(month))[0]
    shown = _shown(request, contract, first)
    sheet = shown["sheet"]
    by = display_names(request.actor, [sheet.signed_by_id], clock.today()).get(sheet.signed_by_id, "") if sheet else ""
    data = {
        "city": request.city.name,
        "contract": f"{found.number}　{found.title}",
        "contractor": found.contractor,
        "month": span(*month_of(first)),
        "lines": [[str(one["rule"]), one["title"], _result(one, sheet), one["evidence"]] for one in shown["lines"]],
        "signed": f"{format_wareki(sheet.signed_at.astimezone(clock.TOKYO).date())}　{by}" if sheet else "未署名",
    }
    return pdf("audit.typ", data)


def _result(line: dict[str, Any], sheet: Any) -> str:
    if not line["machine"] and sheet is None:
        return "未確認"
    return "適" if line["kept"] else f"要是正（{line['found']}件）" if line["machine"] else "要是正"


@require_GET
def this_month(request: HonraiRequest, contract: int) -> HttpResponse:
    """Lead to the month that is to be signed: the last one."""
    last = month_of(clock.today())[0] - timedelta(days=1)
    found = contract_seen(request.actor, contract)
    check_has_charge_or_audit(request)
    month = last if last >= found.since else clock.today()
    return redirect("contracts:audit", contract, f"{month:%Y-%m}")


def check_has_charge_or_audit(request: HonraiRequest) -> None:
    """Raise `Denied` without the 分掌 "contracts" or "audit"."""
    if not has_charge(request.actor, Charge.AUDIT):
        check_has_charge(request.actor, Charge.CONTRACTS)


@require_GET
def saved(request: HonraiRequest) -> HttpResponse:
    """Show what each procedure saved: the survey against what was measured."""
    if request.actor.kind is not Kind.STAFF:
        raise Denied("効果のページは市の職員だけが見られます。")
    return render(
        request, "insight/effect.html", {"effects": effect.effects(clock.now()), "days": effect.LOOKED_BACK.days}
    )
