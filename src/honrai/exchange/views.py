"""Screens of exchange: loads with preview, rejects and undo; entries that go out, and whether they landed."""

import csv
import io
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.exchange.forms import ConfirmForm, HandOverForm, LoadForm, ProveForm, UndoForm
from honrai.exchange.models import Batch, Entry, Load, Reject
from honrai.exchange.operations import by_hand, loading, outgoing
from honrai.exchange.permissions import check_can_exchange
from honrai.exchange.queries import latest_load, layout_of
from honrai.exchange.rules.landing import EntryState
from honrai.exchange.rules.layout import Layout
from honrai.exchange.rules.library import layouts
from honrai.exchange.rules.loading import State
from honrai.exchange.screens import ENTRIES, LOADS
from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound, Refusal
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.jobs.progress import how_far
from honrai.platform.requests import HonraiRequest

MOST_AT_ONCE = 20_000
_SHOWN_REJECTS = 50


def loads(request: HonraiRequest) -> HttpResponse:
    """Show all loads, newest first."""
    _actor(request)
    return render(request, "exchange/loads.html", {"table": LOADS.page(request, Load.objects.all())})


def new_load(request: HonraiRequest) -> HttpResponse:
    """Take a file in; it is read in the background."""
    actor = _actor(request)
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            key = loading.receive(
                layout=given["layout"],
                as_of=given["as_of"],
                name=given["file"].name,
                content=given["file"].read(),
                actor=actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("exchange:load", load=key)
    return render(request, "exchange/new_load.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def load(request: HonraiRequest, load: int) -> HttpResponse:
    """Show one load: how far it is, what it would change, what was refused, and what can be done."""
    _actor(request)
    row = _load(load)
    latest = latest_load(row.source)
    shown = {
        "load": row,
        "layout": layout_of(row.layout, row.as_of),
        "state": State(row.state),
        "progress": how_far("load", load),
        "warnings": loading.warnings_of(row) if row.state == State.PREVIEWED else (),
        "rejects": Reject.objects.filter(load=row).order_by("line", "id")[:_SHOWN_REJECTS],
        "can_undo": row.state == State.APPLIED and latest is not None and latest.pk == row.pk,
        "confirm_form": ConfirmForm(),
        "undo_form": UndoForm(),
    }
    part = "exchange/load.html#state" if getattr(request, "htmx", False) else "exchange/load.html"
    return render(request, part, shown)


@require_POST
def confirm(request: HonraiRequest, load: int) -> HttpResponse:
    """Have a previewed load delivered."""
    form = ConfirmForm(request.POST)
    form.is_valid()
    loading.confirm(load, confirmed=bool(form.cleaned_data.get("confirmed")), actor=_actor(request), now=clock.now())
    messages.info(request, "取込みを始めました。この画面を閉じても続きます。")
    return redirect("exchange:load", load=load)


@require_POST
def discard(request: HonraiRequest, load: int) -> HttpResponse:
    """Throw a preview away."""
    loading.discard(load, actor=_actor(request), now=clock.now())
    messages.success(request, "破棄しました。何も変わっていません。")
    return redirect("exchange:loads")


@require_POST
def stop(request: HonraiRequest, load: int) -> HttpResponse:
    """Have the running job give up."""
    loading.stop(load, actor=_actor(request), now=clock.now())
    return redirect("exchange:load", load=load)


@require_POST
def undo(request: HonraiRequest, load: int) -> HttpResponse:
    """Take the latest load of its kind back."""
    loading.undo(load, reason=request.POST.get("reason", ""), actor=_actor(request), now=clock.now())
    messages.info(request, "取消しを始めました。取込み前の内容に戻ります。")
    return redirect("exchange:load", load=load)


@require_GET
def rejects(request: HonraiRequest, load: int) -> HttpResponse:
    """Give the list of refused lines as CSV (line, field, reason, value); taking it out is recorded."""
    actor, row = _actor(request), _load(load)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["行", "項目", "理由", "書かれていた値"])
    found = Reject.objects.filter(load=row).order_by("line", "id").values_list("line", "label", "reason", "value")
    writer.writerows([line, label, reason, _harmless(value)] for line, label, reason, value in found)
    record("exchange.rejects_taken", who=actor.who, now=clock.now(), subject=("load", load))
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejects-{load}.csv"'
    return answer


def entries(request: HonraiRequest) -> HttpResponse:
    """Show outgoing entries and their landing; a POST hands those waiting over."""
    actor = _actor(request)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _hand_over(request, actor, form)
    counts = {state.label: Entry.objects.filter(state=state).count() for state in EntryState}
    table = ENTRIES.page(request, Entry.objects.select_related("batch"))
    late = Entry.objects.filter(state=EntryState.MISSING).order_by("handed_on")
    shown = {"table": table, "form": form, "counts": counts, "batches": _batches(), "late": _late(late, clock.today())}
    return render(request, "exchange/entries.html", shown)


def entry(request: HonraiRequest, entry: int) -> HttpResponse:
    """Show one entry to copy field by field; a POST says that it was typed into the core system."""
    actor, now = _actor(request), clock.now()
    row = Entry.objects.select_related("batch").filter(pk=entry).first()
    if row is None:
        raise NotFound("この登録は見つかりません。")
    if request.method == "POST":
        if "reason" in request.POST:
            by_hand.prove_by_hand(entry, reason=request.POST["reason"], actor=actor, now=now)
            messages.success(request, "反映済みにしました。")
            return redirect("exchange:entries")
        outgoing.hand_over(layout=row.layout, way="copy", entries=[entry], actor=actor, now=now)
        messages.success(request, "引渡し済みにしました。次の抽出で反映を確かめます。")
        return redirect("exchange:entries")
    layout = layout_of(row.layout, now.date())
    shown = {
        "entry": row,
        "layout": layout,
        "state": EntryState(row.state),
        "cells": outgoing.cells_of(entry, contract=None, actor=actor, now=now),
        "differences": [(_label(layout, each["field"]), each["ours"], each["theirs"]) for each in row.differences],
        "can_hand_over": row.state in (EntryState.WRITTEN, EntryState.MISSING),
        "prove_form": ProveForm() if row.state in (EntryState.HANDED_OVER, EntryState.MISSING) else None,
    }
    return render(request, "exchange/entry.html", shown)


@require_GET
def batch_file(request: HonraiRequest, batch: int) -> HttpResponse:
    """Give the file of a handed-over batch; taking it out is recorded by the file store."""
    actor = _actor(request)
    row = Batch.objects.filter(pk=batch, file__isnull=False).first()
    if row is None:
        raise NotFound("この引渡しにはファイルがありません。")
    info, content = files.fetch(row.file or 0, who=actor.who, now=clock.now())
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{info.name}"'
    return answer


def _hand_over(request: HonraiRequest, actor: Actor, form: HandOverForm) -> HttpResponse:
    states = [EntryState.WRITTEN, *([EntryState.MISSING] if form.cleaned_data["missing"] else [])]
    code = form.cleaned_data["layout"]
    keys = list(Entry.objects.filter(layout=code, state__in=states).order_by("id").values_list("id", flat=True))
    if not keys:
        messages.info(request, "引き渡すものはありません。")
        return redirect("exchange:entries")
    done = outgoing.hand_over(
        layout=code, way=form.cleaned_data["way"], entries=keys[:MOST_AT_ONCE], actor=actor, now=clock.now()
    )
    messages.success(request, f"{done.entries:,}件を引き渡しました。下の一覧からファイルを受け取ってください。")
    if done.left_out:
        messages.warning(request, f"{len(done.left_out):,}件は書けないため残しました。{done.left_out[0][1]}")
    return redirect("exchange:entries")


def _late(rows: QuerySet[Entry], today: date) -> tuple[int, int]:
    """Return how many entries have not landed and how many days ago the oldest was handed over."""
    oldest = rows.values_list("handed_on", flat=True).first()
    return rows.count(), (today - oldest).days if oldest else 0


def _batches() -> list[tuple[Batch, str, str]]:
    titles = {each.code: each.title for each in layouts()}
    rows = Batch.objects.order_by("-made_at", "-id")[:10]
    return [(row, titles.get(row.layout, row.layout), outgoing.WAYS[row.way]) for row in rows]


def _label(layout: Layout, field: str) -> str:
    return layout.field(field).label if field else "記録そのもの"


def _actor(request: HonraiRequest) -> Actor:
    """Return the actor, who must carry the charge."""
    actor = request.actor
    check_can_exchange(actor)
    return actor


def _load(key: int) -> Load:
    row = Load.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("この取込みは見つかりません。")
    return row


def _harmless(value: str) -> str:
    """Keep a spreadsheet from running a value as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
