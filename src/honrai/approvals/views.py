"""The approval screens: inbox, route, stacks, one document, 後閲, finding any document."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.approvals import api, desks, forms, listings, pages, queries
from honrai.approvals.models import Document
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound, Rank
from honrai.platform.files import api as files
from honrai.platform.jobs.progress import how_far
from honrai.platform.requests import HonraiRequest
from honrai.ui.tables import Listing

LARGE = 200


@require_GET
def inbox(request: HonraiRequest) -> HttpResponse:
    """Show what lies on one's own desk: stacks, like documents that could be one, single ones; with ?below=1 lower desks'."""
    actor = request.actor
    below = request.GET.get("below") == "1"
    rows = (desks.decidable(actor) if below else desks.to_decide(actor)).filter(stack__isnull=True)
    listing = listings.documents("決裁待ちの文書", empty="決裁を待つ文書はありません。")
    more = {"piles": desks.piles(actor), "groups": desks.groups(actor), "below": below}
    return _list(request, listing, rows, "approvals/inbox.html", more)


@require_GET
def route(request: HonraiRequest) -> HttpResponse:
    """Show what waits for one's agreement."""
    actor = request.actor
    listing = listings.documents("回議・合議を待つ文書", empty="回議・合議を待つ文書はありません。")
    return _list(
        request, listing, desks.to_agree(actor), "approvals/route.html", {"groups": desks.groups_to_agree(actor)}
    )


@require_POST
def agree_group(request: HonraiRequest) -> HttpResponse:
    """Agree to all documents of a group that wait for one."""
    group, unit = request.POST.get("group", ""), _number(request.POST.get("unit"))
    count = api.agree_group(group=group, unit=unit, actor=request.actor, now=clock.now())
    messages.success(request, f"{count}件を確認済みにしました。")
    return redirect("approvals:route")


@require_GET
def afterwards(request: HonraiRequest) -> HttpResponse:
    """Show what deputies decided for one's post (後閲)."""
    listing = listings.documents("後閲を待つ文書", empty="後閲を待つ文書はありません。")
    return _list(request, listing, desks.to_see(request.actor), "approvals/list.html", {"title": "後閲"})


@require_GET
def all_documents(request: HonraiRequest) -> HttpResponse:
    """Find any document of one's line."""
    listing = listings.documents("起案文書", empty="起案文書はまだありません。", states=True)
    return _list(request, listing, desks.visible(request.actor), "approvals/list.html", {"title": "文書をさがす"})


@require_POST
def form_stack(request: HonraiRequest) -> HttpResponse:
    """Lay the like documents of a group together."""
    stack = api.form_stack(
        group=request.POST.get("group", ""),
        unit=_number(request.POST.get("unit")),
        rank=_rank(request.POST.get("rank")),
        actor=request.actor,
        now=clock.now(),
    )
    return redirect("approvals:stack", stack=stack)


@require_http_methods(["GET", "POST"])
def stack(request: HonraiRequest, stack: int) -> HttpResponse:
    """Show a stack with what must be opened, and approve it by one act."""
    actor = request.actor
    row = pages.stack_of(stack, actor)
    if request.method == "POST":
        return _approve_stack(request, stack, actor)
    unopened = pages.unopened(stack, actor)
    waiting = queries.waiting_in(stack)
    first = waiting.order_by("pk").first()
    read = pages.opened_by(stack, actor)
    context = {
        "stack": row,
        "progress": how_far("stack", stack),
        "first": first,
        "waiting": waiting.count(),
        "unopened": len(unopened),
        "next": unopened[0] if unopened else None,
        "may": pages.may(first, [], actor) if first is not None else None,
    }
    return _list(request, listings.members(read.__contains__), waiting, "approvals/stack.html", context)


@require_GET
def stack_progress(request: HonraiRequest, stack: int) -> HttpResponse:
    """Show how far the approval of a large stack is; once it is over, have the page show what became of it."""
    row = pages.stack_of(stack, request.actor)
    if row.ordered_at is None or row.closed_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "approvals/stack_progress.html", {"stack": row, "progress": how_far("stack", stack)})


@require_POST
def stop_stack(request: HonraiRequest, stack: int) -> HttpResponse:
    """Have the job that approves a large stack give up."""
    api.stop_order(stack=stack, actor=request.actor, now=clock.now())
    return redirect("approvals:stack", stack=stack)


def _approve_stack(request: HonraiRequest, stack: int, actor: Actor) -> HttpResponse:
    """Approve a small stack at once; a large one is left to a job, so that nobody waits before a page."""
    said: dict[str, Any] = {
        "stack": stack,
        "actor": actor,
        "now": clock.now(),
        "absence": request.POST.get("absence", ""),
    }
    try:
        with transaction.atomic():
            if queries.waiting_in(stack).count() > LARGE:
                api.order_stack(**said)
                messages.success(request, "決裁しました。件数が多いため、順に登録しています。")
                return redirect("approvals:stack", stack=stack)
            done = api.approve_stack(**said)
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
        return redirect("approvals:stack", stack=stack)
    messages.success(request, f"{done.approved}件を決裁しました。")
    if done.left:
        messages.warning(request, f"{len(done.left)}件は決裁できないため、束から外しました。理由: {done.left[0][1]}")
    return redirect("approvals:inbox")


@require_GET
def document(request: HonraiRequest, document: int) -> HttpResponse:
    """Show one document; opening it is recorded."""
    actor = request.actor
    row = pages.visible_document(document, actor)
    api.open_document(document=document, actor=actor, now=clock.now())
    return _document(request, row, actor, {}, 200)


def _document(
    request: HonraiRequest, row: Document, actor: Actor, filled: dict[str, django_forms.Form], status: int
) -> HttpResponse:
    sheet = pages.sheet(row, actor)
    shown = {
        "approve": forms.DecideForm(row, deputy=sheet.may.deputy, auto_id="approve_%s"),
        "send-back": forms.ReasonForm(auto_id="back_%s"),
        "pull-out": forms.ReasonForm(auto_id="out_%s"),
        "pull-up": forms.RaiseForm(Rank(row.rank), auto_id="up_%s"),
        "agree": forms.NoteForm(auto_id="agree_%s"),
    } | filled
    context = {
        "sheet": sheet,
        "forms": {name.replace("-", "_"): form for name, form in shown.items()},
        "next": pages.next_of(row, actor),
        "counts": desks.counts(actor),
    }
    return render(request, "approvals/document.html", context, status=status)


@require_POST
def act(request: HonraiRequest, document: int, act: str) -> HttpResponse:
    """Take one act on a document; where the form is wrong the page comes back with what was typed."""
    actor = request.actor
    row = pages.visible_document(document, actor)
    if act not in _ACTS:
        raise NotFound("その操作はありません。")
    sheet_may = pages.may(row, queries.steps_of([row.pk]).get(row.pk, []), actor)
    make, operate, said = _ACTS[act]
    form = make(row, sheet_may, request)
    if not form.is_valid():
        return _document(request, row, actor, {act: form}, 422)
    following = pages.next_of(row, actor)
    try:
        with transaction.atomic():
            operate(document, form.cleaned_data, actor)
    except (Conflict, Invalid) as refusal:
        form.add_error(None, str(refusal))
        return _document(request, pages.visible_document(document, actor), actor, {act: form}, 422)
    messages.success(request, said)
    if row.stack_id is not None:
        return redirect("approvals:stack", stack=row.stack_id)
    if act in {"approve", "send-back"} and following is not None:
        return redirect("approvals:document", document=following)
    return redirect("approvals:inbox")


def _approve(document: int, data: dict[str, Any], actor: Actor) -> None:
    api.approve(
        document=document,
        actor=actor,
        now=clock.now(),
        changed_outcome=data.get("outcome"),
        reason=data.get("reason", ""),
        absence=data.get("absence", ""),
    )


Make = Callable[[Document, pages.May, HonraiRequest], django_forms.Form]
Operate = Callable[[int, dict[str, Any], Actor], None]
_ACTS: dict[str, tuple[Make, Operate, str]] = {
    "approve": (
        lambda row, may, request: forms.DecideForm(row, deputy=may.deputy, data=request.POST, auto_id="approve_%s"),
        _approve,
        "決裁しました。",
    ),
    "send-back": (
        lambda row, may, request: forms.ReasonForm(request.POST, auto_id="back_%s"),
        lambda key, data, actor: api.send_back(document=key, reason=data["reason"], actor=actor, now=clock.now()),
        "差し戻しました。",
    ),
    "pull-out": (
        lambda row, may, request: forms.ReasonForm(request.POST, auto_id="out_%s"),
        lambda key, data, actor: api.pull_out(document=key, reason=data["reason"], actor=actor, now=clock.now()),
        "束から抜きました。単独の文書として決裁してください。",
    ),
    "pull-up": (
        lambda row, may, request: forms.RaiseForm(Rank(row.rank), data=request.POST, auto_id="up_%s"),
        lambda key, data, actor: api.pull_up(
            document=key, rank=data["rank"], reason=data["reason"], actor=actor, now=clock.now()
        ),
        "上位の決裁へ引き上げました。",
    ),
    "agree": (
        lambda row, may, request: forms.NoteForm(request.POST, auto_id="agree_%s"),
        lambda key, data, actor: api.agree(document=key, actor=actor, now=clock.now(), note=data["note"]),
        "確認済みにしました。",
    ),
    "withdraw": (
        lambda row, may, request: django_forms.Form(request.POST),
        lambda key, data, actor: api.withdraw_draft(document=key, actor=actor, now=clock.now()),
        "起案を取り下げました。",
    ),
    "see": (
        lambda row, may, request: django_forms.Form(request.POST),
        lambda key, data, actor: api.see_afterwards(document=key, actor=actor, now=clock.now()),
        "後閲を記録しました。",
    ),
}


@require_GET
def file(request: HonraiRequest, document: int, file: int) -> HttpResponse:
    """Show an attachment of a document; reading it is recorded."""
    actor = request.actor
    row = pages.visible_document(document, actor)
    if file not in row.attachments and file != row.scan:
        raise NotFound("この文書の添付ではありません。")
    return send_file(file, actor, case=row.case)


def send_file(key: int, actor: Actor, *, case: int | None = None) -> HttpResponse:
    """Answer with a stored file; what a browser cannot show safely is downloaded."""
    info, content = files.fetch(key, who=actor.who, now=clock.now(), case=case)
    shown = info.media_type in {"application/pdf", "image/jpeg", "image/png"}
    answer = HttpResponse(content, content_type=info.media_type)
    answer.headers["Content-Disposition"] = "inline" if shown else f'attachment; filename="{key}.zip"'
    return answer


def _list(request: HonraiRequest, listing: Listing, rows: Any, template: str, more: dict[str, Any]) -> HttpResponse:
    """Answer with a list: the whole page, or the table alone where htmx asks for it."""
    table = listing.page(request, rows)
    if request.headers.get("HX-Request"):
        return render(request, "ui/table.html", {"table": table})
    return render(request, template, {"table": table, "counts": desks.counts(request.actor)} | more)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _rank(text: str | None) -> Rank:
    number = _number(text)
    return Rank(number) if number in set(Rank) else Rank.STAFF
