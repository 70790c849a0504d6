"""Screens of reception beside the counter: the post, files of many applications, applications that look like one."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from honrai.intake.reception import batching, doubling, mailing, queries
from honrai.intake.reception.forms import BatchForm, MailForm, VerdictForm
from honrai.intake.reception.tables import questions
from honrai.platform import clock
from honrai.platform.errors import Invalid, Refusal
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures

_SHOWN = 50


@require_http_methods(["GET", "POST"])
def mail(request: HonraiRequest) -> HttpResponse:
    """List the post that waits to be keyed, and register what came today."""
    now = clock.now()
    offers = queries.offers(request.actor, now.date())
    choices = [(one.version.code, one.version.title) for one in offers if "post" in dict(one.channels)]
    form = MailForm(request.POST or None, request.FILES or None, procedures=choices, initial={"arrived_on": now.date()})
    if request.method == "POST" and form.is_valid() and _register(request, form):
        messages.success(request, "郵送物を登録しました。")
        return redirect("reception:mail")
    titles = {one.version.code: one.version.title for one in offers}
    waiting = [(row, titles.get(row.procedure, row.procedure)) for row in mailing.waiting(request.actor)]
    said = {"form": form, "waiting": waiting, "token": secrets.token_urlsafe(18)}
    return render(request, "reception/mail.html", said, status=422 if form.errors else 200)


def _register(request: HonraiRequest, form: MailForm) -> bool:
    given = dict(form.cleaned_data)
    page = given.pop("page")
    try:
        mailing.register(content=page.read(), name=page.name or "", actor=request.actor, now=clock.now(), **given)
    except (Refusal, files.UnwelcomeFileError, files.MalwareError) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_GET
def page(request: HonraiRequest, mail: int, number: int) -> HttpResponse:
    """Give one page of a piece of mail as a picture."""
    row = mailing.mail_for(request.actor, mail, clock.now())
    info, content = files.fetch(row.file, who=request.actor.who, now=clock.now())
    picture, count = mailing.page_image(content, info.media_type, number)
    response = HttpResponse(picture, content_type="image/png")
    response.headers["X-Pages"] = str(count)
    return response


@require_http_methods(["GET", "POST"])
def batches(request: HonraiRequest) -> HttpResponse:
    """List files of applications, and take a new one."""
    now = clock.now()
    choices = [(one.version.code, one.version.title) for one in queries.offers(request.actor, now.date())]
    form = BatchForm(
        request.POST or None, request.FILES or None, procedures=choices, initial={"arrived_on": now.date()}
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        table = given.pop("table")
        try:
            key = batching.upload(content=table.read(), name=table.name or "", actor=request.actor, now=now, **given)
            return redirect("reception:batch", batch=key)
        except (Refusal, files.UnwelcomeFileError, files.MalwareError) as refusal:
            form.add_error(None, str(refusal))
    titles = dict(choices)
    rows = [
        (row, titles.get(row.procedure, row.procedure), queries.batch_state(row))
        for row in batching.batches_of(request.actor)
    ]
    return render(request, "reception/batches.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def batch(request: HonraiRequest, batch: int) -> HttpResponse:
    """Show a file before and after it is taken in: columns, rows with what is wrong, progress, rejected rows."""
    actor, now, error = request.actor, clock.now(), ""
    row = batching.batch_for(actor, batch, now)
    if request.method == "POST":
        try:
            return _change_batch(request, batch)
        except Invalid as refusal:
            error = str(refusal)
    said: dict[str, Any] = {"batch": row, "state": queries.batch_state(row), "error": error}
    version = procedures.version_on(row.procedure, now.date())
    said["title"] = version.title
    if row.state == "draft":
        form = procedures.runnable(version.id).pack.form
        seen = batching.preview(row, actor=actor, now=now)
        chosen = [(heading, row.mapping.get(heading, "")) for heading in batching.headings_of(row, actor, now)]
        said |= {"columns": chosen, "questions": questions(form)}
        said |= {
            "good": sum(not one.wrong and not one.doubled for one in seen),
            "bad": [one for one in seen if one.wrong],
        }
        said |= {"doubled": sum(one.doubled for one in seen)}
        said["rows"] = Paginator(seen, _SHOWN).get_page(request.GET.get("page"))
    return render(request, "reception/batch.html", said, status=422 if error else 200)


def _change_batch(request: HonraiRequest, batch: int) -> HttpResponse:
    if "take" in request.POST:
        batching.order(batch=batch, actor=request.actor, now=clock.now())
        messages.success(request, "受付を始めました。画面を閉じても続きます。")
    else:
        names, keys = request.POST.getlist("heading"), request.POST.getlist("key")
        mapping = dict(zip(names, keys, strict=False))
        batching.remap(batch=batch, mapping=mapping, actor=request.actor, now=clock.now())
        messages.success(request, "列と欄の対応を変えました。")
    return redirect("reception:batch", batch=batch)


@require_GET
def doubles(request: HonraiRequest) -> HttpResponse:
    """List the applications that look like one."""
    now = clock.now()
    titles = {one.code: one.title for one in procedures.in_force(now.date())}
    pairs = [(row, titles.get(row.procedure, row.procedure)) for row in doubling.open_pairs(request.actor, now)]
    return render(request, "reception/doubles.html", {"pairs": pairs})


@require_http_methods(["GET", "POST"])
def double(request: HonraiRequest, duplicate: int) -> HttpResponse:
    """Show two applications side by side, and take the decision whether they are one."""
    now = clock.now()
    pair = doubling.side_by_side(duplicate, actor=request.actor, now=now)
    row = pair.duplicate
    numbers = [
        (one.pk, f"{one.number}（{which}）") for one, which in ((row.earlier, "先の申請"), (row.later, "あとの申請"))
    ]
    form = VerdictForm(request.POST or None, numbers=numbers)
    if request.method == "POST" and form.is_valid():
        try:
            doubling.decide(duplicate=duplicate, actor=request.actor, now=now, **form.cleaned_data)
            messages.success(request, "判断を記録しました。")
            return redirect("reception:doubles")
        except Invalid as refusal:
            form.add_error(None, str(refusal))
    said = {"pair": pair, "form": form}
    return render(request, "reception/double.html", said, status=422 if form.errors else 200)
