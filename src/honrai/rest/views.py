"""The screen where the charged official grants keys, and where each person collects an own one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, Invalid, NotFound, check_has_charge
from honrai.platform.errors import Refusal
from honrai.platform.events.words import event_word
from honrai.platform.organisations.api import contracts_on, display_names, people_called, units_on
from honrai.platform.requests import HonraiRequest
from honrai.rest import keys as granting
from honrai.rest import limits
from honrai.rest.forms import KeyForm, NetworkForm, SubscribeForm
from honrai.rest.models import AllowedNetwork, ApiKey, Holder, Subscription
from honrai.rest.scopes import Scope
from honrai.rest.webhooks import operations as webhooks


@require_http_methods(["GET", "POST"])
def keys(request: HonraiRequest) -> HttpResponse:
    """Show the city's keys; grant one, or allow an inner network."""
    actor = request.actor
    check_has_charge(actor, Charge.API)
    network = NetworkForm(request.POST if "network" in request.POST else None)
    form = _key_form(actor, request.POST if "name" in request.POST else None)
    done = _granted(form, actor) if form.is_bound else _allowed(network, actor) if network.is_bound else None
    if done is not None:
        messages.success(request, "登録しました。")
        return redirect("rest:key", key=done) if done else redirect("rest:keys")
    shown = {"rows": _rows(ApiKey.objects.order_by("-pk")[:200], actor), "form": form, "network_form": network}
    shown["networks"] = AllowedNetwork.objects.order_by("pk")
    return render(request, "rest/keys.html", shown, status=422 if form.errors or network.errors else 200)


def _key_form(actor: Actor, data: Any) -> KeyForm:
    units = [(one.id, one.name) for one in units_on(actor.day)]
    return KeyForm(data, units=units, contracts=[(one.id, one.title) for one in contracts_on(actor, actor.day)])


def _granted(form: KeyForm, actor: Actor) -> int | None:
    def grant() -> int:
        given = form.cleaned_data
        wanted = granting.Wanted(
            name=given["name"],
            holder=given["holder"],
            person=_person(given["number"]) if given["holder"] == Holder.PERSON else None,
            unit=given["unit"] if given["holder"] != Holder.PERSON else None,
            contract=given["contract"] if given["holder"] != Holder.PERSON else None,
            scopes=tuple(given["scopes"]),
            networks=tuple(given["networks"].replace(",", " ").split()),
            per_minute=given["per_minute"],
            expires_on=given["expires_on"],
        )
        return granting.issue(wanted, actor=actor, now=clock.now())

    return _tried(form, grant)


def _allowed(form: NetworkForm, actor: Actor) -> int | None:
    def allow() -> int:
        webhooks.allow_network(**form.cleaned_data, actor=actor, now=clock.now())
        return 0

    return _tried(form, allow)


def _tried(form: Any, act: Callable[[], int]) -> int | None:
    """Do what a form asks for; what was refused stands in the form, and nothing has changed."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return act()
    except (Refusal, Invalid) as refusal:
        form.add_error(None, str(refusal))
        return None


def _person(number: str) -> int:
    found = people_called(number) if number.strip() else []
    if len(found) != 1:
        raise Invalid("本人の職員番号または呼び名を、一人に決まるように入力してください")
    return found[0]


def _rows(rows: Any, actor: Actor) -> list[dict[str, Any]]:
    found = list(rows)
    names = display_names(actor, {one.person_id for one in found}, actor.day)
    used = limits.last_used([one.pk for one in found])
    return [
        {
            "key": one,
            "holder": Holder(one.holder).label,
            "person": names.get(one.person_id, ""),
            "state": _state(one, actor),
            "used": used.get(one.pk),
        }
        for one in found
    ]


def _state(row: ApiKey, actor: Actor) -> tuple[str, str]:
    if row.revoked_at is not None:
        return "取消し", "bad"
    if row.expires_on <= actor.day:
        return "失効", "bad"
    return ("使用中", "ok") if row.digest else ("受取り待ち", "warn")


@require_GET
def own(request: HonraiRequest) -> HttpResponse:
    """Show the keys that act as oneself."""
    rows = ApiKey.objects.filter(person_id=request.actor.person or 0, holder=Holder.PERSON).order_by("-pk")
    return render(request, "rest/own.html", {"rows": _rows(rows, request.actor)})


@require_GET
def key(request: HonraiRequest, key: int) -> HttpResponse:
    """Show one key with its subscriptions."""
    return _key_page(request, key)


def _key_page(request: HonraiRequest, key: int, form: SubscribeForm | None = None, **more: Any) -> HttpResponse:
    actor = request.actor
    check_has_charge(actor, Charge.API)
    row = ApiKey.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("この接続キーはありません")
    subscriptions = Subscription.objects.filter(key=row).order_by("pk")
    shown = {
        "row": _rows([row], actor)[0],
        "scopes": [Scope(one).label for one in row.scopes],
        "collects": row.holder != Holder.PERSON and row.issued_by == actor.person and not row.digest,
        "subscriptions": [(one, [event_word(name) for name in one.events]) for one in subscriptions],
        "form": form or SubscribeForm(),
        "listens": Scope.EVENTS_READ in row.scopes and row.revoked_at is None,
    }
    return render(request, "rest/key.html", shown | more, status=422 if form is not None and form.errors else 200)


@require_POST
def collect(request: HonraiRequest, key: int) -> HttpResponse:
    """Make a key and show it, this once."""
    token = granting.collect(key=key, actor=request.actor, now=clock.now())
    response = render(request, "rest/shown_once.html", {"token": token, "what": "接続キー"})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: HonraiRequest, key: int) -> HttpResponse:
    """Make a key open nothing any more."""
    granting.revoke(key=key, actor=request.actor, now=clock.now())
    messages.success(request, "接続キーを取り消しました。")
    return redirect("rest:key", key=key) if "charged" in request.POST else redirect("rest:own")


@require_POST
def subscribe(request: HonraiRequest, key: int) -> HttpResponse:
    """Subscribe a system to events and show the secret, this once."""
    form, made = SubscribeForm(request.POST), []

    def act() -> int:
        given = form.cleaned_data
        made.append(webhooks.subscribe(key=key, **given, actor=request.actor, now=clock.now()))
        return key

    if _tried(form, act) is None:
        return _key_page(request, key, form)
    response = render(request, "rest/shown_once.html", {"token": made[0][1], "what": "通知の署名の鍵", "key": key})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def unsubscribe(request: HonraiRequest, subscription: int) -> HttpResponse:
    """End a subscription."""
    key = webhooks.unsubscribe(subscription=subscription, actor=request.actor, now=clock.now())
    messages.success(request, "通知を終えました。")
    return redirect("rest:key", key=key)
