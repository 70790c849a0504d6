"""The entrance: applicants to their forms, staff to the desk; in the demo, made-up people to sign in as with one click."""

import json
from pathlib import Path
from typing import Any

import yaml
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.platform.accounts.models import Account
from honrai.platform.requests import OpenRequest
from honrai.platform.signin.gate import public
from honrai.site.demo.staff import DESCRIPTION


@public
@require_GET
def entrance(request: OpenRequest) -> HttpResponse:
    """Lead to the desk who is signed in, everybody else to the right door."""
    if request.user.is_authenticated:
        return redirect("desk:home")
    demo = _is_demo(request)
    return render(
        request, "site/entrance.html", {"roles": _roles() if demo else {}, "example": _example() if demo else {}}
    )


@public
@require_POST
def demo_sign_in(request: OpenRequest) -> HttpResponse:
    """Sign in as one of the demo's made-up people, without password or second factor; exists in a demo only."""
    role = _roles().get(request.POST.get("role", "")) if _is_demo(request) else None
    if role is None:
        raise Http404
    account = get_object_or_404(Account, login=role["login"])
    get_adapter().login(request, account)
    request.session["enrolled"] = True
    return redirect("desk:home")


def _is_demo(request: OpenRequest) -> bool:
    """Both the installation and the city must be a demo; production refuses demo cities altogether."""
    city = request.city
    return settings.CONFIG.mode == "demo" and bool(city.settings.get("demo"))


def _example() -> dict[str, str]:
    """A made-up child of the demo to apply for; empty where no residents were taken in."""
    path = Path(settings.CONFIG.var) / "demo-example.json"
    if not path.exists():
        return {}
    example: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return example


def _roles() -> dict[str, dict[str, Any]]:
    said = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    roles: dict[str, dict[str, Any]] = said["roles"]
    return roles
