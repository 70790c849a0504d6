"""意見照会 of a draft: who was asked, what they said, what became of it."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Conflict, Invalid, NotFound
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api, permissions
from honrai.procedures.drafts import visible_draft
from honrai.procedures.models import Draft, DraftState, Inquiry, Opinion
from honrai.procedures.views.common import names_of
from honrai.procedures.views.drafts import frame_of
from honrai.procedures.views.forms import CommentForm, DispositionForm


@require_GET
def consult(request: HonraiRequest, draft: int) -> HttpResponse:
    """Show the consultation of a draft."""
    return _page(request, visible_draft(draft, request.actor), {}, 200)


@require_POST
def answer(request: HonraiRequest, inquiry: int) -> HttpResponse:
    """Answer for one's office."""
    row = Inquiry.objects.select_related("draft").filter(pk=inquiry).first()
    if row is None:
        raise NotFound("意見照会が見つかりません。")
    form = CommentForm(request.POST, prefix=f"inquiry{row.pk}")
    if form.is_valid():
        try:
            with transaction.atomic():
                api.answer(inquiry=row.pk, comment=form.cleaned_data["comment"], actor=request.actor, now=clock.now())
        except (Conflict, Invalid) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{row.name}として回答しました。")
            return redirect("procedures:consult", row.draft_id)
    return _page(request, visible_draft(row.draft_id, request.actor), {f"inquiry{row.pk}": form}, 422)


@require_POST
def dispose(request: HonraiRequest, opinion: int) -> HttpResponse:
    """Decide what becomes of a comment."""
    row = Opinion.objects.select_related("inquiry").filter(pk=opinion).first()
    if row is None:
        raise NotFound("意見が見つかりません。")
    form = DispositionForm(request.POST, prefix=f"opinion{row.pk}")
    if form.is_valid():
        try:
            with transaction.atomic():
                api.dispose(opinion=row.pk, **form.cleaned_data, actor=request.actor, now=clock.now())
        except (Conflict, Invalid) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "意見の扱いを登録しました。")
            return redirect("procedures:consult", row.inquiry.draft_id)
    return _page(request, visible_draft(row.inquiry.draft_id, request.actor), {f"opinion{row.pk}": form}, 422)


def _page(request: HonraiRequest, row: Draft, filled: dict[str, forms.Form], status: int) -> HttpResponse:
    inquiries = list(Inquiry.objects.filter(draft=row).prefetch_related("opinions").order_by("pk"))
    opinions = [one for inquiry in inquiries for one in inquiry.opinions.all()]
    people = (
        [one.answered_by for one in inquiries] + [one.by for one in opinions] + [one.disposed_by for one in opinions]
    )
    frame = frame_of(row, request)
    offices = []
    for one in inquiries:
        key = f"inquiry{one.pk}"
        may = row.state == DraftState.CONSULTING and permissions.belongs(request.actor, one.unit)
        offices.append((one, filled.get(key) or CommentForm(prefix=key) if may else None))
    comments = []
    for said in opinions:
        key = f"opinion{said.pk}"
        start = {"disposition": said.disposition, "reason": said.reason}
        form = filled.get(key) or DispositionForm(prefix=key, initial=start)
        comments.append((said, form if frame["editable"] else None))
    context = {
        **frame,
        "offices": offices,
        "comments": comments,
        "names": names_of(request.actor, people),
        "answered": sum(one.answered_at is not None for one in inquiries),
        "later": max((row.lock - one.lock for one in inquiries), default=0),
    }
    return render(request, "procedures/life/consult.html", context, status=status)
