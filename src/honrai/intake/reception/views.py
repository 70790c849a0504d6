"""Screens of reception: choose, who came, key the form, papers, check, receipt. One clerk, one person before them."""

import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.intake import operations as intake
from honrai.intake import queries as web
from honrai.intake.models import Application
from honrai.intake.reception import doubling, mailing, queries, receiving, rules
from honrai.intake.reception.forms import VisitorForm
from honrai.intake.reception.models import Reception
from honrai.intake.reception.permissions import check_can_key
from honrai.parties import api as parties
from honrai.parties.forms import SearchForm
from honrai.platform import clock
from honrai.platform.authority.api import Conflict
from honrai.platform.errors import Invalid, Refusal
from honrai.platform.files.api import MalwareError, UnwelcomeFileError
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset.api import pdf
from honrai.procedures import api as procedures
from honrai.procedures.forms import are_valid

_SLIP = (Path(__file__).parent / "typst" / "slip.typ").read_text(encoding="utf-8")
#: Papers that belong to the reception, not to the pack.
_MANDATE = "委任状・代理権の書類"


@require_GET
def home(request: HonraiRequest) -> HttpResponse:
    """List what can be taken in, what was begun, and what waits."""
    text, now = request.GET.get("q", "").strip(), clock.now()
    said = {
        "offers": queries.offers(request.actor, now.date(), text),
        "text": text,
        "unfinished": queries.unfinished(request.actor),
        "mail": len(mailing.waiting(request.actor)),
        "doubles": len(doubling.open_pairs(request.actor, now)),
        "token": secrets.token_urlsafe(18),
    }
    return render(request, "reception/home.html", said)


@require_POST
def start(request: HonraiRequest, procedure: str) -> HttpResponse:
    """Begin a reception; the token of the page makes a double click one draft."""
    token, channel, mail = (request.POST.get(name, "") for name in ("token", "channel", "mail"))
    if not 20 <= len(token) <= 40:
        raise Invalid("この画面は古くなっています。受付の一覧から、もう一度はじめてください")
    key = receiving.begin(
        procedure=procedure, channel=channel, token=token, actor=request.actor, now=clock.now(),
        mail=int(mail) if mail.isascii() and mail.isdigit() else None,
    )  # fmt: skip
    return redirect("reception:form" if channel == "post" else "reception:person", application=key)


def still_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead to the receipt once the application is taken in: the back button and a second tab change nothing any more."""

    @wraps(view)
    def guarded(request: HonraiRequest, application: int, **more: Any) -> HttpResponse:
        _, draft = check_can_key(request.actor, application)
        if draft.submitted_at is not None:
            return redirect("reception:done", application=application)
        return view(request, application, **more)

    return guarded


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@still_open
def person(request: HonraiRequest, application: int) -> HttpResponse:
    """Find the person in the register, and note who came. What is looked for never stands in an address."""
    row, draft = check_can_key(request.actor, application)
    accepted = rules.accepted_on(clock.today())
    sent = request.POST if "acting" in request.POST else None
    visitor = VisitorForm(sent, row=row, channel=draft.channel, accepted=accepted)
    if "asks" in request.POST:
        return JsonResponse({"hidden": visitor.hidden()})
    if "take" in request.POST:
        return _take_person(request, application)
    if sent is not None and visitor.is_valid():
        try:
            receiving.identify(application=application, visitor=visitor.visitor(), actor=request.actor, now=clock.now())
            return redirect("reception:ask" if draft.channel == "phone" else "reception:form", application=application)
        except Invalid as refusal:
            visitor.add_error(None, str(refusal))
    looked = _look(request, draft)
    said = {"visitor": visitor, "accepted": accepted, "groups": queries.groups_of(draft)} | looked
    return _page(request, "reception/person.html", row, draft, said, "person")


def _look(request: HonraiRequest, draft: Application) -> dict[str, Any]:
    """Search where a search was sent; return its form and what it found."""
    purpose = "phone" if draft.channel == "phone" else "counter"
    search = SearchForm(request.POST if "purpose" in request.POST else None, initial={"purpose": purpose})
    found = None
    if search.is_bound and search.is_valid():
        given = search.cleaned_data
        try:
            found = parties.search(
                search.criteria(),
                purpose=given["purpose"],
                detail=given["detail"],
                actor=request.actor,
                now=clock.now(),
            )
        except Refusal as refusal:
            search.add_error(None, str(refusal))
    return {"search": search, "found": found}


def _take_person(request: HonraiRequest, application: int) -> HttpResponse:
    number, _, group = request.POST["take"].partition(":")
    taken = receiving.take_from_register(
        application=application, number=number, group=group, actor=request.actor, now=clock.now()
    )
    if taken.protected:
        messages.warning(
            request, "支援措置の対象の方です。住所は表示も自動入力もしません。ご本人に書いていただいてください。"
        )
    messages.success(request, f"{taken.name}さんの登録内容を様式に入れました。ご本人に確かめてください。")
    return redirect("reception:person", application=application)


@require_http_methods(["GET", "POST"])
@still_open
def form(request: HonraiRequest, application: int) -> HttpResponse:
    """Key the whole form once. Everything typed is kept, readable or not; what applies is asked, nothing else."""
    row, draft = check_can_key(request.actor, application)
    if request.method == "GET":
        sheets = queries.sheets(draft, None, clock.today())
        return _page(request, "reception/form.html", row, draft, {"sheets": sheets}, "form")
    sheets = queries.sheets(draft, request.POST, clock.today())
    if "asks" in request.POST:
        return JsonResponse({"hidden": [name for sheet in sheets for name in sheet.hidden()]})
    valid, error = are_valid(sheets), ""
    values: dict[str, Any] = {}
    for sheet in sheets:
        values |= sheet.values() if valid else sheet.typed()
    try:
        receiving.keep(application=application, values=values, actor=request.actor, now=clock.now())
    except Invalid as refusal:
        valid, error = False, str(refusal)
    if not error and any(sheet.rearranged for sheet in sheets):
        return redirect("reception:form", application=application)
    if valid or (not error and "anyway" in request.POST):
        return redirect("reception:papers", application=application)
    said = {"sheets": sheets, "error": error, "wrong": True, "anyway": not error}
    return _page(request, "reception/form.html", row, draft, said, "form")


@require_http_methods(["GET", "POST"])
@still_open
def ask(request: HonraiRequest, application: int, number: int = 0) -> HttpResponse:
    """Ask one question of a caller, and read the answer before back."""
    row, draft = check_can_key(request.actor, application)
    turn = queries.asking(draft, number, request.POST or None, clock.today())
    if "asks" in request.POST:
        return JsonResponse({"hidden": turn.sheet.hidden()})
    error = ""
    if request.method == "POST":
        valid = turn.sheet.is_valid()
        try:
            values = turn.sheet.values() if valid else turn.sheet.typed()
            receiving.keep(application=application, values=values, actor=request.actor, now=clock.now())
        except Invalid as refusal:
            valid, error = False, str(refusal)
        if turn.sheet.rearranged and not error:
            return redirect("reception:ask", application=application, number=turn.number)
        if valid:
            return _after_answer(application, turn, draft)
    said = {"turn": turn, "sheets": [turn.sheet], "error": error, "wrong": request.method == "POST"}
    return _page(request, "reception/ask.html", row, draft, said, "form")


def _after_answer(application: int, turn: queries.Asking, draft: Application) -> HttpResponse:
    draft.refresh_from_db()
    again = queries.asking(draft, turn.number + 1, None, clock.today())
    if again.number <= turn.number:
        return redirect("reception:check", application=application)
    return redirect("reception:ask", application=application, number=again.number)


@require_http_methods(["GET", "POST"])
@still_open
def papers(request: HonraiRequest, application: int) -> HttpResponse:
    """Take photographs and scans of what was handed in; each is kept at once."""
    row, draft = check_can_key(request.actor, application)
    error = ""
    if request.method == "POST":
        error = _take_paper(request, draft)
        if not error:
            return redirect("reception:papers", application=application)
    extra = [_MANDATE] if row.acting != "self" else []
    said = {"wanted": web.wanted_papers(draft, clock.today()), "extra": _extra(draft, extra), "error": error}
    return _page(request, "reception/papers.html", row, draft, said, "papers")


def _extra(draft: Application, kinds: list[str]) -> list[web.Paper]:
    sent = {
        kind: [(one.pk, one.at.strftime("%H:%M 読取り")) for one in draft.attachments.filter(kind=kind)]
        for kind in kinds
    }
    return [web.Paper(kind, kind, "委任状は原本を確かめ、写しを取ります。", True, sent[kind]) for kind in kinds]


def _take_paper(request: HonraiRequest, draft: Application) -> str:
    who, now = request.actor.who, clock.now()
    if "remove" in request.POST:
        key = request.POST["remove"]
        intake.detach(application=draft.pk, attachment=int(key) if key.isdecimal() else 0, who=who, now=now)
        return ""
    for kind, sent in request.FILES.lists():
        if kind not in web.paper_kinds(draft) | {_MANDATE}:
            return "この申請にない書類です。画面を開き直してください"
        for file in sent:
            one: Any = file
            try:
                intake.attach(
                    application=draft.pk, kind=kind, content=one.read(), name=one.name or "", who=who, now=now
                )
            except (UnwelcomeFileError, MalwareError) as refusal:
                return str(refusal)
    return ""


@require_http_methods(["GET", "POST"])
@still_open
def check(request: HonraiRequest, application: int) -> HttpResponse:
    """Show everything once more, say what is missing, print the form for signature, and take it in."""
    row, draft = check_can_key(request.actor, application)
    error = ""
    if request.method == "POST":
        try:
            receiving.take_in(application=application, actor=request.actor, now=clock.now())
            return redirect("reception:done", application=application)
        except Invalid as refusal:
            error = str(refusal)
    said = {
        "sections": queries.review(draft, clock.today()),
        "visitor": queries.visitor_words(row, clock.today()),
        "missing": web.missing(draft, clock.today()),
        "wanted": [one for one in web.wanted_papers(draft, clock.today()) if one.needed and not one.sent],
        "unsigned": queries.unsigned(draft) if draft.channel == "phone" else [],
        "error": error,
    }
    return _page(request, "reception/check.html", row, draft, said, "check")


@require_GET
def print_form(request: HonraiRequest, application: int) -> HttpResponse:
    """Give the filled form as PDF, to be read and signed."""
    _, draft = check_can_key(request.actor, application)
    return _pdf(procedures.form_pdf(draft.version, draft.values))


@require_GET
def done(request: HonraiRequest, application: int) -> HttpResponse:
    """Show the receipt; the secret only as long as the person stands there."""
    row, draft = check_can_key(request.actor, application)
    if draft.submitted_at is None:
        return redirect("reception:check", application=application)
    receipt = intake.receipt(draft, clock.now())
    return render(
        request, "reception/done.html", {"draft": draft, "row": row, "receipt": receipt, "title": _title(draft)}
    )


@require_GET
def slip(request: HonraiRequest, application: int) -> HttpResponse:
    """Give the slip (控え・収受) as PDF."""
    row, draft = check_can_key(request.actor, application)
    if draft.submitted_at is None or draft.arrived_on is None:
        raise Conflict("まだ受け付けていません。確認の画面で受け付けてください")
    receipt = intake.receipt(draft, clock.now())
    missing = [one.label for one in web.wanted_papers(draft, draft.arrived_on) if one.needed]
    handed = set(draft.attachments.values_list("kind", flat=True))
    labels = {one.id: one.label for one in procedures.runnable(draft.version).pack.form.attachments}
    missing = [one for one in missing if one not in {labels.get(kind) for kind in handed}]
    address = request.build_absolute_uri(reverse("intake:status"))
    out = BytesIO()
    segno.make_qr(f"{address}?number={draft.number}").save(out, kind="svg", border=0)
    data = queries.slip(draft, row, receipt.secret, address, missing) | {"qr": out.getvalue().decode()}
    return _pdf(pdf(_SLIP, data))


@require_POST
def drop(request: HonraiRequest, application: int) -> HttpResponse:
    """Give up a draft begun by mistake."""
    receiving.drop(application=application, actor=request.actor, now=clock.now())
    messages.success(request, "受付の途中のものを取り消しました。")
    return redirect("reception:home")


def _page(
    request: HonraiRequest, template: str, row: Reception, draft: Application, said: Mapping[str, Any], here: str
) -> HttpResponse:
    frame = {"row": row, "draft": draft, "title": _title(draft), "here": here, "mail": queries.mail_of(draft)}
    frame["channel"] = queries.CHANNELS[draft.channel]
    return render(request, template, {**frame, **said}, status=422 if said.get("error") else 200)


def _title(draft: Application) -> str:
    return procedures.runnable(draft.version).version.title


def _pdf(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    return response
