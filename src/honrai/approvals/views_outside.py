"""The screens of what is decided outside: paper that goes out and comes back, packages for the city's 文書管理."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.approvals import api, desks, forms, listings, pages
from honrai.approvals.models import Document, Medium
from honrai.approvals.views import send_file
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest

_MADE = {"起案文書.pdf", "文書管理連携.zip"}


@require_GET
def outside(request: HonraiRequest) -> HttpResponse:
    """Show what waits on paper or in 文書管理, and open the document whose code was read."""
    actor = request.actor
    code = forms.CodeForm(request.GET if "code" in request.GET else None)
    if code.is_bound and code.is_valid():
        key = api.read_paper_code(code.cleaned_data["code"])
        if key is not None and desks.visible(actor).filter(pk=key).exists():
            return redirect("approvals:paper", document=key)
        code.add_error("code", "起案番号を読めないか、この課の文書ではありません。用紙の番号を確かめてください。")
    rows = desks.visible(actor).filter(state="waiting").exclude(medium=Medium.SCREEN)
    table = listings.outside().page(request, rows)
    if request.headers.get("HX-Request"):
        return render(request, "ui/table.html", {"table": table})
    context = {
        "table": table,
        "code": code,
        "import": forms.ImportForm(),
        "waiting": desks.visible(actor).filter(state="waiting", medium=Medium.SCREEN).order_by("pk")[:200],
        "counts": desks.counts(actor),
    }
    return render(request, "approvals/outside.html", context)


@require_POST
def hand_out(request: HonraiRequest) -> HttpResponse:
    """Print the chosen documents, pack them for 文書管理, or bring them back to the screen."""
    actor, now = request.actor, clock.now()
    keys = [int(key) for key in request.POST.getlist("document") if key.isascii() and key.isdigit() and len(key) < 19]
    if not keys:
        messages.error(request, "文書を選んでください。")
        return redirect("approvals:outside")
    to = request.POST.get("to")
    if to == "screen":
        for key in keys:
            api.return_to_screen(document=key, actor=actor, now=now)
        messages.success(request, f"{len(keys)}件を画面での決裁に戻しました。")
        return redirect("approvals:outside")
    make = api.export_package if to == "archive" else api.print_documents
    return redirect("approvals:made", file=make(documents=keys, actor=actor, now=now))


@require_GET
def made(request: HonraiRequest, file: int) -> HttpResponse:
    """Give out a printed PDF or a package, to whoever had it made."""
    actor = request.actor
    if not pages.made_by(file, actor, _MADE):
        raise NotFound("ファイルが見つかりません。もう一度出力してください。")
    return send_file(file, actor)


@require_http_methods(["GET", "POST"])
def paper(request: HonraiRequest, document: int) -> HttpResponse:
    """Enter what was decided on a signed paper."""
    actor = request.actor
    row = pages.visible_document(document, actor)
    people = pages.approvers(row, actor.day, actor)
    form = forms.PaperForm(row, people=people, data=request.POST or None, files=request.FILES or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _take(form, row, actor):
            messages.success(request, "紙の決裁を登録しました。")
            return redirect("approvals:outside")
        status = 422
    api.open_document(document=document, actor=actor, now=clock.now())
    context = {"sheet": pages.sheet(row, actor), "form": form, "counts": desks.counts(actor)}
    return render(request, "approvals/paper.html", context, status=status)


def _take(form: forms.PaperForm, row: Document, actor: Actor) -> bool:
    """Store the copy and enter the decision; False where something was refused, with the reason in the form."""
    data, now = form.cleaned_data, clock.now()
    try:
        kept = files.store(
            data["scan"].read(), name=data["scan"].name, limits=files.ATTACHMENTS, who=actor.who, now=now
        )
        signed = api.PaperDecision(
            document=row.pk,
            accepted=data["accepted"],
            approver=data["approver"],
            decided_on=data["decided_on"],
            scan=kept.id,
            outcome=data["outcome"],
            reason=data["reason"],
            absence=data["absence"],
        )
        with transaction.atomic():
            api.take_paper(signed, actor=actor, now=now)
    except (Conflict, Invalid, Denied, files.UnwelcomeFileError, files.MalwareError) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
def take_in(request: HonraiRequest) -> HttpResponse:
    """Enter the decisions of a file from 文書管理 and report line by line."""
    actor = request.actor
    form = forms.ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            report = api.import_decisions(content=form.cleaned_data["file"].read(), actor=actor, now=clock.now())
            return render(request, "approvals/imported.html", {"report": report, "counts": desks.counts(actor)})
        except Invalid as refusal:
            form.add_error("file", str(refusal))
    return render(request, "approvals/imported.html", {"import": form, "counts": desks.counts(actor)}, status=422)
