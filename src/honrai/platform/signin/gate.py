"""How far a view is open. A view without a mark is open only to people who may work: `Gate.FULL`."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Gate(IntEnum):
    """What a request needs before the view is called; each needs all of the ones before it.

    NO_CITY: nothing (health checks). PUBLIC: a city (sign-in, applicants' pages). SIGNED_IN: an open session (setting up the
    second factor, own sessions, signing out). FULL: second factor, a place in the city today, pledge, training and test.
    """

    NO_CITY = 0
    PUBLIC = 1
    SIGNED_IN = 2
    FULL = 3


def no_city(view: View) -> View:
    """Mark a view that works for no city and must touch no city data."""
    return _mark(view, Gate.NO_CITY)


def public(view: View) -> View:
    """Mark a view that needs a city but nobody signed in."""
    return _mark(view, Gate.PUBLIC)


def signed_in(view: View) -> View:
    """Mark a view for everybody with an open session, also without second factor, place or certificates."""
    return _mark(view, Gate.SIGNED_IN)


def _mark(view: View, gate: Gate) -> View:
    view.gate = gate  # type: ignore[attr-defined]
    return view


# Views of the sign-in library that are offered, by URL name; all its others answer 404.
OFFERED = {
    "account_login": Gate.PUBLIC,
    "account_logout": Gate.PUBLIC,
    "account_inactive": Gate.PUBLIC,
    "mfa_authenticate": Gate.PUBLIC,
    "openid_connect_callback": Gate.PUBLIC,
    "socialaccount_login_cancelled": Gate.PUBLIC,
    "socialaccount_login_error": Gate.PUBLIC,
    "account_reauthenticate": Gate.SIGNED_IN,
    "mfa_index": Gate.SIGNED_IN,
    "mfa_reauthenticate": Gate.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Gate.SIGNED_IN,
    "mfa_activate_totp": Gate.SIGNED_IN,
    "mfa_add_webauthn": Gate.SIGNED_IN,
    "mfa_list_webauthn": Gate.SIGNED_IN,
    "mfa_view_recovery_codes": Gate.SIGNED_IN,
    "mfa_generate_recovery_codes": Gate.SIGNED_IN,
    "mfa_download_recovery_codes": Gate.SIGNED_IN,
    "account_change_password": Gate.FULL,
    "mfa_deactivate_totp": Gate.FULL,
    "mfa_edit_webauthn": Gate.FULL,
    "mfa_remove_webauthn": Gate.FULL,
}


def gate_of(request: HttpRequest, view: Callable[..., Any]) -> Gate | None:
    """Return how far a view is open; None for a view of the sign-in library that is not offered."""
    if view.__module__.startswith("allauth."):
        name = request.resolver_match.url_name if request.resolver_match else None
        return OFFERED.get(name or "")
    gate = getattr(view, "gate", Gate.FULL)
    return Gate(gate)
