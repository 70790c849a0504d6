"""The batch: printed in postcode order into one file, pulled from while it is in the house, handed to the post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from honrai.contact import pdfs
from honrai.contact.events import BatchHandedOver, BatchMade, ItemRemoved
from honrai.contact.models import Batch, BatchLine, HandOver, Item, ItemState, Printer, Removal
from honrai.contact.operations import printing
from honrai.contact.operations.stocking import spoil_serial
from honrai.contact.operations.stopping import is_stopped
from honrai.contact.permissions import check_can_send, person_of
from honrai.contact.rules import batching
from honrai.contact.rules.batching import Piece
from honrai.contact.rules.layout import Envelope, envelope
from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE

PRINT = files.Limits(frozenset({"application/pdf"}), 500 * MEGABYTE)
REMOVALS = {"pulled": "引抜き", "spoiled": "書損"}


@dataclass(frozen=True, slots=True)
class Made:
    """What came of making a batch: its key (None where nothing was left to print), and how many items were left out."""

    batch: int | None
    left_out: int


def make_batch(
    *, items: Sequence[int], code: str, duplex: bool, printer: int | None = None, actor: Actor, now: datetime
) -> Made:
    """Print items that wait into one batch.

    Items that touch a protected person's former household by now are left out and stop; the answer says only how many.

    Args:
        items: keys of waiting items, at most `MOST_ITEMS`.
        code: the envelope.
        duplex: on both sides; every letter begins on a front.
        printer: the measured printer to correct for, if any.
        actor: who prints.
        now: the moment.

    Raises:
        Denied: an item the actor may not print.
        Conflict: one does not wait any more, lacks the seal's approval, or a numbered form.
        Invalid: none or too many, or more than an envelope holds.
    """
    if not 0 < len(set(items)) <= batching.MOST_ITEMS:
        raise Invalid(f"1つの束は{batching.MOST_ITEMS}件までです。文書の種類で分けてください")
    chosen = envelope(code)
    rows = list(Item.objects.select_for_update(of=("self",)).filter(pk__in=items).order_by("pk"))
    check_can_send(actor, rows)
    if len(rows) < len(set(items)) or any(row.state != ItemState.WAITING for row in rows):
        raise Conflict("発送待ちでない文書が入っています。一覧を開き直してください")
    going = [row for row in rows if not is_stopped(row, "batch", by=actor, now=now)]
    if not going:
        return Made(None, len(rows))
    return Made(_print(going, chosen, duplex, _printer(printer), actor, now), len(rows) - len(going))


def _printer(key: int | None) -> Printer | None:
    return Printer.objects.get(pk=key) if key else None


def _print(
    rows: Sequence[Item], chosen: Envelope, duplex: bool, printer: Printer | None, actor: Actor, now: datetime
) -> int:
    letters = printing.letters_of(rows, actor=actor, now=now)
    cover = printing.covered(rows, letters, chosen)
    try:
        found = batching.pieces(map(printing.ready, rows), envelope=chosen, duplex=duplex, cover=cover)
    except ValueError as error:
        raise Invalid(f"{error}。大きい封筒を選んでください") from error
    by_key = {row.pk: row for row in rows}
    run = printing.lay_out(found, by_key, letters, cover=cover, duplex=duplex, actor=actor, now=now)
    main = printing.assemble(run.sheets, printer)
    batch = Batch.objects.create(
        made_at=now, made_by=person_of(actor), contract=actor.contract, printer=printer, duplex=duplex, envelope=chosen.code,
        file=_keep(main, "letters.pdf", actor, now), sha256=sha256(main).hexdigest(), items=len(rows), pieces=len(found),
        cards=_keep(printing.assemble(run.cards, printer), "cards.pdf", actor, now) if run.cards else None,
        index=_keep(_index(found, by_key, run, now), "index.pdf", actor, now),
        sheet=_keep(_totals(found, chosen, run, now), "totals.pdf", actor, now), pages=len(run.sheets),
    )  # fmt: skip
    BatchLine.objects.bulk_create(_line(batch, piece, by_key[one.id], run) for piece in found for one in piece.items)
    Item.objects.filter(pk__in=list(by_key)).update(state=ItemState.BATCHED)
    event = BatchMade(batch=batch.pk, items=len(rows), pieces=len(found), seals=run.seals)
    announce(event, who=actor.who, now=now, subject=("dispatch", batch.pk))
    return int(batch.pk)


def _keep(content: bytes, name: str, actor: Actor, now: datetime) -> int:
    return files.store(content, name=name, limits=PRINT, who=actor.who, now=now).id


def _line(batch: Batch, piece: Piece, item: Item, run: printing.Run) -> BatchLine:
    first, pages = run.places[item.pk]
    return BatchLine(
        batch=batch, item=item, piece=piece.number, first_page=first, pages=pages, serial=run.serials.get(item.pk, ""),
        to_name=item.to_name, to_postcode=item.to_postcode, to_address=item.to_address, grams=piece.grams,
        mail_class=piece.mail_class,
    )  # fmt: skip


def _index(found: Sequence[Piece], rows: Mapping[int, Item], run: printing.Run, now: datetime) -> bytes:
    lines = [
        {
            "piece": str(piece.number),
            "postcode": one.postcode,
            "name": one.name,
            "title": rows[one.id].title,
            "number": rows[one.id].number,
            "pages": "用紙" if one.stock else f"{run.places[one.id][0]}-{sum(run.places[one.id]) - 1}",
            "enclosures": "、".join(piece.enclosures),
            "serial": run.serials.get(one.id, ""),
        }
        for piece in found
        for one in piece.items
    ]
    summary = f"{len(lines)}件 {len(found)}通 {len(run.sheets)}ページ"
    return pdfs.draw(
        "index.typ", {"title": "発送一覧", "made": format_wareki(now.date()), "summary": summary, "lines": lines}
    )


def _totals(found: Sequence[Piece], chosen: Envelope, run: printing.Run, now: datetime) -> bytes:
    sender = City.objects.values_list("name", flat=True).get(pk=current_city())
    shown = {"rows": batching.totals(found), "pieces": f"{len(found)}", "coded": run.coded, "envelope": chosen.title}
    return pdfs.draw("totals.typ", shown | {"made": format_wareki(now.date()), "sender": sender})


def remove(line: int, *, what: str, reason: str, actor: Actor, now: datetime) -> None:
    """Take an item out of a batch that is still in the house: pulled, or spoiled in printing (then it waits again).

    Raises:
        Denied: not one of the actor's.
        Invalid: no reason.
        Conflict: the post has the batch, or it was taken out already.
    """
    row = BatchLine.objects.select_related("item").filter(pk=line).first()
    if row is None:
        raise NotFound("この文書は束にありません")
    item = Item.objects.select_for_update(of=("self",)).get(pk=row.item_id)
    check_can_send(actor, [item])
    if what not in REMOVALS or not reason.strip():
        raise Invalid("引抜きか書損かを選び、理由を書いてください")
    if HandOver.objects.filter(batch=row.batch_id).exists():
        raise Conflict("この束は差出し済みです。もう引き抜けません")
    if row.removals.exists():
        raise Conflict("この文書は、すでに束から抜かれています")
    Removal.objects.create(line=row, what=what, reason=reason.strip()[:200], at=now, by=person_of(actor))
    item.state = ItemState.PULLED if what == "pulled" else ItemState.WAITING
    item.seal_request = None
    item.save(update_fields=["state", "seal_request"])
    for serial in item.serials.filter(what="used", void=""):
        spoil_serial(serial, reason=f"{REMOVALS[what]}：{reason}", actor=actor, now=now)
    event = ItemRemoved(item=item.pk, batch=row.batch_id, what=what)
    announce(event, who=actor.who, now=now, subject=("item", item.pk))


def hand_over(batch: int, *, office: str, actor: Actor, now: datetime) -> HandOver:
    """Record that the post took the batch; from now on nothing can be pulled. Items = printed + pulled + spoiled.

    Raises:
        Denied: not the actor's batch.
        Invalid: no office named.
        Conflict: handed over already.
    """
    lines = list(BatchLine.objects.filter(batch=batch).select_related("batch").prefetch_related("removals"))
    rows = list(
        Item.objects.select_for_update(of=("self",)).filter(pk__in=[line.item_id for line in lines]).order_by("pk")
    )
    if not lines:
        raise NotFound("この束は見つかりません")
    check_can_send(actor, rows)
    if not office.strip():
        raise Invalid("差し出した郵便局を入力してください")
    if HandOver.objects.filter(batch=batch).exists():
        raise Conflict("この束は、すでに差出し済みです")
    taken = {removal.line_id: removal.what for removal in Removal.objects.filter(line__batch=batch)}
    gone = [line.item_id for line in lines if line.pk not in taken]
    counts = {f"{what}": list(taken.values()).count(what) for what in REMOVALS}
    done = HandOver.objects.create(
        batch=lines[0].batch, at=now, by=person_of(actor), office=office.strip()[:60], printed=len(gone), **counts
    )
    Item.objects.filter(pk__in=gone).update(state=ItemState.SENT)
    event = BatchHandedOver(batch=batch, printed=len(gone), **counts)
    announce(event, who=actor.who, now=now, subject=("dispatch", batch))
    return done
