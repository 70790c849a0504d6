"""Screens of seals: requests, approval, the ledger of prints."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.contact import listings
from honrai.contact.forms import AskForm, SealForm
from honrai.contact.models import Item, ItemState, Seal, SealRequest, SealState, SealUse
from honrai.contact.operations import sealing
from honrai.contact.permissions import check_can_keep_seals, check_official, visible_items
from honrai.contact.views.parts import actor_of, done, show
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, has_charge
from honrai.platform.organisations.api import display_names, posts_on, units_on
from honrai.platform.requests import HonraiRequest


@require_GET
def seals(request: HonraiRequest) -> HttpResponse:
    """Show letters that lack the seal, requests that wait, and the seals in use."""
    return _page(request, _official(request), None)


def _official(request: HonraiRequest) -> Actor:
    actor = actor_of(request)
    check_official(actor)
    return actor


def _page(request: HonraiRequest, actor: Actor, form: AskForm | None) -> HttpResponse:
    rows = SealRequest.objects.filter(state=SealState.ASKED).select_related("seal").order_by("pk")
    mine = [row for row in rows if row.seal.custodian in actor.posts]
    lacking = _lacking(actor)
    shown = {
        "lacking": lacking,
        "form": form or (AskForm(authorities=_authorities(lacking)) if lacking else None),
        "mine": [(row, row.items.all()) for row in mine],
        "others": [row for row in rows if row.seal.custodian not in actor.posts and row.asked_by == actor.person],
        "seals": Seal.objects.filter(until__isnull=True).order_by("name"),
        "can_register": has_charge(actor, Charge.CITY_SETTINGS),
    }
    return show(request, "contact/seals.html", shown, status=422 if form and form.errors else 200)


def _lacking(actor: Actor) -> list[Item]:
    rows = visible_items(actor).filter(state=ItemState.WAITING, sealed=True, seal_request=None)
    return list(rows.order_by("authority", "title", "pk")[:500])


def _authorities(rows: list[Item]) -> list[tuple[str, str]]:
    found = dict.fromkeys(row.authority for row in rows)
    return [(name, f"{name}（{sum(row.authority == name for row in rows)}件）") for name in found]


@require_POST
def ask(request: HonraiRequest) -> HttpResponse:
    """Ask for the seal on all letters of an authority that lack it."""
    actor = _official(request)
    lacking = _lacking(actor)
    form = AskForm(request.POST, authorities=_authorities(lacking))
    good, _ = done(
        form,
        lambda given: sealing.ask_seal(
            items=[row.pk for row in lacking if row.authority == given["authority"]],
            purpose=given["purpose"],
            copies=given["copies"],
            actor=actor,
            now=clock.now(),
        ),
    )
    if not good:
        return _page(request, actor, form)
    messages.success(request, "公印の使用を請求しました。管守者が承認すると印刷できます。")
    return redirect("letters:seals")


@require_POST
def decide(request: HonraiRequest, request_key: int) -> HttpResponse:
    """Approve or refuse a request."""
    approved = "approve" in request.POST
    sealing.decide_seal(
        request_key, approved=approved, reason=request.POST.get("reason", ""), actor=_official(request), now=clock.now()
    )
    messages.success(request, "承認しました。" if approved else "承認しませんでした。請求した人に理由を伝えます。")
    return redirect("letters:seals")


@require_http_methods(["GET", "POST"])
def new_seal(request: HonraiRequest) -> HttpResponse:
    """Register a seal."""
    actor = _official(request)
    check_can_keep_seals(actor)
    posts = _posts(clock.now().date())
    form = SealForm(request.POST or None, request.FILES or None, posts=posts)
    if request.method == "POST":
        good, _ = done(
            form,
            lambda given: sealing.register_seal(
                **(given | {"image": given["image"].read(), "custodian": int(given["custodian"])}),
                actor=actor,
                now=clock.now(),
            ),
        )
        if good:
            messages.success(request, "公印を登録しました。")
            return redirect("letters:seals")
    return show(request, "contact/new_seal.html", {"form": form}, status=422 if form.errors else 200)


def _posts(day: date) -> list[tuple[str, str]]:
    names = {unit.id: unit.name for unit in units_on(day)}
    return [(str(post.id), f"{names.get(post.unit, '')} {post.title}") for post in posts_on(day)]


@require_GET
def ledger(request: HonraiRequest) -> HttpResponse:
    """Show the ledger of seal prints."""
    actor = _official(request)

    def prepare(rows: object) -> None:
        found = list(rows)  # type: ignore[call-overload]
        people = {key for row in found for key in (row.printed_by, row.approved_by)}
        names = display_names(actor, people, clock.now().date())
        for row in found:
            row.printer_name, row.approver_name = names.get(row.printed_by, ""), names.get(row.approved_by, "")

    table = replace(listings.LEDGER, prepare=prepare).page(request, SealUse.objects.select_related("seal"))
    return show(request, "contact/ledger.html", {"table": table})
