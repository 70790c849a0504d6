"""How often a key may call."""

import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Sum

from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import TooMany
from honrai.rest.models import ApiKey, KeyUse

_SLOTS = 8
_KEPT = timedelta(days=30)


def check_and_count(key: ApiKey, now: datetime) -> None:
    """Count one call of a key.

    Raises:
        TooMany: the key has used up its calls of this minute.
    """
    minute = now.replace(second=0, microsecond=0)
    so_far = KeyUse.objects.filter(key=key, minute=minute).aggregate(total=Sum("calls"))["total"] or 0
    if so_far >= key.per_minute:
        raise TooMany(f"この接続キーで1分間に呼べるのは{key.per_minute}回までです。次の分になってから送ってください")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rest_keyuse (city_id, key_id, minute, slot, calls) VALUES (%s, %s, %s, %s, 1)"
            " ON CONFLICT (city_id, key_id, minute, slot) DO UPDATE SET calls = rest_keyuse.calls + 1",
            [current_city(), key.pk, minute, secrets.randbelow(_SLOTS)],
        )


def last_used(keys: list[int]) -> dict[int, datetime]:
    """Return the minute each key was last used in; keys never used are left out."""
    rows = KeyUse.objects.filter(key__in=keys).values("key").annotate(last=Max("minute"))
    return {row["key"]: row["last"] for row in rows}


def forget_uses(now: datetime) -> None:
    """Drop counts older than thirty days."""
    KeyUse.objects.filter(minute__lt=now - _KEPT).delete()
