"""Screens of items: what waits, one item, printing again, another address."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.contact import listings
from honrai.contact.forms import AgainForm, BatchForm, ReaddressForm
from honrai.contact.models import Item, ItemState, Printer, Reprint
from honrai.contact.operations.queueing import readdress as give_address
from honrai.contact.operations.reprinting import reprint
from honrai.contact.permissions import sendable_items, visible_items, visible_stops
from honrai.contact.views.parts import actor_of, done, pdf_file, show
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Kind
from honrai.platform.errors import NotFound
from honrai.platform.events.api import record
from honrai.platform.requests import HonraiRequest


@require_GET
def queue(request: HonraiRequest) -> HttpResponse:
    """Show what was issued and where it stands, and the form that prints what waits."""
    actor = actor_of(request)
    rows = visible_items(actor).select_related("seal_request")
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    waiting = waiting_items(actor)
    shown = {
        "table": listings.ITEMS.page(request, rows),
        "counts": [(state.label, counts.get(state, 0)) for state in listings.SHOWN],
        "form": batch_form(actor),
        "waiting": waiting.count(),
        "stopped": visible_stops(actor).filter(state="open").count(),
        "official": actor.kind is Kind.STAFF,
    }
    return show(request, "contact/queue.html", shown)


def waiting_items(actor: Actor) -> QuerySet[Item]:
    """Return what the actor may print now: waiting, with the seal approved where it needs one."""
    rows = sendable_items(actor).filter(state=ItemState.WAITING)
    return rows.exclude(sealed=True, seal_request=None).exclude(seal_request__state="asked")


def batch_form(actor: Actor, data: Any = None) -> BatchForm:
    """Return the form that makes a batch, with the kinds of letters that wait and the printers measured."""
    found = waiting_items(actor).order_by("procedure", "kind").values_list("procedure", "kind", "title").distinct()
    kinds = [(f"{procedure}/{kind}", title) for procedure, kind, title in found]
    newest = {row.name: row for row in Printer.objects.order_by("pk")}
    printers = [(str(row.pk), f"{row.name}（右{row.right} 下{row.down}）") for row in newest.values()]
    return BatchForm(data, kinds=kinds, printers=printers)


@require_GET
def item(request: HonraiRequest, item: int) -> HttpResponse:
    """Show one item: where it goes, what came of it, and what can be done."""
    row = _item(request, item)
    address = {"name": row.to_name, "postcode": row.to_postcode, "address": row.to_address}
    return _page(request, row, AgainForm(auto_id="again_%s"), ReaddressForm(initial=address))


def _page(
    request: HonraiRequest, row: Item, again: AgainForm, address: ReaddressForm, status: int = 200
) -> HttpResponse:
    shown = {
        "item": row,
        "state": ItemState(row.state),
        "lines": row.lines.select_related("batch").prefetch_related("removals").order_by("pk"),
        "reprints": row.reprints.order_by("pk"),
        "serials": row.serials.order_by("serial"),
        "again": again,
        "address": address,
        "printed": row.state in (ItemState.BATCHED, ItemState.SENT),
        "official": request.actor.kind is Kind.STAFF,
        "movable": row.state in (ItemState.WAITING, ItemState.PULLED, ItemState.SENT, ItemState.ONLINE),
    }
    return show(request, "contact/item.html", shown, status=status)


@require_GET
def preview(request: HonraiRequest, item: int) -> HttpResponse:
    """Show the letter as it was issued."""
    row = _item(request, item)
    record("contact.letter_previewed", who=request.actor.who, now=clock.now(), subject=("item", row.pk), case=row.case)
    return pdf_file(row.file, request, f"letter-{row.pk}", case=row.case)


@require_POST
def again(request: HonraiRequest, item: int) -> HttpResponse:
    """Print a letter again."""
    row = _item(request, item)
    form = AgainForm(request.POST, auto_id="again_%s")
    good, file = done(
        form,
        lambda given: reprint(item, reason=given["reason"], voids=given["voids"], actor=request.actor, now=clock.now()),
    )
    if not good:
        return _page(request, row, form, ReaddressForm(), 422)
    if file is None:
        messages.warning(
            request, "この文書は、職員2人の確認が済むまで再印刷できません。確認のあとで、もう一度行ってください。"
        )
        return redirect("letters:queue")
    messages.success(request, "再印刷のファイルを作りました。下の「再印刷」から開いてください。")
    return redirect("letters:item", item=item)


@require_http_methods(["POST"])
def readdress(request: HonraiRequest, item: int) -> HttpResponse:
    """Send a letter to another address."""
    row = _item(request, item)
    form = ReaddressForm(request.POST)
    good, waits = done(form, lambda given: give_address(item, **given, actor=request.actor, now=clock.now()))
    if not good:
        return _page(request, row, AgainForm(auto_id="again_%s"), form, 422)
    if waits:
        messages.success(request, "宛先を変えました。発送待ちに入れ、宛名の紙を付けて印刷します。")
        return redirect("letters:item", item=item)
    messages.warning(request, "宛先を変えました。この文書は、職員2人の確認が済むまで発送しません。")
    return redirect("letters:queue")


@require_GET
def reprint_file(request: HonraiRequest, reprint: int) -> HttpResponse:
    """Show the file of a reprint."""
    row = Reprint.objects.select_related("item").filter(pk=reprint).first()
    if row is None:
        raise NotFound("この再印刷は見つかりません")
    _item(request, row.item_id)
    return pdf_file(row.file, request, f"reprint-{row.pk}", case=row.item.case)


def _item(request: HonraiRequest, key: int) -> Item:
    row = visible_items(actor_of(request)).filter(pk=key).first()
    if row is None:
        raise NotFound("この文書は見つかりません。自分の担当の文書か確かめてください")
    return row
