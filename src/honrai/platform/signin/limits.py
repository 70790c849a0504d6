"""How often something may be tried on public pages, by one address or at one number. All processes count together.

Counting happens in the transaction of the request: count what answers normally, check before doing anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from honrai.platform.errors import TooMany
from honrai.platform.signin.models import Try

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries of one key within a time; `told` is what the person reads afterwards."""

    what: str
    most: int
    within: timedelta
    told: str


def check_limit(limit: Limit, key: str, *, now: datetime) -> None:
    """Say no where the key has used up its tries.

    Raises:
        TooMany: it has; the message is the limit's own.
    """
    if Try.objects.filter(what=limit.what, key=_digest(key), at__gt=now - limit.within).count() >= limit.most:
        raise TooMany(limit.told)


def count_try(limit: Limit, key: str, *, now: datetime) -> None:
    """Count one try of a key, and forget what is older than a day."""
    Try.objects.filter(at__lt=now - _KEPT).delete()
    Try.objects.create(what=limit.what, key=_digest(key), at=now)


def _digest(key: str) -> str:
    return salted_hmac("honrai.limits", key, algorithm="sha256").hexdigest()[:40]
