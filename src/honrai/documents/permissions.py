"""Who may see and move paper: staff of the unit it belongs to, and the people of the contract it is worked under."""

from django.db.models import Q, QuerySet

from honrai.documents.models import Container, Filing, Template
from honrai.platform.authority.api import Actor, Denied, Kind

NOT_YOURS = "この紙を扱う権限がありません。ラベルの番号と、自分の担当かどうかを確かめてください"


def visible(actor: Actor) -> QuerySet[Container]:
    """Return the containers an actor may see; everything else does not exist for them."""
    return Container.objects.filter(_mine(actor, ""))


def visible_filings(actor: Actor) -> QuerySet[Filing]:
    """Return the filings an actor may see."""
    return Filing.objects.filter(_mine(actor, "batch__"))


def _mine(actor: Actor, before: str) -> Q:
    if actor.kind is Kind.STAFF:
        return Q(**{f"{before}unit__in": actor.units})
    if actor.kind is Kind.CONTRACTOR and actor.contract is not None:
        return Q(**{f"{before}contract": actor.contract})
    return Q() if actor.kind is Kind.SYSTEM else Q(pk__in=())


def check_can_see(actor: Actor, container: int, *, lock: bool = False) -> Container:
    """Return a container the actor may see.

    Raises:
        Denied: no such one, or not for this actor; both read the same.
    """
    rows = visible(actor)
    row = (rows.select_for_update() if lock else rows).filter(pk=container).first()
    if row is None:
        raise Denied(NOT_YOURS)
    return row


def check_has_in_hand(actor: Actor, container: int) -> Container:
    """Return a container that lies on the actor's side, locked.

    Raises:
        Denied: it is not theirs, or lies on the other side.
    """
    row = check_can_see(actor, container, lock=True)
    if row.holder != side_of(actor):
        raise Denied("この紙は今こちらにありません。受け取ってから扱ってください")
    return row


def check_is_staff(actor: Actor) -> int:
    """Return the unit paper registered by an actor belongs to.

    Raises:
        Denied: only city staff with a post do this.
    """
    if actor.kind is not Kind.STAFF or not actor.seats:
        raise Denied("この操作は市の職員だけが行えます")
    return actor.seats[0].unit


def check_can_draw(actor: Actor, template: int) -> Template:
    """Return a template the actor may change.

    Raises:
        Denied: it is another unit's, or the actor is no staff.
    """
    check_is_staff(actor)
    row = Template.objects.select_for_update().filter(pk=template, unit__in=actor.units).first()
    if row is None:
        raise Denied("この読取様式を扱う権限がありません")
    return row


def side_of(actor: Actor) -> str:
    """Return which side of a hand-over somebody stands on: `city` or `contract`."""
    return "contract" if actor.kind is Kind.CONTRACTOR else "city"
