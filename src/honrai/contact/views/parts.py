"""What the screens of contact share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from honrai.contact.permissions import check_can_see_letters
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Kind
from honrai.platform.errors import Refusal
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest
from honrai.ui.context import Link


def actor_of(request: HonraiRequest) -> Actor:
    """Return the actor, who has to do with letters."""
    check_can_see_letters(request.actor)
    return request.actor


def pdf_file(file: int, request: HonraiRequest, name: str, *, case: int | None = None) -> HttpResponse:
    """Show a stored PDF; the read is recorded by the file store."""
    content = files.fetch(file, who=request.actor.who, now=clock.now(), case=case)[1]
    return pdf(content, name)


def pdf(content: bytes, name: str) -> HttpResponse:
    """Show a PDF."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def done(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> tuple[bool, Any]:
    """Take an act with what a valid form holds; a refusal becomes the form's error and nothing typed is lost."""
    if not form.is_valid():
        return False, None
    try:
        return True, act(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False, None


TABS = (
    ("発送待ち", "letters:queue", False),
    ("束", "letters:batches", False),
    ("確認待ち", "letters:stops", True),
    ("公印", "letters:seals", True),
    ("公印使用簿", "letters:ledger", True),
    ("番号付き用紙", "letters:stock", True),
    ("収受印", "letters:stamps", False),
    ("印刷機", "letters:printers", False),
)
"""The screens: label, address, officials only."""


def show(request: HonraiRequest, template: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Draw a screen with the tabs of those the person has."""
    official = request.actor.kind is Kind.STAFF
    tabs = [
        Link(label, reverse(screen), current=request.path == reverse(screen))
        for label, screen, officials in TABS
        if official or not officials
    ]
    return render(request, template, shown | {"tabs": tabs}, status=status)
