"""Screens of batches."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from honrai.contact import listings
from honrai.contact.forms import HandOverForm, RemoveForm
from honrai.contact.models import Batch, BatchLine, HandOver
from honrai.contact.operations import batching
from honrai.contact.permissions import visible_items
from honrai.contact.rules.batching import MOST_ITEMS
from honrai.contact.rules.layout import envelope
from honrai.contact.views.parts import actor_of, done, pdf_file, show
from honrai.contact.views.queue import batch_form, waiting_items
from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound
from honrai.platform.requests import HonraiRequest

FILES = {"letters": "file", "cards": "cards", "index": "index", "totals": "sheet"}


@require_GET
def batches(request: HonraiRequest) -> HttpResponse:
    """Show the batches, newest first."""
    return show(request, "contact/batches.html", {"table": listings.BATCHES.page(request, _visible(actor_of(request)))})


@require_POST
def make(request: HonraiRequest) -> HttpResponse:
    """Print what waits into a batch."""
    actor = actor_of(request)
    form = batch_form(actor, request.POST)
    good, made = done(form, lambda given: _make(actor, given))
    if not good:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("letters:queue")
    if made.left_out:
        messages.warning(request, f"{made.left_out}件は束に入れませんでした。担当課の職員が確かめています。")
    return redirect("letters:batch", batch=made.batch) if made.batch else redirect("letters:queue")


def _make(actor: Actor, given: dict[str, str]) -> batching.Made:
    rows = waiting_items(actor)
    if given["kind"]:
        procedure, _, kind = given["kind"].partition("/")
        rows = rows.filter(procedure=procedure, kind=kind)
    keys = list(rows.order_by("to_postcode", "pk").values_list("pk", flat=True)[:MOST_ITEMS])
    if not keys:
        raise NotFound("発送待ちの文書はありません。公印の要る文書は、先に承認を受けてください")
    return batching.make_batch(
        items=keys,
        code=given["code"],
        duplex=bool(given["duplex"]),
        printer=int(given["printer"]) if given["printer"] else None,
        actor=actor,
        now=clock.now(),
    )


@require_GET
def batch(request: HonraiRequest, batch: int) -> HttpResponse:
    """Show one batch: files, sums, what it holds, what was pulled."""
    return _page(request, _batch(request, batch), RemoveForm(), HandOverForm())


def _page(
    request: HonraiRequest, row: Batch, removing: RemoveForm, handing: HandOverForm, status: int = 200
) -> HttpResponse:
    lines = list(row.lines.select_related("item").prefetch_related("removals").order_by("piece", "pk"))
    removed = [(line, removal, batching.REMOVALS[removal.what]) for line in lines for removal in line.removals.all()]
    shown = {
        "batch": row,
        "envelope": envelope(row.envelope),
        "lines": [(line, bool(line.removals.all())) for line in lines],
        "removed": removed,
        "left": len(lines) - len(removed),
        "handed": row.handovers.first(),
        "removing": removing,
        "handing": handing,
    }
    return show(request, "contact/batch.html", shown, status=status)


@require_POST
def remove(request: HonraiRequest, line: int) -> HttpResponse:
    """Take an item out of a batch."""
    row = BatchLine.objects.filter(pk=line).first()
    if row is None:
        raise NotFound("この文書は束にありません")
    found = _batch(request, row.batch_id)
    form = RemoveForm(request.POST)
    if done(form, lambda given: batching.remove(line, **given, actor=request.actor, now=clock.now()))[0]:
        messages.success(request, "束から抜きました。引抜きの一覧に載りました。")
        return redirect("letters:batch", batch=found.pk)
    return _page(request, found, form, HandOverForm(), 422)


@require_POST
def hand_over(request: HonraiRequest, batch: int) -> HttpResponse:
    """Record that the post took the batch."""
    found = _batch(request, batch)
    form = HandOverForm(request.POST)
    good, closed = done(form, lambda given: batching.hand_over(batch, **given, actor=request.actor, now=clock.now()))
    if not good:
        return _page(request, found, RemoveForm(), form, 422)
    assert isinstance(closed, HandOver)
    messages.success(
        request, f"差し出しました。差出し{closed.printed}件、引抜き{closed.pulled}件、書損{closed.spoiled}件。"
    )
    return redirect("letters:batch", batch=batch)


@require_GET
def file(request: HonraiRequest, batch: int, what: str) -> HttpResponse:
    """Show one of the files of a batch."""
    row = _batch(request, batch)
    key = getattr(row, FILES[what]) if what in FILES else None
    if key is None:
        raise NotFound("このファイルはありません")
    return pdf_file(key, request, f"{what}-{row.pk}")


def _visible(actor: Actor) -> QuerySet[Batch]:
    """Batches hold names and addresses of all their items: shown to who made them, or may see every one of them."""
    hidden = BatchLine.objects.exclude(item__in=visible_items(actor)).values("batch")
    return Batch.objects.exclude(pk__in=hidden)


def _batch(request: HonraiRequest, key: int) -> Batch:
    row = _visible(actor_of(request)).filter(pk=key).first()
    if row is None:
        raise NotFound("この束は見つかりません")
    return row
