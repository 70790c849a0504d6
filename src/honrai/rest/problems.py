"""Errors as problem details (RFC 9457): in Japanese for people, with a stable code for programs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from honrai.intake.api import Incomplete
from honrai.kernel.errors import Invalid as BadValue
from honrai.platform import clock
from honrai.platform.authority.api import AgainstContract, Conflict, Denied, Invalid, NotFound
from honrai.platform.errors import Refusal, TooMany
from honrai.platform.events.api import SYSTEM, Who, record
from honrai.platform.files.api import MalwareError, UnwelcomeFileError

log = logging.getLogger("honrai.rest")
MEDIA_TYPE = "application/problem+json"


class NoScope(Denied):
    """The key is not for this."""


class KeyUsedOtherwise(Invalid):
    """The idempotency key came with other contents before."""


class Changed(Refusal):
    """What the caller last read is no longer so (If-Match)."""


class Unmatched(Refusal):
    """A change that needs If-Match came without."""


class TooLarge(Refusal):
    """The body is larger than is taken."""


class Unreadable(Refusal):
    """The body is no JSON, or holds what cannot be stored."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, stable code and title."""

    status: int
    code: str
    title: str


#: Most particular first: the first that fits counts.
KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (AuthenticationError, Kind(401, "no-key", "接続キーがないか、使えません")),
    (NoScope, Kind(403, "no-scope", "この接続キーでは行えません")),
    (AgainstContract, Kind(403, "against-contract", "契約の定めにより行えません")),
    (Denied, Kind(403, "denied", "この操作はできません")),
    (NotFound, Kind(404, "not-found", "見つかりません")),
    (Conflict, Kind(409, "conflict", "内容が変わっています")),
    (Changed, Kind(412, "changed", "読んだあとに変わっています")),
    (TooLarge, Kind(413, "too-large", "大きすぎます")),
    (KeyUsedOtherwise, Kind(422, "key-used-otherwise", "冪等キーが別の内容で使われています")),
    (Incomplete, Kind(422, "incomplete", "入力内容を確かめてください")),
    (Invalid, Kind(422, "invalid", "入力内容を確かめてください")),
    (BadValue, Kind(422, "invalid", "入力内容を確かめてください")),
    (UnwelcomeFileError, Kind(422, "unwelcome-file", "このファイルは受け取れません")),
    (MalwareError, Kind(422, "unwelcome-file", "このファイルは受け取れません")),
    (ValidationError, Kind(422, "malformed", "形式が正しくありません")),
    (Unmatched, Kind(428, "if-match-needed", "If-Matchが必要です")),
    (TooMany, Kind(429, "too-many", "いったん止めています")),
    (Unreadable, Kind(400, "unreadable", "読み取れません")),
    (HttpError, Kind(400, "unreadable", "読み取れません")),
)
FAILED = Kind(500, "failed", "処理できませんでした")
NO_ADDRESS = Kind(404, "no-address", "このアドレスはありません")

_TEXTS = {
    401: "Authorizationヘッダーに有効な接続キーを付けてください（Bearer hk_…）。",
    400: "本文をUTF-8のJSONで送ってください。",
}


def kind_of(error: Exception) -> Kind:
    """Return which kind of problem an exception is."""
    return next((kind for raised, kind in KINDS if isinstance(error, raised)), FAILED)


def answer(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer an exception; a refusal for want of a right is recorded, a failure is logged."""
    kind = kind_of(error)
    if kind is FAILED:
        log.error("request failed", exc_info=error, extra={"reference": getattr(request, "reference", "")})
    if isinstance(error, Denied):
        _record_refusal(request, kind)
    response = problem(request, kind, _detail(error, kind), errors=_errors(error))
    if kind.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if kind.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "60"
    return response


def problem(request: HttpRequest, kind: Kind, detail: str, *, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """Return the answer: type, title, status, detail, code, reference, and each single error where there are several."""
    body: dict[str, Any] = {
        "type": f"/api/v1/docs/#problem-{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "code": kind.code,
        "reference": getattr(request, "reference", ""),
        "errors": list(errors),
    }
    options = {"ensure_ascii": False}
    return JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE, json_dumps_params=options)


def _detail(error: Exception, kind: Kind) -> str:
    if isinstance(error, BadValue):
        return error.message
    if isinstance(error, Refusal | UnwelcomeFileError | MalwareError):
        return str(error)
    if isinstance(error, HttpError) and isinstance(error.__cause__, Refusal):
        return str(error.__cause__)
    if isinstance(error, ValidationError):
        return "「errors」に示した項目の形式を直して送ってください。"
    return _TEXTS.get(
        kind.status, "時間をおいてやり直してください。続くときは、照会番号を添えて担当へ連絡してください。"
    )


def _errors(error: Exception) -> list[dict[str, str]]:
    if isinstance(error, Incomplete):
        return [{"at": where, "why": why} for where, why in error.problems]
    if isinstance(error, ValidationError):
        return [{"at": ".".join(str(part) for part in one["loc"]), "why": one["msg"]} for one in error.errors]
    return []


def _record_refusal(request: HttpRequest, kind: Kind) -> None:
    """Write down who was refused what; the refused work itself was undone before."""
    actor, key = getattr(request, "actor", None), getattr(request, "key", None)
    address = str(request.META.get("REMOTE_ADDR", ""))
    place = f"API {key.mark} {address}" if key is not None else f"API {address}"
    who = actor.who if actor is not None else Who(SYSTEM.kind, key.person_id if key is not None else None, place=place)
    match = request.resolver_match
    page = f"{request.method} /{match.route}" if match else ""
    data = {"page": page, "reference": getattr(request, "reference", ""), "code": kind.code}
    data["key"] = key.pk if key is not None else None
    record("rest.refused", who=who, now=clock.now(), subject=("api", None), data=data)
