"""Opens the city around every request, finds the actor, keeps everything shut that is not marked open, and maps errors once.

It is the last middleware: it calls the view itself, inside `in_city`, so that one transaction holds the view, its template
and its audit entries. A refusal undoes all of it and is itself recorded.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from honrai.kernel.errors import Invalid as BadValue
from honrai.platform import clock
from honrai.platform.authority.api import AgainstContract
from honrai.platform.cities.memory import remember, remembering
from honrai.platform.cities.models import City
from honrai.platform.cities.settings import city_settings
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Denied, Invalid, Refusal
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.organisations.api import NoPlace, actor_for, certificates_missing
from honrai.platform.requests import OpenRequest
from honrai.platform.signin import sessions
from honrai.platform.signin.gate import Gate, gate_of
from honrai.platform.signin.lockout import address
from honrai.platform.signin.pages import new_reference, refused, told
from honrai.platform.signin.rules import Standing

log = logging.getLogger("honrai.request")
_reauthenticate = AccountMiddleware(lambda _: None).process_exception
_WHILE_LOCKED = {"signin_lock", "signin_unlock", "account_logout"}


class CityGate:
    """The middleware. Sets `request.reference`, `request.city` (or None) and `request.actor` (or None)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponseBase:
        """Prepare the request; the work is done in `process_view`."""
        request.reference = new_reference()
        request.actor = None
        return self._get_response(request)

    def process_view(
        self, request: OpenRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Call the view in its city, or answer in its place."""
        gate = gate_of(request, view)
        if gate is None:
            raise Http404
        if gate is Gate.NO_CITY:
            return None
        city = City.objects.filter(hosts__host=request.get_host().split(":")[0].lower()).first()
        if city is None:
            return told(
                request, status=404, heading="市が見つかりません", text="このアドレスの市は登録されていません。"
            )
        request.city = city
        try:
            with in_city(city.pk), _memory(request):
                return _answer(request, gate, view, args, kwargs)
        except (Refusal, BadValue, PermissionDenied) as error:
            return _refuse(request, city.pk, error)
        except Http404:
            raise
        except Exception:
            log.exception("request failed", extra={"reference": request.reference})
            raise


@contextmanager
def _memory(request: OpenRequest) -> Iterator[None]:
    """Keep what is read while a page is read: what changes slowly is asked for once. Whatever writes asks each time."""
    if request.method != "GET":
        yield
        return
    with remembering():
        remember(city_settings, request.city.settings)
        yield


def _answer(
    request: OpenRequest, gate: Gate, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    """Return the gate's own answer or the view's, rendered while the city is open."""
    try:
        response: Any = _stop(request, gate) or view(request, *args, **kwargs)
        if hasattr(response, "render") and not response.is_rendered:
            response = response.render()
    except ImmediateHttpResponse as early:
        response = early.response
    except ReauthenticationRequired as needed:
        response = _reauthenticate(request, needed)
    if (
        request.method == "POST"
        and request.user.is_authenticated
        and _name(request) in {"mfa_activate_totp", "mfa_add_webauthn"}
    ):
        sessions.note_enrolment(request)
    answer: HttpResponseBase = response
    return answer


def _stop(request: OpenRequest, gate: Gate) -> HttpResponseBase | None:
    """Return what stands in the way of the view; None where nothing does. Sets `request.actor` where there is one."""
    if not request.user.is_authenticated:
        return None if gate is Gate.PUBLIC else _to_sign_in(request)
    now = clock.now()
    state = sessions.state(request, request.city.pk, now)
    if state in {Standing.IDLE, Standing.OVER}:
        logout(request)
        return None if gate is Gate.PUBLIC else _to_sign_in(request, ended=state)
    if state is Standing.LOCKED and _name(request) not in _WHILE_LOCKED:
        sessions.lock(request)
        return _locked(request)
    sessions.touch(request, now)
    return _person(request, gate)


def _person(request: OpenRequest, gate: Gate) -> HttpResponseBase | None:
    """Find the actor; for pages of work ask for the second factor, a place today, and valid certificates."""
    if gate is Gate.FULL and not sessions.has_second_factor(request):
        return redirect("mfa_index")
    today = clock.today()
    try:
        city = request.city
        actor = actor_for(request.user.pk or 0, city.pk, today, place=address(request))
    except NoPlace:
        if gate is Gate.FULL:
            raise
        return None
    request.actor = actor
    missing = certificates_missing(actor.person or 0, today) if gate is Gate.FULL else ()
    if missing:
        return render(request, "signin/certificates_missing.html", {"missing": missing}, status=403)
    return None


def _to_sign_in(request: OpenRequest, ended: Standing | None = None) -> HttpResponseBase:
    """Send to sign-in, and afterwards back to the page asked for."""
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    if ended is Standing.IDLE:
        query["ended"] = "idle"
    url = reverse("account_login") + (f"?{urlencode(query)}" if query else "")
    if getattr(request, "htmx", False):
        answer = told(request, status=401, heading="サインインが必要です", text="もう一度サインインしてください。")
        answer.headers["HX-Redirect"] = reverse("account_login")
        return answer
    return redirect(url)


def _locked(request: OpenRequest) -> HttpResponseBase:
    """Answer while the session is locked: a page to unlock for a browser, 423 for everything else."""
    if request.method == "GET" and not getattr(request, "htmx", False):
        return render(request, "signin/locked.html", {"next": request.get_full_path()}, status=423)
    return told(
        request, status=423, heading="離席中です", text="パスワードまたはPINで再開してから、もう一度操作してください。"
    )


def _refuse(request: OpenRequest, city: int, error: Exception) -> HttpResponseBase:
    """Answer a refusal; one for want of a right is recorded, since the refused work itself was undone."""
    refusal = error if isinstance(error, Refusal) else _as_refusal(error)
    if isinstance(refusal, Denied):
        actor = request.actor
        with in_city(city):
            record(
                "signin.refused",
                who=actor.who if actor else SYSTEM,
                now=clock.now(),
                subject=("page", None),
                data=_about(request, refusal),
            )
    return refused(request, refusal)


def _about(request: OpenRequest, refusal: Refusal) -> dict[str, Any]:
    """Return what the log keeps of a refused request: page, method, reference, and whether a contract rule refused."""
    rule = "contract" if isinstance(refusal, AgainstContract) else ""
    reference: str = request.reference
    return {"page": _name(request), "method": request.method, "reference": reference, "rule": rule}


def _as_refusal(error: Exception) -> Refusal:
    if isinstance(error, BadValue):
        return Invalid(error.message)
    return Denied("この操作を行う権限がありません。")


def _name(request: OpenRequest) -> str:
    return str(request.resolver_match.view_name if request.resolver_match else "")
