"""Getting a version or a draft out of the house: zip, manual as page and PDF, form as PDF."""

from datetime import date
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from honrai.engines.decision.errors import DecisionError
from honrai.engines.flow.api import FlowError
from honrai.kernel import errors
from honrai.kernel.wareki import parse_date
from honrai.platform import clock
from honrai.platform.authority.api import Invalid
from honrai.platform.requests import HonraiRequest
from honrai.platform.typeset.api import TypesetError
from honrai.procedures.printing.form import paper_pdf
from honrai.procedures.printing.manual import Manual, manual_of
from honrai.procedures.printing.manual_pdf import manual_pdf
from honrai.procedures.printing.sources import Source, source_of
from honrai.procedures.rules.paper.layout import paper_of
from honrai.procedures.rules.sources import zip_of_files


@require_GET
def pack_zip(request: HonraiRequest, kind: str, key: int) -> HttpResponse:
    """Hand out the pack as a zip: the same content always as the same bytes, to be taken in again as it is."""
    source = source_of(kind, key, request.actor)
    return _download(zip_of_files(source.files), "application/zip", f"{source.code}-{source.label}.zip")


@require_GET
def form(request: HonraiRequest, kind: str, key: int) -> HttpResponse:
    """Show the empty form as PDF."""
    source = source_of(kind, key, request.actor)
    return _shown(paper_pdf(paper_of(source.pack())), f"{source.code}-{source.label}-様式.pdf")


@require_GET
def manual(request: HonraiRequest, kind: str, key: int) -> HttpResponse:
    """Show the manual as a page, with the parameters of the day asked for (today where none is)."""
    source = source_of(kind, key, request.actor)
    typed = request.GET.get("on", "")
    return render(
        request,
        "procedures/printing/manual.html",
        {"source": source, "manual": _manual(source, _day(typed)), "typed": typed},
    )


@require_GET
def manual_on_paper(request: HonraiRequest, kind: str, key: int) -> HttpResponse:
    """Show the manual as PDF."""
    source = source_of(kind, key, request.actor)
    made = _manual(source, _day(request.GET.get("on", "")))
    try:
        raw = manual_pdf(made, version=f"{source.title}　{source.label}　{made.pack.identity.version}")
    except TypesetError as error:
        raise Invalid(f"手引きを印刷できません。{error}") from error
    return _shown(raw, f"{source.code}-{source.label}-手引き.pdf")


def _manual(source: Source, on: date) -> Manual:
    try:
        return manual_of(source.pack(), on)
    except (DecisionError, FlowError) as error:
        raise Invalid(f"手引きを作れません。{error}") from error


def _day(typed: str) -> date:
    if not typed.strip():
        return clock.today()
    try:
        return parse_date(typed.strip())
    except errors.Invalid as error:
        raise Invalid(error.message) from error


def _shown(raw: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return answer


def _download(raw: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(raw, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
