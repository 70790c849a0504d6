"""Printing a letter again, with why; a certificate is issued again on a new number, the older one is void."""

from datetime import datetime

from honrai.contact.events import CardReissued, Reprinted
from honrai.contact.models import Item, ItemState, Reprint
from honrai.contact.operations import printing
from honrai.contact.operations.batching import PRINT
from honrai.contact.operations.stopping import is_stopped
from honrai.contact.permissions import check_can_send, person_of
from honrai.contact.rules import batching
from honrai.contact.rules.layout import envelope
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.files import api as files

_OUT = (ItemState.BATCHED, ItemState.SENT)


def reprint(
    item: int, *, reason: str, voids: str = "", code: str = "naga3-window", actor: Actor, now: datetime
) -> int | None:
    """Print a letter again for one envelope, and return the file; None where 支援措置 stops it.

    Args:
        item: an item printed before.
        reason: why.
        voids: for a certificate, what became of the older one: lost or returned.
        code: the envelope.
        actor: who prints.
        now: the moment.

    Raises:
        Denied: not one of the actor's.
        Invalid: no reason; for a certificate, not said what became of the older one.
        Conflict: never printed, or the seal needs a new approval.
    """
    row = Item.objects.select_for_update(of=("self",)).filter(pk=item).first()
    if row is None:
        raise NotFound("この文書は見つかりません")
    check_can_send(actor, [row])
    if not reason.strip():
        raise Invalid("再印刷の理由を書いてください")
    if row.stock and voids not in ("lost", "returned"):
        raise Invalid("前の証が紛失か回収かを選んでください")
    if row.state not in _OUT:
        raise Conflict("まだ印刷していない文書です。束にして印刷してください")
    if is_stopped(row, "reprint", by=actor, now=now):
        return None
    older = row.serials.filter(what="used", void="").order_by("-serial").first() if row.stock else None
    file, serial = _print(row, code, actor, now)
    Reprint.objects.create(item=row, reason=reason.strip()[:200], at=now, by=person_of(actor), file=file)
    announce(Reprinted(item=row.pk, file=file), who=actor.who, now=now, subject=("item", row.pk), case=row.case)
    if older is not None:
        older.void, older.replaced_by = voids, int(serial)
        older.save(update_fields=["void", "replaced_by"])
        event = CardReissued(item=row.pk, voided=older.serial, serial=int(serial))
        announce(event, who=actor.who, now=now, subject=("item", row.pk), case=row.case)
    return file


def _print(row: Item, code: str, actor: Actor, now: datetime) -> tuple[int, str]:
    letters, chosen = printing.letters_of([row], actor=actor, now=now), envelope(code)
    cover = printing.covered([row], letters, chosen)
    found = batching.pieces([printing.ready(row)], envelope=chosen, duplex=False, cover=cover)
    run = printing.lay_out(found, {row.pk: row}, letters, cover=cover, duplex=False, actor=actor, now=now)
    made = printing.assemble([*run.sheets, *run.cards], None)
    kept = files.store(made, name="reprint.pdf", limits=PRINT, who=actor.who, now=now)
    return kept.id, run.serials.get(row.pk, "")
