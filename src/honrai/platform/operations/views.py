"""Addresses for machines: alive, ready."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from honrai.platform.signin.gate import no_city


@no_city
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive; touches nothing."""
    return HttpResponse("ok", content_type="text/plain")


@no_city
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")
