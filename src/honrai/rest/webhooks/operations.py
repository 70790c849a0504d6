"""Subscribing, and what follows an event: one delivery and one job for each subscription it concerns."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network

from honrai.cases import api as cases
from honrai.platform.authority.api import Actor, Charge, Conflict, Denied, Invalid, NotFound, check_has_charge
from honrai.platform.events.api import Announced, announce
from honrai.platform.signin.secrets import seal, unseal
from honrai.rest.events import NetworkAllowed, Subscribed, Unsubscribed
from honrai.rest.keys import actor_behind
from honrai.rest.models import AllowedNetwork, ApiKey, Delivery, Subscription
from honrai.rest.scopes import EVENTS, Scope
from honrai.rest.webhooks.rules import body_of, signature, why_not_url
from honrai.rest.webhooks.sending import post


def subscribe(*, key: int, url: str, events: Sequence[str], actor: Actor, now: datetime) -> tuple[int, str]:
    """Tell a system of events; return the subscription's key and its secret, which is shown this once.

    Raises:
        Denied: the 分掌 "api" is missing.
        NotFound: no such key.
        Invalid: the key is not for events, an address that is not https, or no or unknown events.
    """
    check_has_charge(actor, Charge.API)
    row = ApiKey.objects.filter(pk=key, revoked_at=None).first()
    if row is None:
        raise NotFound("この接続キーはありません")
    if Scope.EVENTS_READ not in row.scopes:
        raise Invalid(f"この接続キーには「{Scope.EVENTS_READ.label}」がありません")
    if why := why_not_url(url):
        raise Invalid(why)
    if not events or set(events) - set(EVENTS):
        raise Invalid("知らせる出来事を一つ以上選んでください")
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    made = Subscription.objects.create(key=row, url=url, events=sorted(set(events)), secret=seal(secret), made_at=now)
    announce(Subscribed(key=key, subscription=made.pk), who=actor.who, now=now, subject=("api_key", key))
    return int(made.pk), secret


def unsubscribe(*, subscription: int, actor: Actor, now: datetime) -> int:
    """Tell nothing more; what waits is dropped when its turn comes. Returns the key of the key."""
    check_has_charge(actor, Charge.API)
    row = Subscription.objects.select_for_update().filter(pk=subscription).first()
    if row is None:
        raise NotFound("この通知の登録はありません")
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        event = Unsubscribed(key=row.key_id, subscription=row.pk)
        announce(event, who=actor.who, now=now, subject=("api_key", row.key_id))
    return int(row.key_id)


def allow_network(*, network: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let notices go to an inner network of the city.

    Raises:
        Denied: the 分掌 "api" is missing.
        Invalid: unreadable, or no reason.
        Conflict: allowed already.
    """
    check_has_charge(actor, Charge.API)
    try:
        read = str(ip_network(network.strip(), strict=False))
    except ValueError as error:
        raise Invalid("ネットワークが読めません。10.1.0.0/16 のように入力してください") from error
    if not reason.strip():
        raise Invalid("許可する理由を入力してください")
    if AllowedNetwork.objects.filter(network=read).exists():
        raise Conflict("このネットワークは許可済みです")
    AllowedNetwork.objects.create(network=read, reason=reason.strip()[:120])
    announce(NetworkAllowed(network=read), who=actor.who, now=now, subject=("api", None))


def tell(announced: Announced) -> list[int]:
    """Note an event for every subscription whose actor may see its case; return the deliveries made."""
    if announced.case is None:
        return []
    made = []
    wanted = Subscription.objects.filter(ended_at=None, events__contains=announced.name, key__revoked_at=None)
    for row in wanted.select_related("key__person"):
        if row.key.expires_on > announced.at.date() and _may_see(row.key, announced):
            delivery = Delivery.objects.create(
                subscription=row,
                entry=announced.entry,
                event=announced.name,
                case=announced.case,
                happened_at=announced.at,
            )
            made.append(int(delivery.pk))
    return made


def _may_see(key: ApiKey, announced: Announced) -> bool:
    try:
        actor = actor_behind(key, day=announced.at.date(), address="webhook")
    except Denied:
        return False
    return cases.visible_cases(actor, announced.at).filter(pk=announced.case or 0).exists()


def send(delivery: int, *, now: datetime) -> None:
    """Send one notice unless it was taken, or nobody wants it any more.

    Raises:
        NotTaken: to be tried again.
    """
    row = Delivery.objects.select_related("subscription__key").select_for_update(of=("self",)).get(pk=delivery)
    wanted = row.subscription
    if row.delivered_at is not None or wanted.ended_at is not None or wanted.key.revoked_at is not None:
        return
    body = body_of(delivery=row.pk, event=row.event, entry=row.entry, at=row.happened_at, case=row.case)
    signed = signature(unseal(wanted.secret), int(now.timestamp()), body)
    headers = {"Honrai-Signature": signed, "Honrai-Event": row.event, "Honrai-Delivery": str(row.pk)}
    post(wanted.url, body, headers, allowed=list(AllowedNetwork.objects.values_list("network", flat=True)))
    row.delivered_at = now
    row.save(update_fields=["delivered_at"])
