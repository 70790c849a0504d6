"""Too many wrong passwords or codes lock an account's sign-in for a while (django-axes counts, here is what we tell it)."""

from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

from honrai.platform.signin.pages import told


def login_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the login name an attempt is counted under: lower case, so that capitals give no further tries."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(given).strip().lower()


def address(request: HttpRequest) -> str:
    """Return the address the request came from, as the web server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def is_locked(request: HttpRequest, login: str) -> bool:
    """Say whether sign-in of a login name is locked now."""
    return not AxesProxyHandler.is_allowed(request, {"username": login})


def count_failure(request: HttpRequest, login: str) -> None:
    """Count a wrong second factor like a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"username": login}, request=request)


def locked_page(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """Say that sign-in is locked. The same for known and unknown login names."""
    return told(
        request,
        status=429,
        heading="サインインを一時停止しています",
        text="続けて誤りがあったため、このログイン名では15分間サインインできません。",
        mend="時間をおいてやり直すか、所属の管理者に連絡してください。",
    )
