"""Screens of scanning: upload into a bundle, pages as small pictures and one by one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.documents import api, queries
from honrai.documents.labels import sheet_code
from honrai.documents.models import Sheet
from honrai.documents.permissions import visible
from honrai.platform import clock
from honrai.platform.errors import Refusal
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest

#: Pictures of a page never change; the browser of whoever may see it keeps them a while.
_KEPT = "private, max-age=600"


@require_POST
def upload(request: HonraiRequest, container: int) -> HttpResponse:
    """Take in files, each by itself: one that cannot be read does not hold up the others."""
    for file in request.FILES.getlist("files"):
        try:
            scan = api.take_in(
                batch=container, content=file.read(), name=file.name or "", source="upload", actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
        except (Refusal, files.MalwareError, files.ScannerDownError) as refusal:
            messages.error(request, f"{file.name}：{refusal}")
            continue
        if scan.fault:
            messages.error(request, f"{scan.name}：{scan.message}取り込んでいません。")
        else:
            messages.success(request, f"{scan.name}：{scan.sheets}ページを取り込みました。読取りは裏で進みます。")
    return redirect("documents:container", container=container)


@require_GET
def picture(request: HonraiRequest, sheet: int, size: str) -> HttpResponse:
    """Give one page, large or small. Its number boxes are masked in what is kept."""
    row = _sheet(request, sheet)
    key = row.thumbnail if size == "small" else row.image
    if key is None:
        raise Http404
    _, content = files.fetch(key, who=request.actor.who, now=clock.now())
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Cache-Control"] = _KEPT
    return response


@require_GET
def page(request: HonraiRequest, sheet: int) -> HttpResponse:
    """Show one page with the ones before and after it."""
    row = _sheet(request, sheet)
    others = Sheet.objects.filter(batch=row.batch)
    said = {
        "sheet": row,
        "kind": queries.SHEETS[row.kind],
        "code": sheet_code(row.batch.code, row.number),
        "before": others.filter(number__lt=row.number).order_by("-number").first(),
        "after": others.filter(number__gt=row.number).order_by("number").first(),
        "total": others.count(),
    }
    return render(request, "documents/page.html", said)


def _sheet(request: HonraiRequest, sheet: int) -> Sheet:
    row = Sheet.objects.select_related("batch").filter(pk=sheet, batch__in=visible(request.actor)).first()
    if row is None:
        raise Http404
    return row
