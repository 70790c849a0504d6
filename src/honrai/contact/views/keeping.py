"""Screens of numbered stock, printers and the receipt stamp."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.cases import api as cases
from honrai.contact.forms import CountForm, MarkForm, PrinterForm, ReceiveForm, StampForm
from honrai.contact.models import Printer, StampedCopy, Stock, StockCount, StockSerial
from honrai.contact.operations import measuring, stocking
from honrai.contact.permissions import check_official
from honrai.contact.rules import serials
from honrai.contact.rules.layout import stocks
from honrai.contact.views.parts import actor_of, done, pdf, pdf_file, show
from honrai.kernel.wareki import format_wareki
from honrai.platform import clock
from honrai.platform.errors import NotFound
from honrai.platform.requests import HonraiRequest

_FORMS = {"receive": ReceiveForm, "mark": MarkForm, "count": CountForm}


@require_GET
def stock(request: HonraiRequest) -> HttpResponse:
    """Show one's numbered stock: what must be there, what became of numbers, counts."""
    return _stock_page(request, {name: form(auto_id=f"{name}_%s") for name, form in _FORMS.items()})


def _stock_page(request: HonraiRequest, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    check_official(actor)
    keepers = Stock.objects.order_by("code", "custodian").values_list("code", "custodian").distinct()
    sums = [
        (stocks()[code]["title"], stocking.sum_of(code, person)) for code, person in keepers if person == actor.person
    ]
    rows = StockSerial.objects.select_related("item").order_by("-day", "-serial")[:50]
    shown = {
        "sums": sums,
        "serials": [
            (
                row,
                serials.shown(row.serial, stocks()[row.code]["digits"]),
                serials.WHAT[row.what],
                serials.VOID.get(row.void, ""),
            )
            for row in rows
        ],
        "counts": [(row, row.counted - row.expected) for row in StockCount.objects.order_by("-at", "-id")[:20]],
        **forms,
    }
    return show(request, "contact/stock.html", shown, status=status)


@require_POST
def change_stock(request: HonraiRequest, what: str) -> HttpResponse:
    """Receive, mark or count numbered stock."""
    if what not in _FORMS:
        raise NotFound("この画面はありません")
    acts = {"receive": stocking.receive_stock, "mark": stocking.mark_serial, "count": stocking.count_stock}
    form = _FORMS[what](request.POST, auto_id=f"{what}_%s")
    act: Any = acts[what]
    if done(form, lambda given: act(**given, actor=actor_of(request), now=clock.now()))[0]:
        messages.success(request, "記録しました。")
        return redirect("letters:stock")
    others = {name: other(auto_id=f"{name}_%s") for name, other in _FORMS.items() if name != what}
    return _stock_page(request, others | {what: form}, 422)


@require_http_methods(["GET", "POST"])
def printers(request: HonraiRequest) -> HttpResponse:
    """Show the printers with their offsets; a POST enters a measurement."""
    actor = actor_of(request)
    form = PrinterForm(request.POST or None)
    if request.method == "POST":
        good, _ = done(form, lambda given: measuring.measure_printer(**given, actor=actor, now=clock.now()))
        if good:
            messages.success(request, "ずれを記録しました。この印刷機を選んで作る束は、位置を補正して出します。")
            return redirect("letters:printers")
    newest = {row.name: row for row in Printer.objects.order_by("pk")}
    shown = {"form": form, "printers": newest.values()}
    return show(request, "contact/printers.html", shown, status=422 if form.errors else 200)


@require_GET
def ruler(request: HonraiRequest) -> HttpResponse:
    """Show the ruler sheet."""
    actor_of(request)
    made = format_wareki(clock.now().date())
    return pdf(measuring.ruler_sheet(printer=request.GET.get("printer", "")[:60], made=made), "ruler")


@require_http_methods(["GET", "POST"])
def stamps(request: HonraiRequest) -> HttpResponse:
    """Find a case by its receipt number; a POST stamps one of its papers."""
    actor, now = actor_of(request), clock.now()
    number = request.GET.get("number", "").strip()
    key = cases.case_numbered(number) if number else None
    row = cases.visible_cases(actor, now).filter(pk=key or 0).first()
    if row is None:
        return show(request, "contact/stamps.html", {"number": number, "missing": bool(number)})
    papers = [(str(one["file"]), str(one["id"])) for one in row.attachments]
    form = StampForm(request.POST or None, papers=papers)
    if request.method == "POST":
        good, _ = done(
            form,
            lambda given: measuring.stamp_copy(
                **(given | {"case": row.pk, "source": int(given["source"])}), actor=actor, now=now
            ),
        )
        if good:
            messages.success(request, "収受印を押した写しを作りました。")
            return redirect(f"{request.path}?number={number}")
    copies = [(copy, measuring.SORTS[copy.sort]) for copy in StampedCopy.objects.filter(case=row.pk).order_by("-id")]
    shown = {"number": number, "case": row, "form": form, "copies": copies, "papers": papers}
    return show(request, "contact/stamps.html", shown, status=422 if form.errors else 200)


@require_GET
def stamped(request: HonraiRequest, copy: int) -> HttpResponse:
    """Show a stamped copy."""
    row = StampedCopy.objects.filter(pk=copy).first()
    if row is None:
        raise NotFound("この写しは見つかりません")
    cases.check_can_see(actor_of(request), row.case, clock.now())
    return pdf_file(row.file, request, f"stamped-{row.pk}", case=row.case)
