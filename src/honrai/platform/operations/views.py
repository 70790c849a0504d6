"""Addresses for machines: alive, ready, figures."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from honrai.platform.operations.metrics import may_read, rendered
from honrai.platform.signin.gate import no_city

_BEHIND_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")


@no_city
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive; touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


@no_city
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers and holds the tables of this release, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        pending = _known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError:
        return HttpResponse("database does not answer", status=503, content_type="text/plain")
    if pending:
        told = f"{len(pending)} migrations are pending: run honrai migrate"
        return HttpResponse(told, status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


@no_city
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures to the addresses of HONRAI_METRICS_FROM; for everybody else there is no such page.

    A request a proxy passed on comes from the proxy's address, not its own, so it never counts as near.
    """
    passed_on = any(name in request.headers for name in _BEHIND_PROXY)
    if passed_on or not may_read(request.META.get("REMOTE_ADDR", ""), settings.CONFIG.metrics_from):
        raise Http404
    return HttpResponse(rendered(), content_type=CONTENT_TYPE_LATEST)


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations this release needs, read once a process."""
    loader = MigrationLoader(None)
    return frozenset(key for key in loader.graph.nodes if key not in loader.replacements)
