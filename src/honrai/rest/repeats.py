"""The same request sent twice is done once: the answer is kept under the caller's idempotency key and given again."""

import json
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpResponse

from honrai.platform.cities.tenancy import current_city
from honrai.platform.signin.secrets import seal, unseal
from honrai.rest.models import Answer, ApiKey
from honrai.rest.problems import KeyUsedOtherwise

KEPT = timedelta(hours=48)
_HEADERS = ("Content-Type", "ETag", "Location")


def begin(key: ApiKey, token: str, request: str, *, now: datetime) -> HttpResponse | None:
    """Take an idempotency key for a request, or return the answer given before.

    A request under way with the same key is waited for: the row's uniqueness makes the database do it. Refused requests keep
    nothing, since they changed nothing, and may be sent again with the same key.

    Args:
        key: the caller's.
        token: the idempotency key.
        request: digest over method, address and body.
        now: the moment.

    Raises:
        KeyUsedOtherwise: it came with another request before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rest_answer (city_id, key_id, token, request, status, body, at) VALUES (%s, %s, %s, %s, 0, '', %s)"
            " ON CONFLICT (city_id, key_id, token) DO NOTHING",
            [current_city(), key.pk, token, request, now],
        )
        if cursor.rowcount == 1:
            return None
    row = Answer.objects.get(key=key, token=token)
    if row.request != request:
        raise KeyUsedOtherwise("この冪等キーは別の内容で使われています。別の要求には、新しいキーを付けてください")
    kept = json.loads(unseal(row.body))
    response = HttpResponse(kept["body"], status=row.status, headers=kept["headers"])
    response["Idempotent-Replayed"] = "true"
    return response


def keep(key: ApiKey, token: str, response: HttpResponse) -> None:
    """Keep the answer to a request that was done; sealed, since it may hold what an applicant is told once."""
    headers = {name: response[name] for name in _HEADERS if response.has_header(name)}
    body = seal(json.dumps({"body": response.content.decode(), "headers": headers}))
    Answer.objects.filter(key=key, token=token).update(status=response.status_code, body=body)


def forget(now: datetime) -> None:
    """Drop answers older than they are promised to be kept."""
    Answer.objects.filter(at__lt=now - KEPT).delete()
