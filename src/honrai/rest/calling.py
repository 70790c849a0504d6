"""What every call goes through: key, address, limit, actor, scope; changes also through idempotency and one savepoint."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.params.functions import Header
from ninja.security import HttpBearer
from ninja.utils import contribute_operation_args

from honrai.platform import clock
from honrai.platform.requests import HonraiRequest
from honrai.platform.signin.lockout import address
from honrai.rest import keys, limits, repeats
from honrai.rest.models import ApiKey
from honrai.rest.problems import Changed, NoScope, TooLarge, Unmatched
from honrai.rest.reading import MOST_BYTES
from honrai.rest.scopes import Scope

View = TypeVar("View", bound=Callable[..., Any])


class Call(HonraiRequest):
    """A request made by a key: the actor is whoever stands behind it."""

    key: ApiKey


class KeyAuth(HttpBearer):
    """接続キー: `Authorization: Bearer hk_...`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Return the key and set `request.key` and `request.actor`; None where no working key of this city was sent."""
        now = clock.now()
        row = keys.find(token, now)
        if row is None:
            return None
        call: Any = request
        call.actor, call.key = None, row
        keys.check_address(row, address(request))
        limits.check_and_count(row, now)
        call.actor = keys.actor_behind(row, day=now.date(), address=address(request))
        _take_body(call)
        return row


def _take_body(call: Any) -> None:
    """Read the body ourselves, only now that the caller is known: papers make it larger than forms may be."""
    raw = call.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"一度に送れるのは{MOST_BYTES // 2**20}MBまでです。書類を分けて送ってください")
    call._body = raw


def reads(scope: Scope) -> Callable[[View], View]:
    """Mark an endpoint that changes nothing: the key must have the scope."""

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: Call, **given: Any) -> HttpResponse:
            _check_scope(request.key, scope)
            with transaction.atomic():
                return _respond(view(request, **given))

        return run  # type: ignore[return-value]

    return decorate


def changes(scope: Scope, *, status: int = 200) -> Callable[[View], View]:
    """Mark an endpoint that changes something: scope, idempotency key, all or nothing.

    Args:
        scope: what the key must be for.
        status: of the answer where it was done.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: Call, **given: Any) -> HttpResponse:
            token = given.pop("idempotency_key")
            _check_scope(request.key, scope)
            with transaction.atomic():
                kept = repeats.begin(request.key, token, _digest(request), now=clock.now())
                if kept is not None:
                    return kept
                response = _respond(view(request, **given), status)
                repeats.keep(request.key, token, response)
            return response

        contribute_operation_args(run, "idempotency_key", *_IDEMPOTENCY)
        return run  # type: ignore[return-value]

    return decorate


_IDEMPOTENCY: tuple[type, Any] = (
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._:\-]{1,80}$",
        description="同じキーと同じ内容の再送には同じ応答を返す（48時間）。違う内容には422を返す。",
    ),
)


def _check_scope(key: ApiKey, scope: Scope) -> None:
    if scope not in key.scopes:
        raise NoScope(f"この接続キーには「{scope.label}」（{scope.value}）がありません")


def _digest(request: HttpRequest) -> str:
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()


def _respond(made: Any, status: int = 200) -> HttpResponse:
    """Return what an endpoint made as a response: a value as JSON, with the tag of what may be changed next."""
    if isinstance(made, HttpResponse):
        return made
    assert isinstance(made, Schema)
    text = made.model_dump_json(by_alias=True)
    response = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    tag = getattr(made, "tag", "")
    if tag:
        response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "no-store"
    return response


def tag_of(value: Schema) -> str:
    """Return the tag of a representation: changes whenever anything shown in it does."""
    shown = value.model_dump(mode="json", exclude={"tag"})
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]


def check_unchanged(if_match: str | None, tag: str, *, needed: bool = False) -> None:
    """Compare If-Match with the tag of what stands now.

    Raises:
        Unmatched: it is needed and was not sent.
        Changed: something else stands now.
    """
    if if_match is None:
        if needed:
            raise Unmatched("案件を読んだときのETagを、If-Matchヘッダーに付けて送ってください")
        return
    given = {one.strip().removeprefix("W/").strip('"') for one in if_match.split(",")}
    if tag not in given and given != {"*"}:
        raise Changed("読んだあとに、ほかの人が変えました。もう一度読んで、確かめてから送ってください")
