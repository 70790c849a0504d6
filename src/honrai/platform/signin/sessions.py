"""The session of a browser: bound to one city, ages, locks, is listed and revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest

from honrai.platform.accounts.models import Account
from honrai.platform.cities.models import City
from honrai.platform.signin.rules import Limits, Standing, standing

TRIES_TO_UNLOCK = 5
_SEEN_EVERY = timedelta(seconds=30)
_STRONG = {"mfa", "socialaccount"}


def limits() -> Limits:
    """Return the installation's session limits."""
    configured: Limits = settings.SESSION_LIMITS
    return configured


def begin(request: HttpRequest, city: int, now: datetime) -> None:
    """Bind a fresh session to the city it was opened for."""
    request.session["city"] = city
    request.session["signed_in"] = request.session["seen"] = now.timestamp()
    UserSession.objects.create_from_request(request)
    UserSession.objects.filter(session_key=request.session.session_key).update(data={"city": city})


def state(request: HttpRequest, city: int, now: datetime) -> Standing:
    """Return what the session is now; one that belongs to another city, or to none, is over."""
    session = request.session
    if session.get("city") != city or "signed_in" not in session:
        return Standing.OVER
    return standing(
        signed_in=datetime.fromtimestamp(session["signed_in"], now.tzinfo),
        seen=datetime.fromtimestamp(session["seen"], now.tzinfo),
        locked=bool(session.get("locked")),
        now=now,
        limits=limits(),
    )


def touch(request: HttpRequest, now: datetime) -> None:
    """Count a request as use. Pages that refresh themselves say so (`X-Honrai-Poll`) and do not count."""
    if "X-Honrai-Poll" in request.headers:
        return
    if now.timestamp() - request.session["seen"] >= _SEEN_EVERY.total_seconds():
        request.session["seen"] = now.timestamp()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def lock(request: HttpRequest) -> None:
    """Lock the session; every page is refused until `unlock`."""
    request.session["locked"] = True


def unlock(request: HttpRequest, secret: str, now: datetime) -> bool:
    """Unlock by the password or PIN of the same person; after five wrong ones the session must be ended (False as well)."""
    account = request.user
    assert isinstance(account, Account)
    tries = int(request.session.get("tries", 0))
    if tries < TRIES_TO_UNLOCK and (account.check_password(secret) or _is_pin(account, secret)):
        request.session["locked"] = False
        request.session["tries"] = 0
        request.session["seen"] = now.timestamp()
        return True
    request.session["tries"] = tries + 1
    return False


def tries_left(request: HttpRequest) -> int:
    """Return how often a wrong secret may still be entered before the session ends."""
    return max(0, TRIES_TO_UNLOCK - int(request.session.get("tries", 0)))


def _is_pin(account: Account, secret: str) -> bool:
    return bool(account.pin) and check_password(secret, account.pin)


def has_second_factor(request: HttpRequest) -> bool:
    """Say whether this very session was opened, or the factor set up in it, with a second factor or by the city's OIDC."""
    records = get_authentication_records(request, request.user)
    return bool(request.session.get("enrolled")) or any(record["method"] in _STRONG for record in records)


def note_enrolment(request: HttpRequest) -> None:
    """Remember that the first second factor was set up in this session, and end all other sessions of the account."""
    if Authenticator.objects.filter(user_id=request.user.pk, type__in=["totp", "webauthn"]).exists():
        request.session["enrolled"] = True
        end_others(request)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of a person's open sessions."""

    id: int
    city: str
    place: str
    browser: str
    since: datetime
    seen: datetime
    current: bool


def own_sessions(request: HttpRequest) -> list[SessionView]:
    """Return the account's open sessions in all cities, the newest first."""
    rows = UserSession.objects.purge_and_list(request.user)
    cities = dict(City.objects.values_list("pk", "name"))
    return [
        SessionView(
            row.pk,
            cities.get(row.data.get("city"), ""),
            row.ip,
            row.user_agent,
            row.created_at,
            row.last_seen_at,
            row.session_key == request.session.session_key,
        )
        for row in sorted(rows, key=lambda row: row.created_at, reverse=True)
    ]


def end_own(request: HttpRequest, session: int) -> bool:
    """End one of the account's sessions; False where it is not the account's or already gone."""
    row = UserSession.objects.filter(pk=session, user_id=request.user.pk).first()
    if row is None:
        return False
    row.end()
    return True


def end_others(request: HttpRequest) -> int:
    """End all sessions of the account but this one; return how many."""
    rows = UserSession.objects.filter(user_id=request.user.pk).exclude(session_key=request.session.session_key)
    return _end(list(rows))


def end_all(account: int, *, city: int | None = None) -> int:
    """End every session of an account, or those at one city; return how many."""
    rows = UserSession.objects.filter(user_id=account)
    return _end(list(rows if city is None else rows.filter(data__city=city)))


def _end(rows: list[UserSession]) -> int:
    for row in rows:
        row.end()
    return len(rows)
