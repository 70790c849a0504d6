"""Who may send what. Sending is factual work a contractor may do; seals, certificates and what 支援措置 stops are officials'."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from honrai.contact.models import Item, ItemState, Seal, Stop
from honrai.parties import api as parties
from honrai.platform.authority.api import Act, Actor, Charge, Denied, Kind, check_can_act, check_has_charge, has_charge

DISPATCH = "dispatch"
"""事務分掌 of the desk that sends the letters of all sections."""
_CLOSED = (ItemState.STOPPED, ItemState.WITHHELD)


def visible_items(actor: Actor) -> QuerySet[Item]:
    """Return the items the actor may see: of one's sections or contract; what is stopped shows on its own page only."""
    rows = Item.objects.exclude(state__in=_CLOSED)
    if actor.kind is Kind.STAFF:
        return rows if has_charge(actor, DISPATCH) else rows.filter(unit__in=actor.units)
    if actor.kind is Kind.CONTRACTOR and actor.contract is not None:
        return rows.filter(contract=actor.contract, protected=False)
    return rows.none()


def sendable_items(actor: Actor) -> QuerySet[Item]:
    """Return the items the actor may print: for a contractor none with a seal and none on numbered stock (公証)."""
    rows = visible_items(actor)
    return rows if actor.kind is Kind.STAFF else rows.filter(sealed=False, stock="")


def check_can_send(actor: Actor, items: Iterable[Item]) -> None:
    """Raise `Denied` where the actor may not print or send one of the items."""
    wanted = {item.pk for item in items}
    allowed = set(sendable_items(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - allowed:
        raise Denied("この中に、あなたが印刷できない文書があります。公印・証のある文書は担当課の職員が印刷します")


def check_official(actor: Actor) -> None:
    """Raise `Denied` for everybody but officials of the city: seals, certificates, addresses of letters."""
    check_can_act(actor, Act.CERTIFYING)
    if actor.kind is not Kind.STAFF:
        raise Denied("市の職員だけが行えます")


def check_official_of(actor: Actor, item: Item) -> None:
    """Raise `Denied` where the actor is no official of the item's section or the dispatch desk."""
    check_official(actor)
    if item.unit not in actor.units and not has_charge(actor, DISPATCH):
        raise Denied("この文書の担当課の職員だけが行えます")


def visible_stops(actor: Actor) -> QuerySet[Stop]:
    """Return the stops the actor may look at: officials of the item's section, and the 支援措置 desk."""
    if actor.kind is not Kind.STAFF:
        return Stop.objects.none()
    mine = Q(item__unit__in=actor.units)
    return Stop.objects.all() if has_charge(actor, parties.PROTECTION) else Stop.objects.filter(mine)


def can_see_letters(actor: Actor) -> bool:
    """Say whether the actor has anything to do with sending letters."""
    return actor.kind is Kind.STAFF or (actor.kind is Kind.CONTRACTOR and actor.contract is not None)


def check_can_see_letters(actor: Actor) -> None:
    """Raise `Denied` where the actor has nothing to do with sending letters."""
    if not can_see_letters(actor):
        raise Denied("文書の発送は、職員と、契約の案件を扱う受託者だけが開けます")


def check_custodian(actor: Actor, seal: Seal) -> None:
    """Raise `Denied` where the actor does not hold the post that keeps the seal (公印管守者)."""
    check_official(actor)
    if seal.custodian not in actor.posts:
        raise Denied("この公印の管守者だけが承認できます")


def check_can_keep_seals(actor: Actor) -> None:
    """Raise `Denied` where the actor may not register seals."""
    check_has_charge(actor, Charge.CITY_SETTINGS)


def person_of(actor: Actor) -> int:
    """Return the person who acts; what is written into seals, stock and mail has a person behind it.

    Raises:
        Denied: a robot or the system.
    """
    if actor.person is None:
        raise Denied("人が行う作業です。自動処理では行えません")
    return actor.person
