"""How the sign-in library (django-allauth) is fitted to the house: no self-registration, own records, own people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest

from honrai.platform import clock
from honrai.platform.accounts.api import find_account
from honrai.platform.accounts.models import Account
from honrai.platform.cities.models import City
from honrai.platform.events.api import Who, record
from honrai.platform.organisations.api import staff_account
from honrai.platform.requests import OpenRequest
from honrai.platform.signin import secrets, sessions
from honrai.platform.signin.lockout import address
from honrai.platform.signin.pages import told


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are issued, never registered; every sign-in, failure and sign-out is recorded for the city it was at."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers on their own."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as the web server saw it."""
        return address(request)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask for the password or factor again before a sensitive change, unless sign-in itself was minutes ago."""
        age = clock.now().timestamp() - self.request.session.get("signed_in", 0)
        return age >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT and bool(
            super().is_reauthentication_required(app=app, **more)
        )

    def login(self, request: OpenRequest, user: Account) -> None:
        """Open the session, bind it to the city, record it."""
        super().login(request, user)
        now = clock.now()
        sessions.begin(request, request.city.pk, now)
        self._record(request, "signin.signed_in", user.pk)

    def logout(self, request: HttpRequest) -> None:
        """Record and close the session."""
        if request.user.is_authenticated:
            self._record(request, "signin.signed_out", int(request.user.pk))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password under the account it was for, where there is one."""
        self._record(request, "signin.failed", find_account(str(credentials.get("username", ""))))

    def _record(self, request: HttpRequest, name: str, account: int | None) -> None:
        who = Who("system", account=account, place=address(request))
        record(name, who=who, now=clock.now(), subject=("account", account))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of tokens are stored encrypted."""

    def encrypt(self, text: str) -> str:
        """Seal a seed for the database."""
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed seed."""
        return secrets.unseal(encrypted_text)


class OidcAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in by a city's own identity provider. Each city has at most one; it signs in that city's staff only.

    The provider names the person by 職員番号 in a claim; the account must have been issued. Nothing is created.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the identity provider of the request's city, from the installation's configuration."""
        city: City | None = getattr(request, "city", None)
        configured = settings.OIDC.get(city.code) if city is not None else None
        if city is None or configured is None:
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=f"city-{city.code}",
            name=configured.get("name", "市の認証基盤"),
            client_id=configured["client_id"],
            secret=configured["secret"],
            settings={"server_url": configured["server_url"], "oauth_pkce_enabled": True},
        )
        fits = provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        return [app] if fits else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody registers on their own."""
        return False

    def pre_social_login(self, request: OpenRequest, sociallogin: Any) -> None:
        """Join the provider's person to the account issued for that 職員番号, or say what is missing."""
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        city = request.city
        name = settings.OIDC[city.code].get("number_claim", "employee_number")
        account = staff_account(str(claims.get(name, "")))
        if account is None or (sociallogin.is_existing and sociallogin.user.pk != account):
            raise ImmediateHttpResponse(
                told(
                    request,
                    status=403,
                    heading="サインインできません",
                    text="市の認証基盤では確認できましたが、この職員番号の利用者が発行されていません。",
                    mend="所属の管理者に利用者の発行を依頼してください。",
                )
            )
        if not sociallogin.is_existing:
            sociallogin.connect(request, Account.objects.get(pk=account))
