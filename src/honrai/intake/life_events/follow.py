"""After sending: how all cases of a submission stand on one page, answers to all that is asked, withdrawal of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.intake.life_events import operations, pages, queries
from honrai.intake.life_events.faces import WEB
from honrai.intake.life_events.models import Submission
from honrai.platform import clock
from honrai.platform.errors import Invalid
from honrai.platform.files.api import MalwareError, UnwelcomeFileError
from honrai.platform.signin.gate import public

SESSION = "submission"


def _mine(request: HttpRequest) -> Submission | None:
    return Submission.objects.filter(pk=request.session.get(SESSION, 0)).exclude(number="").first()


@public
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show every case of the submission: number, stage, requests, letters."""
    row = _mine(request)
    if row is None:
        return redirect("intake:status")
    standing = queries.standing(row.pk)
    asked = any(one.progress.asked for one in standing)
    return render(request, "life_events/mine.html", {"row": row, "standing": standing, "asked": asked})


@public
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Take the answers to everything that is asked, over all cases, on one page."""
    row = _mine(request)
    if row is None:
        return redirect("intake:status")
    asked = queries.mending(row.pk)
    if asked is None:
        return redirect("life_events:mine")
    data = request.POST if request.method == "POST" else None
    sheet = pages.draw_mending(asked, data)
    error = "" if data is None else _take_photos(request, row, asked)
    if data is not None and not error and sheet.is_valid():
        error = _send(request, row, asked, sheet.values())
        if not error:
            return redirect("life_events:mine")
    said: dict[str, Any] = {
        "asked": asked,
        "sheets": [sheet] if asked.fields else [],
        "papers": asked.papers.items(),
        "kept": queries.waiting_papers(row.pk),
        "error": error,
        "wrong": data is not None and not error,
    }
    return render(request, "life_events/answer.html", said)


def _take_photos(request: HttpRequest, row: Submission, asked: queries.Mending) -> str:
    for kind, sent in request.FILES.lists():
        if kind not in asked.papers:
            return "この申請にない書類です。画面を開き直してください"
        for file in sent:
            photo: Any = file
            try:
                operations.attach_answer(
                    submission=row.pk,
                    wanted=asked.papers[kind][1],
                    content=photo.read(),
                    name=photo.name or "",
                    who=WEB.who(request),
                    now=clock.now(),
                )
            except (UnwelcomeFileError, MalwareError) as refusal:
                return str(refusal)
    return ""


def _send(request: HttpRequest, row: Submission, asked: queries.Mending, values: dict[str, Any]) -> str:
    by_case: dict[int, dict[str, Any]] = {case: {} for case in asked.cases}
    for name, (_, goes_to) in asked.fields.items():
        for case, field in goes_to:
            by_case[case][field] = values.get(name)
    try:
        operations.answer(submission=row.pk, values=by_case, who=WEB.who(request), now=clock.now())
    except Invalid as refusal:
        return str(refusal)
    return ""


@public
@require_POST
def withdraw(request: HttpRequest, case: int) -> HttpResponse:
    """Take back one of the procedures; the others go on."""
    row = _mine(request)
    if row is None:
        return redirect("intake:status")
    operations.withdraw(submission=row.pk, case=case, who=WEB.who(request), now=clock.now())
    return redirect("life_events:mine")
