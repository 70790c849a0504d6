"""The interface described: the OpenAPI document, and a plain page of ours made from it. Nothing comes from outside."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from honrai.platform.events.words import event_word
from honrai.platform.signin.gate import public
from honrai.rest.problems import KINDS, NO_ADDRESS, problem
from honrai.rest.scopes import EVENTS, Scope


@public
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@public
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Show the description to people."""
    found = document()
    operations = [
        {"path": path, "method": method.upper(), **one} | {"statuses": _statuses(one), "given": _given(one)}
        for path, each in found["paths"].items()
        for method, one in each.items()
    ]
    tags = list(dict.fromkeys(one["tags"][0] for one in operations))
    shown = {
        "about": found["info"],
        "groups": [(tag, [one for one in operations if one["tags"][0] == tag]) for tag in tags],
        "schemas": [(name, _fields(one)) for name, one in sorted(found["components"]["schemas"].items())],
        "scopes": list(Scope),
        "events": [(name, event_word(name)) for name in EVENTS],
        "problems": list({kind.code: kind for _, kind in KINDS}.values()),
    }
    return render(request, "rest/docs.html", shown)


@csrf_exempt
@public
def nothing(request: HttpRequest, anything: str) -> HttpResponse:
    """Say that there is no such address."""
    return problem(request, NO_ADDRESS, "アドレスを /api/v1/docs/ で確かめてください。")


def document() -> dict[str, Any]:
    """Return the OpenAPI document as values."""
    from honrai.rest.service import api

    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def _statuses(operation: dict[str, Any]) -> str:
    return "・".join(str(one) for one in operation["responses"])


def _given(operation: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return what an operation takes: name, where, whether it must be there."""
    found = [(one["name"], one["in"], bool(one.get("required"))) for one in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return [*found, *([(body.get("$ref", "").rpartition("/")[2], "body", True)] if body else [])]


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, bool]]:
    needed = schema.get("required", ())
    return [(name, _type(one), name in needed) for name, one in schema.get("properties", {}).items()]


def _type(said: dict[str, Any]) -> str:
    if "$ref" in said:
        return str(said["$ref"]).rpartition("/")[2]
    if "anyOf" in said:
        return " / ".join(_type(one) for one in said["anyOf"])
    if said.get("type") == "array":
        return f"{_type(said['items'])}[]"
    return str(said.get("format") or said.get("type") or "")
