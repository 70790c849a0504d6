"""Issued letters become items to send; their address may change, never silently."""

from datetime import datetime

from honrai.cases import api as cases
from honrai.contact import pdfs
from honrai.contact.events import ItemQueued, ItemReaddressed
from honrai.contact.models import Item, ItemState, StopState
from honrai.contact.operations.stopping import is_stopped
from honrai.contact.permissions import check_official_of
from honrai.contact.rules.batching import digits
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound
from honrai.platform.events.api import Announced, announce
from honrai.platform.files import api as files

_CHANGEABLE = (ItemState.WAITING, ItemState.WITHHELD, ItemState.PULLED, ItemState.SENT, ItemState.ONLINE)


def take_letter(announced: Announced) -> None:
    """Take an issued letter in, in the transaction that issued it: before anybody else sees it, 支援措置 is looked at."""
    sending = cases.letter_to_send(announced.data["letter"])
    if sending is None:
        return
    content = files.fetch(sending.file, who=announced.who, now=announced.at, case=sending.case)[1]
    item = Item.objects.create(
        letter=sending.letter, case=sending.case, unit=sending.unit, contract=sending.contract, kind=sending.kind,
        protected=sending.protected, procedure=sending.procedure, title=sending.title, number=sending.number,
        issued_on=sending.issued_on, issued_by=sending.issued_by, file=sending.file,
        pages=len(pdfs.page_sizes(content)), to_name=sending.name, to_postcode=sending.postcode,
        to_address=sending.address, authority=sending.authority, sealed=pdfs.seal_place(content) is not None,
        stock=sending.stock, enclosures=list(sending.enclosures), posted=sending.posted,
        state=ItemState.WAITING if sending.posted else ItemState.ONLINE,
    )  # fmt: skip
    is_stopped(item, "issue", by=None, who=announced.who, now=announced.at)
    event = ItemQueued(item=item.pk, letter=item.letter)
    announce(event, who=announced.who, now=announced.at, subject=("item", item.pk), case=item.case)


def readdress(item: int, *, name: str, postcode: str, address: str, reason: str, actor: Actor, now: datetime) -> bool:
    """Send an item to another address; it waits again, or stops. Returns whether it waits (False: stopped).

    Raises:
        Denied: no official of the section.
        Invalid: address incomplete, or no reason.
        Conflict: it stands in a batch or is being looked at.
    """
    row = Item.objects.select_for_update().filter(pk=item).first()
    if row is None:
        raise NotFound("この文書は見つかりません")
    check_official_of(actor, row)
    if row.state not in _CHANGEABLE or row.stops.filter(state=StopState.OPEN).exists():
        raise Conflict("この文書の宛先は、いま変えられません。束から引き抜くか、確認が終わるのを待ってください")
    if not (name.strip() and address.strip() and reason.strip()) or digits(postcode).endswith("x"):
        raise Invalid("宛名、郵便番号（7桁）、住所、変える理由を入力してください")
    before = {"name": row.to_name, "postcode": row.to_postcode, "address": row.to_address}
    row.to_name, row.to_address = name.strip()[:120], address.strip()[:300]
    row.to_postcode = f"{digits(postcode)[:3]}-{digits(postcode)[3:]}"
    row.readdressed, row.posted, row.state = True, True, ItemState.WAITING
    row.save()
    after = {"name": row.to_name, "postcode": row.to_postcode, "address": row.to_address, "reason": reason.strip()}
    event = ItemReaddressed(item=row.pk)
    announce(event, who=actor.who, now=now, subject=("item", row.pk), case=row.case, before=before, after=after)
    return not is_stopped(row, "readdress", by=actor, now=now)
