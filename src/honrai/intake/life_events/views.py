"""From "what happened" to one receipt: questions, the procedures that follow, one form, photos, check, send."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from honrai.intake import limits
from honrai.intake.life_events import operations, pages, publishing, queries
from honrai.intake.life_events.faces import Face
from honrai.intake.life_events.models import Submission
from honrai.intake.life_events.rules.combining import Combined
from honrai.intake.queries import qr
from honrai.platform import clock
from honrai.platform.errors import Invalid
from honrai.platform.files.api import MalwareError, UnwelcomeFileError

_RECEIPT = "life_event_receipt"


@require_GET
def choose(request: HttpRequest, face: Face) -> HttpResponse:
    """List the life events, and a draft to go on with."""
    offers = publishing.offered(clock.today())
    return _page(request, face, "choose", offers=offers, draft=face.find(request))


@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, face: Face, code: str) -> HttpResponse:
    """Ask the few questions; the answers begin a draft, or change the one that is open."""
    now = clock.now()
    row = face.find(request)
    event = publishing.event_of(publishing.offered_as(code, now.date()).pk)
    kept = row.answers if row is not None and row.definition.code == code else {}
    data = request.POST if request.method == "POST" else None
    sheet = pages.draw_questions(event, data, kept, on=now.date(), public=face.public)
    said: dict[str, Any] = {"event": event, "sheets": [sheet], "token": secrets.token_urlsafe(24)}
    if data is None:
        return _page(request, face, "questions", **said)
    if "asks" in data:
        return JsonResponse({"hidden": sheet.hidden()})
    said["token"] = data.get("token", "")
    if not sheet.is_valid():
        return _page(request, face, "questions", wrong=True, **said)
    answers = {name: value for name, value in sheet.values().items() if value is not None}
    try:
        return _begun(request, face, row if kept else None, code, answers, now)
    except Invalid as refusal:
        return _page(request, face, "questions", wrong=True, error=str(refusal), **said)


def _begun(
    request: HttpRequest, face: Face, row: Submission | None, code: str, answers: dict[str, Any], now: datetime
) -> HttpResponse:
    response = redirect(f"{face.space}:plan")
    if row is not None:
        operations.change_answers(submission=row.pk, answers=answers, now=now)
        return response
    token = request.POST.get("token", "")
    if not 20 <= len(token) <= 40:
        raise Invalid("この画面は古くなっています。もう一度はじめてください")
    if face.actor(request) is None:
        limits.take_one(limits.STARTED, face.who(request).place, now=now)
    made = operations.start(
        code=code, token=token, answers=answers, who=face.who(request), now=now, actor=face.actor(request)
    )
    return face.keep(response, request, made, token)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, face: Face) -> HttpResponse:
    """Show exactly the procedures that follow, with day, papers and place; take which of them are wanted now."""
    row, now = face.draft(request), clock.now()
    error = ""
    if request.method == "POST":
        try:
            operations.choose(submission=row.pk, steps=request.POST.getlist("step"), now=now)
            return redirect(f"{face.space}:page", number=0)
        except Invalid as refusal:
            error = str(refusal)
    told = queries.told(row, now.date())
    online = [one for one in told if one.online]
    others = [one for one in told if not one.online]
    said = {"online": online, "others": others, "others_count": len(others), "error": error}
    return _page(request, face, "plan", event=publishing.event_of(row.definition_id), **said)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, face: Face, number: int) -> HttpResponse:
    """Show or take one page of the combined form. What was typed is kept whether it is right or not."""
    row, now = face.draft(request), clock.now()
    form = operations.combined(row, now)
    if not form.sheets:
        return redirect(f"{face.space}:plan")
    number = min(number, len(form.sheets) - 1)
    here = form.sheets[number]
    data = request.POST if request.method == "POST" else None
    sheet = pages.draw(form, here, data, public=face.public)
    said = {"here": here, "sheets": [sheet], "number": number, "count": len(form.sheets)}
    if data is None:
        return _page(request, face, "page", **said)
    if "asks" in data:
        return JsonResponse({"hidden": sheet.hidden()})
    valid, error = sheet.is_valid(), ""
    try:
        values = sheet.values() if valid else sheet.typed()
        operations.save(submission=row.pk, values=values, labels=pages.labels(form), now=now)
    except Invalid as refusal:
        valid, error = False, str(refusal)
    if valid:
        return _after(face, row, here.id)
    if sheet.rearranged and not error:
        return redirect(f"{face.space}:page", number=number)
    return _page(request, face, "page", wrong=True, error=error, **said)


def _after(face: Face, row: Submission, here: str) -> HttpResponse:
    """Go to the page after this one; answers may have put pages in or out."""
    row.refresh_from_db()
    ids = [sheet.id for sheet in operations.combined(row, clock.now()).sheets]
    number = ids.index(here) + 1 if here in ids else 0
    return redirect(f"{face.space}:page", number=number) if number < len(ids) else redirect(f"{face.space}:papers")


@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, face: Face) -> HttpResponse:
    """Take photos and files, each once for all procedures that want it; each is kept at once."""
    row, error = face.draft(request), ""
    if request.method == "POST":
        error = _take_paper(request, face, row)
        if not error:
            return redirect(f"{face.space}:papers")
    form = operations.combined(row, clock.now())
    return _page(
        request, face, "papers", wanted=queries.papers(row, form), error=error, last=max(len(form.sheets) - 1, 0)
    )


def _take_paper(request: HttpRequest, face: Face, row: Submission) -> str:
    """Keep or take back a photo; return what is wrong with it, "" for nothing."""
    who, now = face.who(request), clock.now()
    remove = request.POST.get("remove", "")
    if remove:
        operations.detach(
            submission=row.pk, paper=int(remove) if remove.isascii() and remove.isdigit() else 0, who=who, now=now
        )
    for kind, sent in request.FILES.lists():
        for file in sent:
            try:
                content: Any = file
                operations.attach(
                    submission=row.pk, kind=kind, content=content.read(), name=content.name or "", who=who, now=now
                )
            except (Invalid, UnwelcomeFileError, MalwareError) as refusal:
                return str(refusal)
    return ""


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, face: Face) -> HttpResponse:
    """Show everything once more, say what is missing with the way there, and send."""
    row, now, error = face.draft(request), clock.now(), ""
    form = operations.combined(row, now)
    if request.method == "POST" and not form.gaps():
        try:
            return _sent(request, face, row, now)
        except Invalid as refusal:
            error = str(refusal)
    return _page(
        request,
        face,
        "check",
        pages=pages.review(form),
        gaps=form.gaps(),
        error=error,
        parts=_parts(form),
        papers=queries.papers(row, form),
    )


def _sent(request: HttpRequest, face: Face, row: Submission, now: datetime) -> HttpResponse:
    receipt = operations.submit(
        submission=row.pk, email=request.POST.get("email", "")[:254], who=face.who(request), now=now
    )
    if receipt.secret:
        request.session[_RECEIPT] = {"id": row.pk, "number": receipt.number, "secret": receipt.secret}
    return face.forget(redirect(f"{face.space}:done"), request)


def _parts(form: Combined) -> list[tuple[str, str]]:
    """Return the applications that will be made: procedure, and whom it is for where there are several."""
    found = []
    for part in form.parts:
        row = form.rows(part.step.each)[part.row] if part.row is not None else {}
        found.append((part.step.title, str(row.get("name") or "")))
    return found


@require_GET
def done(request: HttpRequest, face: Face) -> HttpResponse:
    """Show the receipt: one number for all, and the secret, once; the numbers of the single procedures below."""
    receipt = request.session.get(_RECEIPT)
    if receipt is None:
        return redirect("intake:status" if face.public else f"{face.space}:choose")
    address = request.build_absolute_uri(reverse("intake:status")) + f"?number={receipt['number']}"
    return _page(
        request,
        face,
        "done",
        receipt=receipt,
        qr=qr(address),
        cases=queries.standing(receipt["id"]),
        told=_told(receipt),
    )


def _told(receipt: dict[str, Any]) -> list[queries.Told]:
    """Return the procedures that are still to be done elsewhere."""
    row = Submission.objects.get(pk=receipt["id"])
    return [one for one in queries.told(row, clock.today()) if not one.online]


def _page(request: HttpRequest, face: Face, template: str, **said: Any) -> HttpResponse:
    return render(request, f"life_events/{template}.html", {"face": face, **said})
