"""What 支援措置 stops: raised at every act that sends, released by two officials, or withheld by one."""

from datetime import datetime

from honrai.cases import api as cases
from honrai.contact.events import ItemStopped, StopConfirmed, StopWithheld
from honrai.contact.models import Item, ItemState, Stop, StopState
from honrai.contact.permissions import check_official, visible_stops
from honrai.parties import api as parties
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import SYSTEM, Who, announce

CAUSES = {"issue": "発行", "batch": "印刷", "readdress": "宛先の変更", "reprint": "再印刷"}


def is_stopped(item: Item, cause: str, *, by: Actor | None, who: Who = SYSTEM, now: datetime) -> bool:
    """Say whether an act must wait for two officials; if so, a stop stands from now on.

    A release holds for the address and the reasons it was given for; a reprint needs a release of its own, used once.
    """
    reasons = parties.touches(
        case=item.case, protected=item.protected, party="", name=item.to_name, address=item.to_address, on=now.date()
    )
    if not reasons or _released(item, cause, reasons):
        return False
    raise_stop(item, cause, reasons, by=by, who=who, now=now)
    return True


def _released(item: Item, cause: str, reasons: tuple[str, ...]) -> bool:
    rows = item.stops.filter(state=StopState.RELEASED, to=address_of(item))
    rows = rows.filter(cause="reprint", used=False) if cause == "reprint" else rows.exclude(cause="reprint")
    for row in rows:
        if set(reasons) <= set(row.reasons):
            if cause == "reprint":
                row.used = True
                row.save(update_fields=["used"])
            return True
    return False


def raise_stop(
    item: Item, cause: str, reasons: tuple[str, ...], *, by: Actor | None, who: Who = SYSTEM, now: datetime
) -> None:
    """Stop an item; what is on its way out already keeps its state, its reprint waits."""
    if item.stops.filter(state=StopState.OPEN).exists():
        return
    row = Stop.objects.create(
        item=item,
        cause=cause,
        reasons=list(reasons),
        to=address_of(item),
        raised_at=now,
        asked_by=by.person if by else None,
    )
    if cause != "reprint":
        item.state = ItemState.STOPPED
        item.save(update_fields=["state"])
        cases.show_letter(item.letter, shown=False)
    event = ItemStopped(stop=row.pk, item=item.pk, cause=cause)
    # Not on the timeline of the case: whoever works on it need not know that it touches somebody's former household.
    announce(event, who=by.who if by else who, now=now, subject=("stop", row.pk))


def confirm(stop: int, *, note: str, actor: Actor, now: datetime) -> bool:
    """Say, as an official who looked at address and reasons, that the item may go; True where it was the second one.

    Raises:
        Denied: no official of the section or the 支援措置 desk; issued it or asked for it oneself; confirmed it before.
        Invalid: no word on what was looked at.
        Conflict: released or withheld already.
    """
    row = _open(stop, actor)
    if not note.strip():
        raise Invalid("何で宛先を確かめたかを書いてください")
    if actor.person in (row.item.issued_by, row.asked_by):
        raise Denied("発行した人・印刷や再印刷を求めた人は、宛先の確認者になれません。別の職員に頼んでください")
    if actor.person == row.first_by:
        raise Denied("1人目と2人目は別の職員でなければなりません")
    if row.first_by is None:
        row.first_by, row.first_at, row.note = actor.person, now, note.strip()[:140]
        row.save()
        _confirmed(row, actor, now)
        return False
    row.second_by, row.second_at, row.state = actor.person, now, StopState.RELEASED
    row.note = f"{row.note} / {note.strip()[:140]}"
    row.save()
    if row.cause != "reprint":
        _let_go(row.item)
    _confirmed(row, actor, now)
    return True


def _confirmed(row: Stop, actor: Actor, now: datetime) -> None:
    event = StopConfirmed(stop=row.pk, item=row.item_id, released=row.state == StopState.RELEASED)
    announce(event, who=actor.who, now=now, subject=("stop", row.pk))


def _let_go(item: Item) -> None:
    item.state = ItemState.WAITING if item.posted else ItemState.ONLINE
    item.save(update_fields=["state"])
    # A letter about a protected case never shows on the status page: whoever holds its receipt number may be the wrong one.
    cases.show_letter(item.letter, shown=not item.protected)


def withhold(stop: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Withhold an item: it does not go out to this address.

    Raises:
        Denied: no official of the section or the 支援措置 desk.
        Invalid: no reason.
        Conflict: released or withheld already.
    """
    row = _open(stop, actor)
    if not reason.strip():
        raise Invalid("差し止める理由を書いてください")
    row.state, row.note = StopState.WITHHELD, reason.strip()[:300]
    row.second_by, row.second_at = actor.person, now
    row.save()
    if row.cause != "reprint":
        row.item.state = ItemState.WITHHELD
        row.item.save(update_fields=["state"])
    event = StopWithheld(stop=row.pk, item=row.item_id)
    announce(event, who=actor.who, now=now, subject=("stop", row.pk))


def _open(stop: int, actor: Actor) -> Stop:
    check_official(actor)
    row = visible_stops(actor).select_for_update(of=("self",)).select_related("item").filter(pk=stop).first()
    if row is None:
        raise NotFound("この文書は見つかりません")
    if row.state != StopState.OPEN:
        raise Conflict("この文書は、すでに判断されています")
    return row


def address_of(item: Item) -> str:
    """Return the address a release is given for."""
    return f"{item.to_name}|{item.to_postcode}|{item.to_address}"
