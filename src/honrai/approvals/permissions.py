"""Every permission on approval documents in two forms: `check_can_x` raises `Denied`, `can_x` returns a bool."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from honrai.approvals import rules
from honrai.approvals.models import Document, RouteStep
from honrai.platform.authority.api import (
    Act,
    Actor,
    Denied,
    Doer,
    Kind,
    Level,
    Matter,
    Rank,
    check_can_decide,
)
from honrai.platform.requests import HonraiRequest


def for_staff(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    """Return an address whose view only city staff reaches."""

    @wraps(view)
    def guarded(request: HonraiRequest, **given: Any) -> HttpResponse:
        check_is_staff(request.actor)
        return view(request, **given)

    return path(route, guarded, name=name)


def matter_of(document: Document, units: tuple[int, ...]) -> Matter:
    """Return what authority must know of a document to say who may decide it."""
    return Matter(
        procedure=document.procedure,
        act=Act(document.act),
        units=units,
        amount=document.amount,
        parties=frozenset(document.parties),
        before=tuple(Doer(person) for person in document.worked_by),
    )


def check_can_approve(actor: Actor, document: Document, units: tuple[int, ...], levels: Sequence[Level]) -> None:
    """Raise `Denied` where the actor may not decide the document: kind, 専決, unit, own case, own work, handed up."""
    check_can_decide(actor, matter_of(document, units), levels)
    raised = document.raised_to
    if raised is not None and rules.deciding_seat(actor, units, Rank(raised)) is None:
        raise Denied(
            f"この文書は{Rank(raised).label}の決裁へ引き上げられています。{Rank(raised).label}へ回してください。"
        )


def can_approve(actor: Actor, document: Document, units: tuple[int, ...], levels: Sequence[Level]) -> bool:
    """Ask `check_can_approve`."""
    try:
        check_can_approve(actor, document, units, levels)
    except Denied:
        return False
    return True


def check_can_agree(actor: Actor, document: Document, step: RouteStep) -> None:
    """Raise `Denied` where the actor may not agree at this step of the route."""
    stop = rules.Stop(step.kind, step.unit, Rank(step.rank), step.turn)
    reason = rules.why_not_agree(actor, stop, document.worked_by)
    if reason is None and actor.recused & set(document.parties):
        reason = "ご本人またはご親族の案件のため、担当から除かれます（除斥）。ほかの担当者へ回してください。"
    if reason is not None:
        raise Denied(reason)


def can_agree(actor: Actor, document: Document, step: RouteStep) -> bool:
    """Ask `check_can_agree`."""
    try:
        check_can_agree(actor, document, step)
    except Denied:
        return False
    return True


def check_can_handle(actor: Actor, units: Collection[int]) -> None:
    """Raise `Denied` where the actor may not draw up or handle documents of a section (`units`: it and those above)."""
    reason = rules.why_not_draw(actor, units)
    if reason is not None:
        raise Denied(reason)


def check_can_see(actor: Actor, document: Document, units: Collection[int], steps: Collection[int] = ()) -> None:
    """Raise `Denied` where the actor may not look at a document: own line, sections of its route, never one's own case.

    Args:
        actor: who looks.
        document: the document.
        units: its section and those above.
        steps: sections of its route.
    """
    check_can_handle(actor, {*units, *steps})
    if actor.recused & set(document.parties):
        raise Denied("ご本人またはご親族の案件のため、見ることができません（除斥）。")


def check_can_enter(actor: Actor, document: Document, units: Collection[int]) -> None:
    """Raise `Denied` where the actor may not enter a decision taken on paper or in 文書管理: never for own draft or work."""
    check_is_staff(actor)
    check_can_see(actor, document, units)
    if actor.person in document.worked_by:
        raise Denied("起案した本人や前の段階を行った人は、決裁の結果を登録できません。ほかの職員が登録してください。")


def check_is_staff(actor: Actor) -> None:
    """Raise `Denied` for everybody but officials of the city."""
    if actor.kind is not Kind.STAFF:
        raise Denied(f"起案文書は市の職員だけが扱えます。{actor.kind.label}は扱えません。担当課へ連絡してください。")
