"""Screens of renewals: the runs, one run with its counts, its recipients, why one of them came out so, two runs side by side."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Denied, NotFound
from honrai.platform.errors import Refusal
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.jobs.progress import how_far
from honrai.platform.privacy.exports import can_export, release
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures
from honrai.renewals import api
from honrai.renewals.forms import StartForm, UndoForm
from honrai.renewals.models import Batch, Item, Run
from honrai.renewals.permissions import run_for
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.counting import differences, table_rows
from honrai.renewals.rules.states import State
from honrai.renewals.screens import ITEMS, RUNS
from honrai.ui.workbook import workbook

TABLES = (("change", "変わる内容"), ("ward", "区"), ("age", "年齢"), ("reason", "理由"))
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def runs(request: HonraiRequest) -> HttpResponse:
    """Show all runs of the sections the actor belongs to, newest first."""
    rows = _runs(request.actor)
    beside = [(row.pk, str(row.note or row.title), row.made_at) for row in rows.exclude(counts={}).order_by("-pk")[:20]]
    return render(request, "renewals/runs.html", {"table": RUNS.page(request, rows), "beside": beside})


def new(request: HonraiRequest) -> HttpResponse:
    """Start a run."""
    _runs(request.actor)
    form = StartForm(request.POST or None, procedures=_procedures(clock.now()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            key = api.start(
                procedure=given["procedure"],
                basis_on=given["basis_on"],
                rehearsal=given["kind"] == "rehearsal",
                note=given["note"],
                actor=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("renewals:run", run=key)
    return render(request, "renewals/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def run(request: HonraiRequest, run: int) -> HttpResponse:
    """Show one run: how far it is, the counts, the breakdowns, its files, and what can be done."""
    row = run_for(run, request.actor)
    state = State(row.state)
    counted = row.counts.get("class", {})
    shown = {
        "run": row,
        "state": state,
        "progress": how_far("renewal", run),
        "classes": [(each, counted.get(each.value, 0)) for each in Class],
        "tables": [(title, table_rows(row.counts.get(name, {}))) for name, title in TABLES],
        "labels": [each.label for each in Class],
        "batches": Batch.objects.filter(run=row).order_by("letter", "turn"),
        "can_submit": state == State.JUDGED and not row.rehearsal,
        "can_issue": state == State.PREPARED and row.prepared_at is not None,
        "can_go_on": state == State.PREPARED and row.prepared_at is None,
        "can_undo": state.reversible,
        "undo_form": UndoForm(),
    }
    part = "renewals/run.html#state" if getattr(request, "htmx", False) else "renewals/run.html"
    return render(request, part, shown)


@require_GET
def items(request: HonraiRequest, run: int) -> HttpResponse:
    """Show the recipients of a run, filtered and paged."""
    row = run_for(run, request.actor)
    table = ITEMS.page(request, _items(row, request.actor))
    template = "ui/table.html" if request.headers.get("HX-Request") else "renewals/items.html"
    more = {"may_export": can_export(request.actor), "query": request.GET.urlencode()}
    return render(request, template, {"run": row, "table": table, **more})


@require_GET
def export(request: HonraiRequest, run: int) -> HttpResponse:
    """Give the list as xlsx to those who may take data out; recorded and marked."""
    row, moment = run_for(run, request.actor), clock.now()
    count, rows = ITEMS.everything(request, _items(row, request.actor))
    mark = release(actor=request.actor, what=f"年次更新の対象者 {run}", rows=count, now=moment)
    made = workbook(ITEMS.caption, [column.label for column in ITEMS.columns], rows, mark=mark)
    answer = HttpResponse(made, content_type=_SHEET)
    answer["Content-Disposition"] = f'attachment; filename="renewal-{run}.xlsx"'
    return answer


@require_GET
def item(request: HonraiRequest, run: int, item: int) -> HttpResponse:
    """Show why one recipient came out so: facts, rules, and what the ledger would hold; the read is recorded."""
    row = run_for(run, request.actor)
    found = _items(row, request.actor).filter(pk=item).first()
    if found is None:
        raise NotFound("この対象者は見つかりません。")
    record("renewals.read", who=request.actor.who, now=clock.now(), subject=("renewal", row.pk), data={"item": item})
    version = procedures.runnable(row.version)
    proposal = api.proposal_of(version, row, found)
    labels = {entry.id: entry.label for entry in version.pack.form.fields}
    labels |= {fact.id: fact.label for fact in version.pack.facts}
    shown = {
        "run": row,
        "item": found,
        "kind": Class(found.kind),
        "facts": [(labels.get(name, name), _said(value)) for name, value in found.values.items()],
        "results": [(name, _said(value)) for name, value in proposal.results.items() if value is not None],
        "reasons": proposal.reasons,
        "missing": proposal.missing,
        "ledger": [(label, found.before.get(name, ""), found.after.get(name, "")) for name, label in _LEDGER],
    }
    return render(request, "renewals/item.html", shown)


_LEDGER = (("since", "資格開始日"), ("until", "資格終了日"), ("category", "区分"), ("state", "状態"))


@require_GET
def compare(request: HonraiRequest) -> HttpResponse:
    """Show two runs beside each other: only what differs, by class, ward, age and reason."""
    rows = _runs(request.actor)
    keys = [
        key for key in (request.GET.get("first", ""), request.GET.get("second", "")) if key.isascii() and key.isdigit()
    ]
    found = {str(row.pk): row for row in rows.filter(pk__in=keys)}
    if len(keys) != 2 or any(key not in found for key in keys):
        raise NotFound("比べる2つの年次更新を選んでください。")
    first, second = (found[key] for key in keys)
    both = [({"人数": one.counts.get("class", {})}) for one in (first, second)]
    tables = [("区分", differences(*both))]
    tables += [(title, differences(first.counts.get(name, {}), second.counts.get(name, {}))) for name, title in TABLES]
    shown = {"first": first, "second": second, "tables": tables, "labels": [each.label for each in Class]}
    return render(request, "renewals/compare.html", shown)


@require_POST
def act(request: HonraiRequest, run: int, deed: str) -> HttpResponse:
    """Submit, issue, stop, undo or go on with a run."""
    moment, actor = clock.now(), request.actor
    if deed == "submit":
        api.submit(run, actor=actor, now=moment)
    elif deed == "issue":
        api.issue(run, actor=actor, now=moment)
    elif deed == "stop":
        api.stop(run, actor=actor, now=moment)
    elif deed == "undo":
        api.undo(run, reason=request.POST.get("reason", ""), actor=actor, now=moment)
        messages.success(request, "取り消しました。始める前の状態です。")
    else:
        api.go_on_preparing(run, actor=actor, now=moment)
    return redirect("renewals:run", run=run)


@require_GET
def batch_file(request: HonraiRequest, run: int, batch: int) -> HttpResponse:
    """Give the file of a batch of letters; taking it out is recorded by the file store."""
    row = Batch.objects.filter(run=run_for(run, request.actor), pk=batch).first()
    if row is None:
        raise NotFound("この束は見つかりません。")
    _, content = files.fetch(row.file, who=request.actor.who, now=clock.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{row.letter}-{row.turn:03}.pdf"'
    return answer


def _runs(actor: Actor) -> QuerySet[Run]:
    if not api.can_see(actor):
        raise Denied("年次更新は市の職員だけが見られます。")
    return api.visible_runs(actor)


def _items(row: Run, actor: Actor) -> QuerySet[Item]:
    own = [party.removeprefix("resident/") for party in actor.recused if party.startswith("resident/")]
    return Item.objects.filter(run=row).exclude(number__in=own)


def _procedures(now: datetime) -> list[tuple[str, str]]:
    found = procedures.in_force(now.date())
    return [(one.code, one.title) for one in found if api.has_plan(procedures.runnable(one.id).pack)]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return f"{value:,}" if isinstance(value, int) else str(value)
