"""Pages for applicants: choose, fill in section by section, check, send, follow, complete. Made for a phone."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.intake import limits, operations, queries
from honrai.intake.life_events import operations as life_events
from honrai.intake.life_events import publishing
from honrai.intake.life_events.faces import WEB
from honrai.intake.life_events.follow import SESSION as SUBMISSION
from honrai.intake.models import Application
from honrai.intake.steps import Step, steps_of
from honrai.platform import clock
from honrai.platform.authority.api import NotFound
from honrai.platform.errors import Invalid, TooMany
from honrai.platform.events.api import Who
from honrai.platform.files.api import MalwareError, UnwelcomeFileError
from honrai.platform.signin.gate import public
from honrai.procedures import api as procedures
from honrai.procedures.forms import are_valid

_COOKIE = "honrai_draft"


def _unsent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead to the receipt once the application is sent: back button, second tab, a second click change nothing any more."""

    @wraps(view)
    def guarded(request: HttpRequest, **more: Any) -> HttpResponse:
        return redirect("intake:done") if _sent(request) is not None else view(request, **more)

    return guarded


def _sent(request: HttpRequest) -> Application | None:
    """Return the application this browser sent last; it holds the token."""
    token = request.COOKIES.get(_COOKIE, "")
    return Application.objects.filter(token=token).exclude(submitted_at=None).first() if token else None


@public
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """List what can be applied for today, with search."""
    asked = request.GET.get("q", "").strip()
    offered = [version for version in procedures.in_force(clock.today()) if queries.offered_online(version.id)]
    found = [version for version in offered if asked in version.title or asked in version.owner]
    said: dict[str, Any] = {"procedures": found, "asked": asked, "token": secrets.token_urlsafe(24)}
    said |= {"offers": publishing.offered(clock.today()), "draft": WEB.find(request), "face": WEB}
    return render(request, "intake/choose.html", said)


@public
@require_POST
def begin(request: HttpRequest, procedure: str) -> HttpResponse:
    """Begin an application; the token of the page makes a double click one draft."""
    token = request.POST.get("token", "")
    if not 20 <= len(token) <= 40:
        raise Invalid("この画面は古くなっています。手続の一覧から、もう一度はじめてください")
    limits.take_one(limits.STARTED, _who(request).place, now=clock.now())
    operations.start(procedure=procedure, channel="web", token=token, who=_who(request), now=clock.now())
    return _with_draft(redirect("intake:step", step=0), request, token)


@public
@require_http_methods(["GET", "POST"])
@_unsent
def step(request: HttpRequest, step: int) -> HttpResponse:
    """Show or take one section. What was typed is kept whether it is right or not."""
    draft = _draft(request)
    steps = steps_of(draft)
    here = steps[min(step, len(steps) - 1)]
    if request.method == "GET":
        return render(request, "intake/step.html", _frame(steps, here, step))
    here = here.filled(request.POST)
    if "asks" in request.POST:
        return JsonResponse({"hidden": here.sheet.hidden()})
    valid, error = here.sheet.is_valid(), ""
    try:
        operations.save(
            application=draft.pk, values=here.sheet.values() if valid else here.sheet.typed(), now=clock.now()
        )
    except Invalid as refusal:
        valid, error = False, str(refusal)
    if valid:
        return _after(draft, here)
    if here.sheet.rearranged and not error:
        return redirect("intake:step", step=step)
    return render(request, "intake/step.html", _frame(steps, here, step) | {"error": error, "wrong": True})


def _after(draft: Application, here: Step) -> HttpResponse:
    """Go to the page after this one."""
    draft.refresh_from_db()
    steps = steps_of(draft)
    number = next(index for index, one in enumerate(steps) if one.section.id == here.section.id)
    return redirect("intake:step", step=number + 1) if number + 1 < len(steps) else redirect("intake:papers")


@public
@require_http_methods(["GET", "POST"])
@_unsent
def papers(request: HttpRequest) -> HttpResponse:
    """Take photos and files; each is kept at once, so that a lost connection loses nothing."""
    draft = _draft(request)
    error = ""
    if request.method == "POST":
        error = _take_paper(request, draft)
        if not error:
            return redirect("intake:papers")
    return render(
        request, "intake/papers.html", {"wanted": queries.wanted_papers(draft, clock.today()), "error": error}
    )


@public
@require_http_methods(["GET", "POST"])
@_unsent
def check(request: HttpRequest) -> HttpResponse:
    """Show everything once more, say what is missing, and submit."""
    draft = _draft(request)
    missing = queries.missing(draft, clock.today())
    if request.method == "POST" and not missing:
        operations.submit(
            application=draft.pk, email=request.POST.get("email", "")[:254], who=_who(request), now=clock.now()
        )
        return redirect("intake:done")
    return render(request, "intake/check.html", {"sections": queries.review(draft), "missing": missing})


@public
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Show the receipt: number and secret, with a QR code of the status page; for an hour, so that a lost answer loses nothing."""
    row = _sent(request)
    receipt = operations.receipt(row, clock.now()) if row is not None else None
    if row is None or receipt is None or not receipt.secret:
        return redirect("intake:status")
    address = request.build_absolute_uri(reverse("intake:status")) + f"?number={receipt.number}"
    nature = procedures.runnable(row.version).pack.identity.nature
    return render(
        request, "intake/done.html", {"receipt": receipt, "nature": nature, "row": row, "qr": queries.qr(address)}
    )


@public
@require_GET
def postcode(request: HttpRequest) -> HttpResponse:
    """Return the address of a postcode up to the town, "" where there is none."""
    return JsonResponse({"address": queries.address_of(request.GET.get("code", ""))})


@public
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret, then show where the application stands."""
    number = request.POST.get("number") or request.GET.get("number", "")
    error = ""
    if request.method == "POST":
        address, now = _who(request).place, clock.now()
        try:
            limits.check_may_ask(number, address, now=now)
            return _opened(request, number, request.POST.get("secret", ""))
        except TooMany as refusal:
            return render(request, "intake/status.html", {"number": number, "error": str(refusal)}, status=429)
        except NotFound as refusal:
            limits.count_wrong(number, address, now=now)
            error = str(refusal)
    return render(request, "intake/status.html", {"number": number, "error": error})


def _opened(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Open what a receipt stands for: one application, or a submission of several."""
    try:
        together = life_events.find_by_receipt(number, secret)
    except NotFound:
        request.session["application"] = operations.find_by_receipt(number, secret).pk
        return redirect("intake:mine")
    request.session[SUBMISSION] = together.pk
    return redirect("life_events:mine")


@public
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the application of this session: stage, requests, letters."""
    found = _mine(request)
    if found is None:
        return redirect("intake:status")
    return render(request, "intake/mine.html", queries.progress(found))


@public
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Take answers to deficiencies, item by item, and papers that were missing."""
    found = _mine(request)
    if found is None:
        return redirect("intake:status")
    asked = queries.asked(found)
    if asked is None:
        return redirect("intake:mine")
    if request.method == "POST":
        return _take_answer(request, found, asked)
    return render(request, "intake/answer.html", {"asked": asked, "sheets": asked.sheets(None)})


def _take_answer(request: HttpRequest, found: Application, asked: queries.Asked) -> HttpResponse:
    sheets = asked.sheets(request.POST)
    if "asks" in request.POST:
        return JsonResponse({"hidden": [name for sheet in sheets for name in sheet.hidden()]})
    error = _take_paper(request, found) if request.FILES else ""
    if error or not are_valid(sheets):
        wrong = not any(sheet.rearranged for sheet in sheets)
        said = {"asked": asked, "sheets": sheets, "error": error, "wrong": wrong}
        return render(request, "intake/answer.html", said)
    values: dict[str, Any] = {}
    for sheet in sheets:
        values |= sheet.values()
    try:
        operations.answer(application=found.pk, case=asked.case, values=values, who=_who(request), now=clock.now())
    except Invalid as refusal:
        return render(request, "intake/answer.html", {"asked": asked, "sheets": sheets, "error": str(refusal)})
    return redirect("intake:mine")


def _take_paper(request: HttpRequest, draft: Application) -> str:
    """Keep or take back one file; return what is wrong with it, "" for nothing."""
    if "remove" in request.POST:
        operations.detach(
            application=draft.pk, attachment=_key(request.POST["remove"]), who=_who(request), now=clock.now()
        )
        return ""
    for kind, sent in request.FILES.lists():
        if kind not in queries.paper_kinds(draft):
            return "この申請にない書類です。画面を開き直してください"
        limits.take_one(limits.PAPERS, _who(request).place, now=clock.now())
        file: Any = sent[-1]
        try:
            operations.attach(
                application=draft.pk,
                kind=kind,
                content=file.read(),
                name=file.name or "",
                who=_who(request),
                now=clock.now(),
            )
        except (UnwelcomeFileError, MalwareError) as refusal:
            return str(refusal)
    return ""


def _key(text: str) -> int:
    """Return a key a page sent; 0, which is nobody's, for anything else."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _draft(request: HttpRequest) -> Application:
    token = request.COOKIES.get(_COOKIE, "")
    row = Application.objects.filter(resume=operations.hashed(token), submitted_at=None).first() if token else None
    if row is None:
        raise NoDraft
    return row


class NoDraft(NotFound):
    """The page belongs to an application that is not here (any more)."""

    def __str__(self) -> str:
        return (
            "入力中の申請が見つかりません。提出が終わっているか、時間がたって消えています。最初からやり直してください"
        )


def _mine(request: HttpRequest) -> Application | None:
    return Application.objects.filter(pk=request.session.get("application", 0)).first()


def _who(request: HttpRequest) -> Who:
    return Who("applicant", place=request.META.get("REMOTE_ADDR", ""))


def _with_draft(response: HttpResponseRedirect, request: HttpRequest, token: str) -> HttpResponse:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_COOKIE, token, max_age=14 * 86400, httponly=True, samesite="Lax", secure=secure)
    return response


def _frame(steps: list[Step], here: Step, number: int) -> dict[str, Any]:
    return {"steps": steps, "here": here, "sheets": [here.sheet], "number": number, "last": number + 1 == len(steps)}
