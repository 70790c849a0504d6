"""The gate report as a page: nine points, pictures of counter-examples, changed precedents side by side, the replay."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.engines.flow.api import Overlay
from honrai.platform import clock
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api
from honrai.procedures.drafts import contents, visible_draft
from honrai.procedures.models import Draft, GateRun
from honrai.procedures.operations.drafting import EDITABLE
from honrai.procedures.operations.gating import check_can_judge
from honrai.procedures.reports import Report, report_of
from honrai.procedures.views.common import picture
from honrai.procedures.views.drafts import frame_of
from honrai.procedures.views.forms import JudgeForm

_WORK = (
    "パックを読む",
    "1 流れ",
    "2 行為と組織",
    "3 確認の分離",
    "4 決定表",
    "5 名前",
    "6 手引きと時間",
    "7 判断事例",
    "判断事例の比較",
    "8 過去の案件での試行",
)


@require_GET
def gate(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show the gate report; while a run is under way the part that changes asks for itself again."""
    row = visible_draft(draft, request.actor)
    if request.headers.get("HX-Request"):
        progress = _progress(row, report_of(row))
        if not progress["busy"]:
            return HttpResponse(headers={"HX-Refresh": "true"})  # done: show the whole report
        return render(request, "procedures/life/progress.html", progress)
    return _page(request, row, {}, 200)


@require_POST
def judge(request: HonraiRequest, draft: int) -> HttpResponse:
    """Accept a changed precedent, or send it back."""
    row = visible_draft(draft, request.actor)
    precedent = request.POST.get("precedent", "")
    form = JudgeForm(request.POST, prefix=f"case-{precedent}")
    accepted = request.POST.get("accepted") == "1"
    if form.is_valid():
        said = {"precedent": precedent, "accepted": accepted, "reason": form.cleaned_data["reason"]}
        try:
            with transaction.atomic():
                api.judge_change(draft=row.pk, **said, actor=request.actor, now=clock.now())
        except (Conflict, Invalid, NotFound) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "実務の変更として認めました。" if accepted else "差し戻しました。")
            return redirect("procedures:gate", row.pk)
    return _page(request, row, {precedent: form}, 422)


def _page(request: HonraiRequest, row: Draft, filled: dict[str, JudgeForm], status: int) -> HttpResponse:
    report = report_of(row)
    flow = contents(row.files).get("flow.bpmn", b"") if report.flaws else b""
    why_not = _why_not_judge(request, row)
    context = {
        **frame_of(row, request),
        **_progress(row, report),
        "report": report,
        "pictures": [
            (flaw, picture(flow, _overlay(flaw), title=flaw["message"], key=f"flaw{place}"))
            for place, flaw in enumerate(report.flaws)
        ],
        "changes": [
            (
                one,
                filled.get(one.change.case)
                or JudgeForm(prefix=f"case-{one.change.case}", initial={"reason": one.reason}),
            )
            for one in report.changes
        ],
        "may_judge": not why_not and row.state in EDITABLE and report.fresh,
        "why_not_judge": why_not,
    }
    return render(request, "procedures/life/gate.html", context, status=status)


def _progress(row: Draft, report: Report) -> dict[str, Any]:
    run: GateRun | None = report.run
    busy = run is not None and run.finished_at is None
    return {
        "draft": row,
        "run": run,
        "busy": busy,
        "work": _WORK[min(run.done, len(_WORK) - 1)] if run and busy else "",
    }


def _overlay(flaw: dict[str, Any]) -> Overlay:
    return Overlay(path=tuple(flaw["path"]), faults=tuple(flaw["elements"]))


def _why_not_judge(request: HonraiRequest, row: Draft) -> str:
    try:
        check_can_judge(request.actor, row)
    except Denied as denied:
        return str(denied)
    return ""
