"""日報, 月報 and 検収: drafts from the log, confirmed and accepted; inspections with their sample; each also as PDF."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from honrai.cases.api import case_numbers
from honrai.insight import inspecting, reporting
from honrai.insight.forms import DueForm
from honrai.insight.inspecting import Verdict
from honrai.insight.models import Report, ReportKind
from honrai.insight.rules import month_of, percent
from honrai.insight.views.contracts import contract_seen, day_of, titles
from honrai.kernel.wareki import format_wareki
from honrai.platform import clock
from honrai.platform.authority.api import Charge, NotFound, can_manage_contract, check_has_charge, has_charge
from honrai.platform.errors import Refusal
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.api import DealingKind
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset import api as typeset

#: The columns of a report, in their order.
COLUMNS = (
    ("received", "受入"),
    ("done", "完了"),
    ("undone", "完了の取消し"),
    ("cancelled", "不要になった"),
    ("waiting", "期末の待ち"),
    ("returned", "うち差戻し"),
    ("redone", "うちやり直し"),
)
_WORDS = dict(COLUMNS) | {"in_time": "期限内", "compared": "照合した欄", "differences": "相違した欄"}


@require_GET
def reports(request: HonraiRequest, contract: int) -> HttpResponse:
    """List the days and months lately, which are confirmed and accepted, and which still are drafts."""
    found = contract_seen(request.actor, contract)
    today = clock.today()
    days = [today - timedelta(days=back) for back in range(14)]
    months = [month_of(today)[0]]
    for _ in range(5):
        months.append(month_of(months[-1] - timedelta(days=1))[0])
    rows = {(row.kind, row.first_day): row for row in _rows(contract)}
    lines = [("daily", day, rows.get(("daily", day))) for day in days if day >= found.since]
    lines += [("monthly", day, rows.get(("monthly", day))) for day in months if month_of(day)[1] >= found.since]
    return render(request, "insight/reports.html", {"contract": found, "tab": "reports", "lines": lines})


def _rows(contract: int) -> Sequence[Report]:
    rows = Report.objects.filter(contract_id=contract, first_day__gte=clock.today() - timedelta(days=220))
    return list(rows.prefetch_related("replies").order_by("first_day", "revision"))


@require_http_methods(["GET", "POST"])
def report(request: HonraiRequest, contract: int, kind: str, day: str) -> HttpResponse:
    """Show one report: the draft as the log tells it now, or what was confirmed; confirm, accept, return."""
    found, what, first = contract_seen(request.actor, contract), _kind(kind), day_of(day)
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, contract, what, first))
            return redirect(request.path)
        except Refusal as refusal:
            error = str(refusal)
    context = _shown(request, contract, what, first) | {"contract": found, "tab": "reports", "error": error}
    return render(request, "insight/report.html", context, status=422 if error else 200)


@require_GET
def report_pdf(request: HonraiRequest, contract: int, kind: str, day: str) -> HttpResponse:
    """Give the report as PDF; a draft says that it is one."""
    found, what, first = contract_seen(request.actor, contract), _kind(kind), day_of(day)
    shown = _shown(request, contract, what, first)
    row = shown["row"]
    data = {
        "city": request.city.name,
        "kind": what.label,
        "title": found.title,
        "number": found.number,
        "contractor": found.contractor,
        "period": span(shown["first"], shown["last"]),
        "standing": _standing(row),
        "columns": [label for _, label in COLUMNS],
        "rows": [[line["title"], *(str(cell) for cell in line["cells"])] for line in shown["lines"]],
        "quality": [[line["title"], line["in_time"], line["hours"], line["quality"]] for line in shown["lines"]],
        "corrections": shown["corrections"],
        "note": row.note if row else "",
    }
    return pdf("report.typ", data)


def _standing(row: Report | None) -> str:
    if row is None:
        return "案（未確認）"
    reply = row.replies.first()
    said = "" if reply is None else f"　市{'受領' if reply.accepted else '差戻し'} {format_wareki(reply.at.date())}"
    return f"第{row.revision}回　管理責任者確認 {format_wareki(row.confirmed_at.astimezone(clock.TOKYO).date())}{said}"


def _act(request: HonraiRequest, contract: int, kind: ReportKind, first: date) -> str:
    given: dict[str, Any] = {"actor": request.actor, "now": clock.now()}
    what, words = request.POST.get("what", ""), request.POST.get("words", "")
    if what == "confirm":
        reporting.confirm(contract=contract, kind=kind, day=first, note=words, **given)
        return "確認しました。数字はこのあと変わりません。"
    row = _last(contract, kind, first)
    if row is None:
        raise NotFound("確認済みの報告がありません。")
    reporting.reply(report=row.pk, accepted=what == "accept", words=words, **given)
    return "受領しました。" if what == "accept" else "差し戻しました。"


def _last(contract: int, kind: ReportKind, first: date) -> Report | None:
    first = month_of(first)[0] if kind is ReportKind.MONTHLY else first
    return Report.objects.filter(contract_id=contract, kind=kind, first_day=first).order_by("-revision").first()


def _shown(request: HonraiRequest, contract: int, kind: ReportKind, first: date) -> dict[str, Any]:
    actor, row = request.actor, _last(contract, kind, first)
    reply = row.replies.first() if row else None
    if row is not None and (reply is None or reply.accepted or not can_manage_contract(actor, contract)):
        figures, found, last = row.figures, reporting.corrections_of(row), row.last_day
        day = row.first_day
    else:
        made = reporting.draft(contract=contract, kind=kind, day=first, actor=actor)
        figures, found, last = [_plain(one) for one in made.figures], list(made.corrections), made.last_day
        day, row = made.first_day, None if row is None or reply is None else row
    returned = reply is not None and not reply.accepted
    draft = row is None or (returned and can_manage_contract(actor, contract))
    return {
        "row": row,
        "reply": reply,
        "kind": kind,
        "first": day,
        "last": last,
        "lines": [_line(one) for one in figures],
        "columns": [label for _, label in COLUMNS],
        "corrections": [
            f"{format_wareki(one.first_day)}　{titles().get(one.activity, one.activity)}　{_WORDS[one.count]} {one.by:+d}"
            for one in found
        ],
        "may_confirm": draft and can_manage_contract(actor, contract),
        "may_reply": row is not None and reply is None and has_charge(actor, Charge.CONTRACTS),
    }


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _line(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": titles().get(one["procedure"], one["procedure"]),
        "cells": [one[name] for name, _ in COLUMNS],
        "in_time": f"{one['in_time']} / {one['done']}（{percent(one['in_time'], one['done'])}）",
        "hours": "－" if one["hours"] is None else f"{one['hours']}時間",
        "quality": f"{one['differences']} / {one['compared']}欄" if one["compared"] else "－",
    }


@require_http_methods(["GET", "POST"])
def inspect(request: HonraiRequest, contract: int, dealing: int) -> HttpResponse:
    """Look at what an order delivered: counts, a sample, what is wrong with each; 合格 or 再履行."""
    found = contract_seen(request.actor, contract)
    check_has_charge(request.actor, Charge.CONTRACTS)
    delivery = inspecting.delivery(order=dealing, actor=request.actor)
    form = DueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            key = inspecting.inspect(
                order=dealing, verdict=_verdict(request, delivery.sample, form), actor=request.actor, now=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "検収の結果を記録し、受託者に知らせました。")
            return redirect("contracts:dealing", contract, key)
    numbers = case_numbers(delivery.sample)
    sample = [(case, numbers.get(case, str(case)), request.POST.get(f"wrong-{case}", "")) for case in delivery.sample]
    context = {"contract": found, "delivery": delivery, "sample": sample, "form": form}
    return render(request, "insight/inspect.html", context, status=422 if form.errors else 200)


def _verdict(request: HonraiRequest, sample: Sequence[int], form: DueForm) -> Verdict:
    findings = {case: request.POST.get(f"wrong-{case}", "") for case in sample if f"wrong-{case}" in request.POST}
    return Verdict(findings, form.cleaned_data["due"], form.cleaned_data["words"])


@require_GET
def certificate(request: HonraiRequest, contract: int, dealing: int) -> HttpResponse:
    """Give the 検収書 of an inspection as PDF."""
    found, row = contract_seen(request.actor, contract), organisations.dealing(request.actor, dealing)
    if row.kind is not DealingKind.INSPECTION or row.contract != contract or row.concerns is None:
        raise NotFound("該当する検収はありません。")
    order = organisations.dealing(request.actor, row.concerns)
    counted, numbers = row.facts["counted"], case_numbers([one["case"] for one in row.facts["sample"]])
    data = {
        "city": request.city.name,
        "number": row.number,
        "order": f"{order.number}　{order.title}",
        "contract": f"{found.number}　{found.title}",
        "contractor": found.contractor,
        "activity": titles().get(row.activity, row.activity),
        "period": span(row.since, row.until),
        "ordered": order.quantity,
        "delivered": row.facts["delivered"],
        "quality": order.quality or "－",
        "counts": [[label, str(counted[name])] for name, label in COLUMNS],
        "in_time": f"{counted['in_time']} / {counted['done']}（{percent(counted['in_time'], counted['done'])}）",
        "sample": [[numbers.get(one["case"], str(one["case"])), one["wrong"] or "合"] for one in row.facts["sample"]],
        "result": row.state_label,
        "words": row.body,
        "day": format_wareki(row.opened_at.astimezone(clock.TOKYO).date()),
    }
    return pdf("inspection.typ", data)


def pdf(template: str, data: Mapping[str, Any]) -> HttpResponse:
    """Set one of this chapter's templates."""
    source = (files("honrai.insight") / "typst" / template).read_text(encoding="utf-8")
    return HttpResponse(typeset.pdf(source, data), content_type="application/pdf")


def span(first: date | None, last: date | None) -> str:
    """Return a period in words."""
    if first == last and first is not None:
        return format_wareki(first)
    return f"{format_wareki(first) if first else ''}から{format_wareki(last) if last else ''}まで"


def _kind(kind: str) -> ReportKind:
    if kind not in ReportKind.values:
        raise NotFound("その報告はありません。")
    return ReportKind(kind)
