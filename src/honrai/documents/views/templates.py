"""Screens of drawn templates: list, new version, drawing, putting to use."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.documents import api
from honrai.documents.forms import TemplateForm
from honrai.documents.known_forms import NUMBER
from honrai.documents.models import Template
from honrai.documents.permissions import check_is_staff
from honrai.documents.recognition.masking import unpacked
from honrai.documents.recognition.pages import PER_MM
from honrai.platform import clock
from honrai.platform.errors import Refusal
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures

TYPES = (*((key, kind.label) for key, kind in procedures.FIELD_TYPES.items()), (NUMBER, "個人番号欄（隠す）"))


@require_http_methods(["GET", "POST"])
def templates(request: HonraiRequest) -> HttpResponse:
    """List templates, and begin a version over an empty form."""
    check_is_staff(request.actor)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            key = api.new_version(
                code=given["code"], title=given["title"], blank=given["blank"].read(), actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return redirect("documents:template", template=key)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    rows = Template.objects.filter(unit__in=request.actor.units).order_by("code", "-number")
    return render(request, "documents/templates.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def template(request: HonraiRequest, template: int) -> HttpResponse:
    """Show a template to draw on; keep what was drawn (JSON)."""
    row = _template(request, template)
    if request.method == "POST":
        try:
            told = json.loads(request.body)
            api.draw(
                template=template, boxes=told["boxes"], sums=told.get("sums", ()), actor=request.actor, now=clock.now()
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return JsonResponse({"error": "送られた内容が読めません。画面を開き直してください"}, status=422)
        except Refusal as refusal:
            return JsonResponse({"error": str(refusal)}, status=422)
        return JsonResponse({"saved": True})
    sizes = [_size(request, one) for one in row.blanks]
    said = {
        "row": row,
        "sizes": list(enumerate(sizes, 1)),
        "types": TYPES,
        "data": {"boxes": row.boxes, "sums": row.sums},
    }
    return render(request, "documents/template.html", said)


def _size(request: HonraiRequest, key: int) -> tuple[float, float]:
    """Return width and height of a page of the empty form in mm."""
    height, width = unpacked(files.fetch(key, who=request.actor.who, now=clock.now())[1]).shape
    return round(width / PER_MM, 2), round(height / PER_MM, 2)


@require_GET
def blank(request: HonraiRequest, template: int, page: int) -> HttpResponse:
    """Give a page of the empty form."""
    row = _template(request, template)
    if not 1 <= page <= len(row.blanks):
        raise Http404
    _, content = files.fetch(row.blanks[page - 1], who=request.actor.who, now=clock.now())
    return HttpResponse(content, content_type="image/jpeg")


@require_POST
def publish(request: HonraiRequest, template: int) -> HttpResponse:
    """Put a version to use."""
    try:
        api.publish(template=template, actor=request.actor, now=clock.now())
        messages.success(request, "この版を使い始めました。束を登録するときに選べます。")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("documents:template", template=template)


def _template(request: HonraiRequest, template: int) -> Template:
    row = Template.objects.filter(pk=template, unit__in=request.actor.units).first()
    if row is None:
        raise Http404
    return row
