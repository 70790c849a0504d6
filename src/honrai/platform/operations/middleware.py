"""Writes one line for every request: number, city, person, page, answer, duration. The outermost middleware."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from honrai.platform.operations.metrics import REQUESTS

log = logging.getLogger("honrai.access")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog:
    """The middleware. Questions (`?q=`) are never written: people search by name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and note how."""
        begun = time.perf_counter()
        response = self._get_response(request)
        seconds = time.perf_counter() - begun
        if request.path not in _QUIET:
            REQUESTS.labels(str(response.status_code)).observe(seconds)
            log.info("request", extra=_line(request, response.status_code, seconds))
        return response


def _line(request: HttpRequest, status: int, seconds: float) -> dict[str, Any]:
    """Return the fields; of an address that leads nowhere only that it does, since anything may stand in it."""
    city, actor = getattr(request, "city", None), getattr(request, "actor", None)
    return {
        "reference": getattr(request, "reference", ""),
        "city": city.pk if city is not None else None,
        "person": actor.person if actor is not None else None,
        "method": request.method,
        "path": _path(request),
        "status": status,
        "ms": round(seconds * 1000, 1),
    }


def _path(request: HttpRequest) -> str:
    """Return the path; of one that carries a key which opens something by itself (an invitation) only its pattern."""
    match = request.resolver_match
    if match is None:
        return "(unknown)"
    return f"/{match.route}" if "token" in match.kwargs else request.path
