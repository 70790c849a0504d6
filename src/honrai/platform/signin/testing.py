"""A browser that is signed in, for tests of views of any chapter.

    browser = signed_in(people.clerk)              # SmallCity of organisations.testing, city A
    page = browser.get("/organisation/")

The fixture `stopped_clock` (root conftest) must be in use: the small city's certificates are dated.
"""

from django.test import Client

from honrai.platform import clock
from honrai.platform.accounts.models import Account
from honrai.platform.authority.actor import Actor

PASSWORD = "ながいあいことば2026"  # noqa: S105  (tests only)


def signed_in(actor: Actor, *, host: str = "a.test", second_factor: bool = True) -> Client:
    """Return a client with an open session of the actor's account at a city's host."""
    client = Client(headers={"host": host})
    client.force_login(
        Account.objects.get(pk=actor.account or 0), "allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["city"] = actor.city
    session["signed_in"] = session["seen"] = clock.now().timestamp()
    session["enrolled"] = second_factor
    session.save()
    return client


def with_password(actor: Actor, password: str = PASSWORD) -> Account:
    """Give an actor's account a password; return the account."""
    account = Account.objects.get(pk=actor.account or 0)
    account.set_password(password)
    account.save()
    return account
