"""The list of procedures and the page of one version."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.engines.decision.errors import DecisionError
from honrai.engines.flow.api import FlowError
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Kind, NotFound
from honrai.platform.organisations.api import units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api, listings, permissions
from honrai.procedures.models import DraftState, Inquiry, MovePlan, PackVersion
from honrai.procedures.printing.manual import manual_of
from honrai.procedures.rules.model import Pack
from honrai.procedures.views.common import act, picture, uploaded

#: What of a pack can be looked at, and what it is called.
PARTS = {
    "flow": "流れ",
    "form": "様式",
    "tables": "決定表",
    "amounts": "額・率",
    "manual": "手引き",
    "letters": "文書",
    "precedents": "判断事例",
}
_OPEN = (DraftState.DRAFTING, DraftState.CONSULTING, DraftState.DECIDING)


@require_GET
def procedures(request: HonraiRequest) -> HttpResponse:
    """Show every procedure with its versions, the drafts under way and the inquiries one's office has to answer."""
    actor = request.actor
    table = listings.versions(actor.day).page(request, listings.visible_versions(actor))
    if request.headers.get("HX-Request"):
        return render(request, "ui/table.html", {"table": table})
    drafts = listings.visible_drafts(actor).filter(state__in=_OPEN).order_by("-changed_at")
    waiting = Inquiry.objects.filter(answered_at=None, draft__state=DraftState.CONSULTING).select_related("draft")
    context = {
        "table": table,
        "drafts": drafts[:50],
        "waiting": [one for one in waiting[:200] if permissions.belongs(actor, one.unit)],
        "may_start": actor.kind is Kind.STAFF or (actor.kind is Kind.CONTRACTOR and actor.manages_contract),
        "inner": actor.kind is Kind.CONTRACTOR,
    }
    return render(request, "procedures/life/list.html", context)


@require_POST
def new(request: HonraiRequest) -> HttpResponse:
    """Begin a draft: empty, or from an uploaded zip."""
    made: list[int] = []

    def begin() -> None:
        if "zip" in request.FILES:
            made.append(api.start_draft_from_zip(raw=uploaded(request), actor=request.actor, now=clock.now()))
        else:
            made.append(api.start_draft(actor=request.actor, now=clock.now(), files={}))

    answer = act(request, begin, "案を作りました。", "procedures:list")
    return redirect("procedures:draft", made[0]) if made else answer


@require_GET
def version(request: HonraiRequest, version: int) -> HttpResponse:
    """Show one published version, read-only, part by part."""
    row = visible_version(version, request.actor)
    pack = api.runnable(row.pk).pack
    others = listings.visible_versions(request.actor).filter(code=row.code, contract=row.contract).order_by("-number")
    context = {
        "row": row,
        "standing": listings.standing(row, request.actor.day),
        "standing_label": dict(listings.STATES)[listings.standing(row, request.actor.day)],
        "others": [one for one in others if one.pk != row.pk],
        "may_draft": permissions.can_keep(request.actor, unit=_owner(row, request.actor), contract=row.contract),
        "plans": MovePlan.objects.filter(Q(source=row) | Q(target=row)).select_related("source", "target"),
        "drafts": listings.visible_drafts(request.actor).filter(base=row, state__in=_OPEN),
        **parts_of(request, pack, f"version/{row.pk}"),
    }
    return render(request, "procedures/life/version.html", context)


@require_POST
def start(request: HonraiRequest, version: int) -> HttpResponse:
    """Begin the draft of the next version."""
    made: list[int] = []
    answer = act(
        request,
        lambda: made.append(api.start_draft(actor=request.actor, now=clock.now(), version=version)),
        "案を作りました。施行日と版を直してから編集してください。",
        "procedures:version",
        version,
    )
    return redirect("procedures:draft", made[0]) if made else answer


def parts_of(request: HonraiRequest, pack: Pack, at: str) -> dict[str, Any]:
    """Return what the page needs to show one part of a pack; `part` in the address says which."""
    part = request.GET.get("part", "flow")
    part = part if part in PARTS else "flow"
    shown: dict[str, Any] = {"pack": pack, "part": part, "parts": PARTS, "at": at, "unreadable": ""}
    try:
        if part == "flow":
            shown["picture"] = picture(pack.flow, title=f"{pack.identity.title}の流れ")
        else:
            shown["manual"] = manual_of(pack, max(request.actor.day, pack.identity.effective_from))
    except (DecisionError, FlowError) as error:
        shown["unreadable"] = str(error)
    return shown


def visible_version(version: int, actor: Actor) -> PackVersion:
    """Return a version the actor may see; another's inner pack is as if it were not there.

    Raises:
        NotFound: no such version, or not for the actor's eyes.
    """
    row = PackVersion.objects.defer("archive").filter(pk=version).first()
    if row is None or not permissions.can_see(actor, row):
        raise NotFound("手続の版が見つかりません。")
    return row


def _owner(row: PackVersion, actor: Actor) -> int | None:
    return next((unit.id for unit in units_on(actor.day) if unit.name == row.owner), None)
