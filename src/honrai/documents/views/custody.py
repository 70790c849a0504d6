"""Screens of custody: what is here, what is under way, one container, labels, certificate, where a sheet is."""

from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.documents import api, labels, queries
from honrai.documents.forms import ContainerForm, CountForm, DisposeForm, ResolveForm
from honrai.documents.models import Container, Disposal, Handover, Template
from honrai.documents.operations.custody import INSIDE
from honrai.documents.operations.disposing import METHODS
from honrai.documents.permissions import check_can_see, side_of, visible
from honrai.platform import clock
from honrai.platform.errors import Refusal
from honrai.platform.organisations.api import contracts_on, display_names
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset.api import pdf
from honrai.procedures import api as procedures
from honrai.ui.tables import Cell, Column, Filter, Listing

_TYPST = Path(__file__).parents[1] / "typst"


def _where(row: Container) -> Cell:
    if row.disposed_at is not None:
        return Cell("廃棄済み", badge="info")
    return Cell(queries.HOLDERS[row.holder], badge="ok" if row.holder == "city" else "warn")


LISTING = Listing(
    id="containers",
    caption="箱・封筒・束",
    columns=(
        Column("ラベル", lambda row: Cell(row.code, reverse("documents:container", args=[row.pk])), ("code",)),
        Column("種別", lambda row: labels.KINDS[row.kind], ("kind",)),
        Column("届いた日", lambda row: str(row.arrived_on), ("arrived_on",)),
        Column("数", lambda row: Cell(str(row.count), numeric=True), numeric=True),
        Column("今ある所", _where, ("holder",)),
        Column("メモ", lambda row: row.note),
    ),
    filters=(
        Filter("kind", "種別", lambda rows, value: rows.filter(kind=value), (("", "すべて"), *labels.KINDS.items())),
        Filter(
            "holder",
            "今ある所",
            lambda rows, value: rows.filter(holder=value),
            (("", "すべて"), *queries.HOLDERS.items()),
        ),
    ),
    order=("-at", "-pk"),
    empty="まだ登録していません。届いた箱や封筒を登録してください。",
)


@require_http_methods(["GET", "POST"])
def home(request: HonraiRequest) -> HttpResponse:
    """List paper, what is under way and which counts differ; find a label; register what arrived."""
    now = clock.now()
    form = _form(request, None, now)
    if request.method == "POST" and form.is_valid():
        row = _registered(request, form, None, now)
        if row is not None:
            return redirect("documents:container", container=row.pk)
    error = ""
    if request.GET.get("label"):
        try:
            found = api.where_is(request.GET["label"], request.actor)
            return redirect(
                reverse("documents:container", args=[found.container])
                + (f"?sheet={found.sheet}" if found.sheet else "")
            )
        except Refusal as refusal:
            error = str(refusal)
    said = {
        "table": LISTING.page(request, visible(request.actor)),
        "under_way": queries.under_way(request.actor),
        "incidents": queries.open_incidents(request.actor),
        "form": form if side_of(request.actor) == "city" else None,
        "error": error,
    }
    return render(request, "documents/home.html", said, status=422 if error or form.errors else 200)


def _form(request: HonraiRequest, above: Container | None, now: datetime) -> ContainerForm:
    kinds = INSIDE[above.kind] if above is not None else tuple(labels.KINDS)
    offered = [(one.code, one.title) for one in procedures.in_force(now.date())]
    drawn = Template.objects.exclude(published_at=None).order_by("title", "-number")
    return ContainerForm(
        request.POST if "kind" in request.POST else None,
        kinds=kinds,
        procedures=offered,
        templates=[(one.pk, f"{one.title}　{one.number}版") for one in drawn],
        initial={"arrived_on": above.arrived_on if above is not None else now.date()},
    )


def _registered(
    request: HonraiRequest, form: ContainerForm, above: Container | None, now: datetime
) -> Container | None:
    try:
        row = api.register(parent=above.pk if above else None, actor=request.actor, now=now, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"{labels.KINDS[row.kind]} {row.code} を登録しました。ラベルを印刷して貼ってください。")
    return row


@require_http_methods(["GET", "POST"])
def container(request: HonraiRequest, container: int) -> HttpResponse:
    """Show one container: what lies in it, its way, its counts; hand over, take, register what is inside, destroy."""
    now, actor = clock.now(), request.actor
    row, error = check_can_see(actor, container), ""
    move = Handover.objects.filter(container=row, received_at=None).first()
    counted = labels.COUNTED[row.kind]
    giving = side_of(actor) == row.holder and move is None
    contracts = [(one.id, f"{one.title}（{one.contractor}）") for one in contracts_on(actor, now.date())]
    count = CountForm(
        request.POST if request.POST.get("do") in ("give", "take") else None,
        contracts=contracts if giving and side_of(actor) == "city" else [],
        counted=counted,
    )
    inside = _form(request, row, now) if row.kind != "bundle" else None
    dispose = DisposeForm(request.POST if request.POST.get("do") == "dispose" else None)
    if request.method == "POST":
        try:
            if _done(request, row, {"count": count, "inside": inside, "dispose": dispose}, now):
                return redirect("documents:container", container=container)
        except Refusal as refusal:
            error = str(refusal)
    said = _shown(request, row, move) | {"count": count, "inside": inside, "dispose": dispose, "error": error}
    said["may_give"] = giving and row.parent_id is None and row.disposed_at is None
    said["may_take"] = move is not None and move.to == side_of(actor)
    said["counted"] = counted
    return render(request, "documents/container.html", said, status=422 if error else 200)


def _done(request: HonraiRequest, row: Container, forms: dict[str, Any], now: datetime) -> bool:
    """Do what was sent; say whether it is done."""
    said: dict[str, Any] = {"container": row.pk, "actor": request.actor, "now": now}
    match request.POST.get("do"):
        case "give" if forms["count"].is_valid():
            given = forms["count"].cleaned_data
            api.hand_over(contract=given.get("contract") or None, count=given["count"], **said)
            messages.success(request, "渡したことを記録しました。相手が数えて受け取るまで「授受の途中」です。")
        case "take" if forms["count"].is_valid():
            api.receive(count=forms["count"].cleaned_data["count"], **said)
            messages.success(request, "受け取りました。")
        case "dispose" if forms["dispose"].is_valid():
            api.dispose(**forms["dispose"].cleaned_data, **said)
            messages.success(request, "廃棄を記録しました。証明書を印刷できます。")
        case "close":
            fine = api.close_bundle(batch=row.pk, actor=request.actor, now=now)
            told = "枚数が合いました。" if fine else "枚数が合いません。不一致として記録しました。"
            (messages.success if fine else messages.error)(request, told)
        case "register" if forms["inside"] is not None and forms["inside"].is_valid():
            return _registered(request, forms["inside"], row, now) is not None
        case _:
            return False
    return True


def _shown(request: HonraiRequest, row: Container, move: Handover | None) -> dict[str, Any]:
    moves = list(row.handovers.order_by("-sent_at"))
    incidents = list(row.incidents.order_by("-found_at"))
    people = {one for each in moves for one in (each.sent_by, each.received_by) if one}
    names = display_names(request.actor, people, clock.today())
    said: dict[str, Any] = {
        "row": row,
        "kind": labels.KINDS[row.kind],
        "path": queries.path_of(row)[:-1],
        "children": list(row.inside.order_by("pk")),
        "move": move,
        "moves": [
            (one, queries.HOLDERS[one.to], names.get(one.sent_by or 0, ""), names.get(one.received_by or 0, ""))
            for one in moves
        ],
        "incidents": [(one, ResolveForm(initial={"agreed": one.counted})) for one in incidents],
        "holder": queries.HOLDERS[row.holder],
        "disposal": Disposal.objects.filter(container=row).first(),
        "staff": side_of(request.actor) == "city",
    }
    if row.kind == "bundle":
        said |= {
            "progress": queries.progress(row),
            "filings": [
                (one, queries.STATES[one.state], queries.STATE_BADGES[one.state]) for one in queries.filings_of(row)
            ],
            "sheets": [(one, queries.SHEETS[one.kind]) for one in row.sheets.order_by("number")],
            "scans": row.scans.order_by("-at")[:50],
            "marked": request.GET.get("sheet", ""),
        }
    return said


@require_POST
def resolve(request: HonraiRequest, incident: int) -> HttpResponse:
    """Close an incident."""
    form = ResolveForm(request.POST)
    if form.is_valid():
        try:
            api.resolve(incident=incident, actor=request.actor, now=clock.now(), **form.cleaned_data)
            messages.success(request, "不一致を解決しました。")
        except Refusal as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, "調べた結果と正しい数を入力してください。")
    return redirect("documents:home")


@require_GET
def label_sheet(request: HonraiRequest, container: int) -> HttpResponse:
    """Give the labels as PDF: the container and what lies in it, or the cover, a separator and the sheets of a bundle."""
    row = check_can_see(request.actor, container)
    below = [(one.code, f"{labels.KINDS[one.kind]}　{one.note}") for one in row.inside.order_by("pk")]
    if row.kind == "bundle":
        below = [(labels.sheet_code(row.code, number), f"{number}枚目") for number in range(1, row.count + 1)]
    told = [(row.code, f"{labels.KINDS[row.kind]}　{row.note}"), *below]
    data = {
        "title": f"{labels.KINDS[row.kind]} {row.code}",
        "labels": [{"code": code, "text": text, "qr": _qr(code)} for code, text in told],
        "cover": row.kind == "bundle",
        "qr": _qr(row.code),
        "separator": _qr(labels.SEPARATOR),
        "count": row.count,
    }
    return _pdf(pdf((_TYPST / "labels.typ").read_text(encoding="utf-8"), data))


@require_GET
def certificate(request: HonraiRequest, container: int) -> HttpResponse:
    """Give the certificate of disposal as PDF."""
    row = check_can_see(request.actor, container)
    found = Disposal.objects.get(container=row) if row.disposals.exists() else None
    if found is None:
        raise Refusal("まだ廃棄していません")
    names = display_names(request.actor, {found.done_by or 0}, clock.today())
    data = {
        "number": found.number,
        "code": row.code,
        "kind": labels.KINDS[row.kind],
        "method": METHODS[found.method],
        "place": found.place,
        "sheets": found.sheets,
        "done_on": procedures.FIELD_TYPES["date_era"].show(found.done_on),
        "done_by": names.get(found.done_by or 0, ""),
        "witness": found.witness,
        "arrived_on": procedures.FIELD_TYPES["date_era"].show(row.arrived_on),
        "city": request.city.name if request.city else "",
    }
    return _pdf(pdf((_TYPST / "certificate.typ").read_text(encoding="utf-8"), data))


def _qr(text: str) -> str:
    made: str = segno.make_qr(text, error="m").svg_inline(border=2, omitsize=True)
    return made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _pdf(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    return response
