"""What a person reads when a request is turned down or fails: what happened, how to mend it, a number to ask by."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from honrai.platform.errors import Conflict, Denied, Invalid, NotFound, Refusal, TooMany

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_STATUS: tuple[tuple[type[Refusal], int, str], ...] = (
    (NotFound, 404, "見つかりません"),
    (Denied, 403, "この操作はできません"),
    (Conflict, 409, "内容が変わっています"),
    (Invalid, 422, "入力内容を確かめてください"),
    (TooMany, 429, "いったん止めています"),
)


def new_reference() -> str:
    """Return a reference number for one request: eight letters and figures that are not mistaken on the phone."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Turn a refusal into its answer: 404, 403, 409, 422 or 429 with the reason."""
    status, heading = next((code, words) for kind, code, words in _STATUS if isinstance(refusal, kind))
    return told(request, status=status, heading=heading, text=str(refusal))


def told(request: HttpRequest, *, status: int, heading: str, text: str, mend: str = "") -> HttpResponse:
    """Return a page, or for htmx a notice, that says what happened and how to go on."""
    htmx = bool(getattr(request, "htmx", False))
    template = "signin/notice.html" if htmx else "ui/error.html"
    context = {"heading": heading, "told": text, "mend": mend, "reference": getattr(request, "reference", "")}
    return HttpResponse(render_to_string(template, context, request), status=status)
