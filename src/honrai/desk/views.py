"""The staff desk: what waits, one task after another, one case with everything about it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.cases import api as cases_api
from honrai.desk import checking, listings, queries
from honrai.desk.bundles import after_task
from honrai.desk.casework import folder, lines
from honrai.desk.pages import how_many_pages
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.privacy.exports import can_export, release
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures
from honrai.procedures.forms import are_valid
from honrai.ui.workbook import workbook


@require_POST
def claim(request: HonraiRequest, task: int) -> HttpResponse:
    """Take one task from the list."""
    cases_api.claim(task=task, actor=request.actor, now=clock.now())
    return redirect("desk:task", task=task)


@require_POST
def leave(request: HonraiRequest, task: int) -> HttpResponse:
    """Give a task back, or hold it with a reason."""
    actor = request.actor
    reason = request.POST.get("reason", "").strip()
    if "hold" in request.POST:
        cases_api.hold(task=task, reason=reason, actor=actor, now=clock.now())
        messages.success(request, "保留にしました。")
    else:
        cases_api.release(task=task, actor=actor, now=clock.now())
        messages.success(request, "作業を戻しました。")
    return redirect("desk:work")


@require_http_methods(["GET", "POST"])
def task(request: HonraiRequest, task: int) -> HttpResponse:
    """Show one task with image, form, manual; take its result and go to the next."""
    actor = request.actor
    moment = clock.now()
    bench = queries.bench(task, actor, now=moment)
    if "asks" in request.POST:
        return JsonResponse({"hidden": [name for sheet in bench.sheets(request.POST) for name in sheet.hidden()]})
    bench = _with_papers(bench, actor, moment) if request.method == "GET" else bench
    if request.method == "POST":
        return checking.take(request, bench) if bench.place.step.blind else _finish(request, bench, actor, moment)
    _record_read(actor, bench.case.id, moment)
    return render(request, "desk/task.html", {"bench": bench, **_work_to_do(bench)})


def _work_to_do(bench: queries.Bench) -> dict[str, Any]:
    """What stands in the right pane: the sheets of the step, blank ones for a blind check, or differences to decide."""
    if not bench.place.step.blind:
        return {"sheets": bench.sheets(None)}
    pack = procedures.runnable(bench.case.version).pack
    found = checking.differing(bench.task.id, pack)
    return {"differing": found} if found is not None else {"blank": checking.blank_forms(pack, None)}


def _with_papers(bench: queries.Bench, actor: Actor, moment: datetime) -> queries.Bench:
    """Count the pages of the papers shown beside the fields, and lay the precedents of the step at hand."""
    pack = procedures.runnable(bench.case.version).pack
    papers = [replace(one, pages=_pages(one.file, actor, bench.case.id, moment)) for one in bench.papers]
    return replace(bench, papers=papers, precedents=checking.precedents_of(pack, bench.task.node, bench.case))


def _pages(file: int, actor: Actor, case: int, moment: datetime) -> int:
    if files.info(file).media_type != "application/pdf":
        return 1
    info, content = files.fetch(file, who=actor.who, now=moment, case=case)
    return how_many_pages(content, info.media_type)


def _finish(request: HonraiRequest, bench: queries.Bench, actor: Actor, moment: datetime) -> HttpResponse:
    """Finish the task: an issuing step issues letters, any other keeps answers, settled items and the result."""
    if bench.issues:
        cases_api.issue(task=bench.task.id, actor=actor, now=moment)
        messages.success(request, "文書を発行しました。")
        return redirect("desk:case", case=bench.case.id)
    sheets = bench.sheets(request.POST)
    if not are_valid(sheets):
        wrong = not any(sheet.rearranged for sheet in sheets)
        return render(request, "desk/task.html", {"bench": bench, "sheets": sheets, "wrong": wrong})
    values: dict[str, Any] = {}
    for sheet in sheets:
        values |= {name: new for name, new in sheet.values().items() if new != bench.case.values.get(name)}
    try:
        with transaction.atomic():
            _complete(request, bench, values, moment)
    except Invalid as refusal:  # what was typed stays in the page
        shown = {"bench": _with_papers(bench, actor, moment), "sheets": sheets, "error": str(refusal)}
        return render(request, "desk/task.html", shown, status=422)
    messages.success(request, f"「{bench.task.title}」を終えました。")
    return after_task(request, bench.case.id)


def _complete(request: HonraiRequest, bench: queries.Bench, values: dict[str, Any], moment: datetime) -> None:
    cases_api.complete(
        task=bench.task.id,
        result=request.POST.get("result", ""),
        values=values,
        facts=bench.facts(request.POST),
        settled=tuple(int(key) for key in request.POST.getlist("settled") if key.isascii() and key.isdigit()),
        actor=request.actor,
        now=moment,
    )


@require_GET
def cases(request: HonraiRequest) -> HttpResponse:
    """Search cases by number, name, kana or birth date; what was shown is recorded."""
    actor = request.actor
    moment = clock.now()
    table = listings.cases(moment).page(request, cases_api.visible_cases(actor, moment))
    if table.filtered:
        shown = [row[0].url.rstrip("/").rpartition("/")[2] for row in table.rows]
        record("desk.cases_listed", who=actor.who, now=moment, subject=("case", None), data={"shown": shown})
    template = "ui/table.html" if request.headers.get("HX-Request") else "desk/cases.html"
    return render(
        request, template, {"table": table, "may_export": can_export(actor), "query": request.GET.urlencode()}
    )


@require_GET
def export_cases(request: HonraiRequest) -> HttpResponse:
    """Give the list of cases as xlsx to those who may take data out; recorded and marked."""
    actor = request.actor
    moment = clock.now()
    listing = listings.cases(moment)
    count, rows = listing.everything(request, cases_api.visible_cases(actor, moment))
    mark = release(actor=actor, what=listing.caption, rows=count, now=moment)
    made = workbook(listing.caption, [column.label for column in listing.columns], rows, mark=mark)
    response = HttpResponse(made, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{moment:%Y%m%d-%H%M}.xlsx"'
    return response


@require_GET
def case(request: HonraiRequest, case: int) -> HttpResponse:
    """Show one case: answers, papers, tasks, letters, timeline."""
    actor = request.actor
    moment = clock.now()
    row = cases_api.check_can_see(actor, case, moment)
    _record_read(actor, case, moment)
    cases_api.gather_case(row)
    timeline = lines(row, actor, request.GET)
    dossier = queries.dossier(row, actor, now=moment)
    beside = folder(row, dossier.view, actor, timeline, now=moment)
    return render(request, "desk/case.html", {"case": dossier, "folder": beside})


@require_GET
def file(request: HonraiRequest, case: int, file: int) -> HttpResponse:
    """Serve a paper or letter of a case the person may see."""
    actor = request.actor
    moment = clock.now()
    row = cases_api.check_can_see(actor, case, moment)
    if file not in queries.files_of(row):
        raise NotFound("この案件にこのファイルはありません")
    info, content = files.fetch(file, who=actor.who, now=moment, case=case)
    response = HttpResponse(content, content_type=info.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{info.id}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _record_read(actor: Actor, case: int, moment: datetime) -> None:
    record("cases.read", who=actor.who, now=moment, subject=("case", case), case=case)
