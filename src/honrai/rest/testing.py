"""Keys and callers for tests.

caller = calling(people, people.clerk, Scope.CASES_READ)      # inside `in_city(city)`
answer = caller.get("/cases")
"""

import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from honrai.platform.authority.api import Actor
from honrai.platform.organisations.testing import NOW, SmallCity
from honrai.rest import keys
from honrai.rest.models import ApiKey
from honrai.rest.scopes import OFFICIAL, Scope

_numbers = itertools.count(1)
EVERY = tuple(Scope)
USUAL = tuple(one for one in Scope if one not in OFFICIAL)


@dataclass
class Caller:
    """A program with a key."""

    token: str
    key: ApiKey
    host: str = "a.test"

    def get(self, path: str, given: Any = None, **headers: str) -> Any:
        """Ask for something under /api/v1."""
        return self._client().get(f"/api/v1{path}", given, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, again: str = "", **headers: str) -> Any:
        """Send something; `again` is the idempotency key, a new one where it is not given."""
        sent = {"Idempotency-Key": again or f"test-{next(_numbers)}"} | headers
        text = body if isinstance(body, str) else json.dumps(body or {})
        return self._client().post(f"/api/v1{path}", text, content_type="application/json", headers=self._headers(sent))

    def _client(self) -> Client:
        return Client(headers={"host": self.host})

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): value for name, value in more.items()
        }


def calling(
    people: SmallCity, actor: Actor, *scopes: Scope, host: str = "a.test", now: datetime = NOW, **more: Any
) -> Caller:
    """Grant a person's own key through the real operations and return its caller."""
    wanted = keys.Wanted(
        name="試験", holder="person", person=actor.person, scopes=scopes or USUAL,
        expires_on=now.date() + timedelta(days=30), **more,
    )  # fmt: skip
    key = keys.issue(wanted, actor=people.personnel, now=now)
    return Caller(keys.collect(key=key, actor=actor, now=now), ApiKey.objects.get(pk=key), host)


def machine(people: SmallCity, *scopes: Scope, host: str = "a.test", **more: Any) -> Caller:
    """Grant a system's key, placed in a unit or contract."""
    wanted = keys.Wanted(
        name="試験システム", holder="system", scopes=scopes or USUAL, expires_on=NOW.date() + timedelta(days=30), **more
    )
    key = keys.issue(wanted, actor=people.personnel, now=NOW)
    return Caller(keys.collect(key=key, actor=people.personnel, now=NOW), ApiKey.objects.get(pk=key), host)
