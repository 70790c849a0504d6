"""Putting the pages of items together: address sheet, bar code, seal, number of the stock, moved as the printer needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from honrai.contact import pdfs
from honrai.contact.models import Item, Printer
from honrai.contact.operations.sealing import use_seal
from honrai.contact.operations.stocking import take_serial
from honrai.contact.rules import batching
from honrai.contact.rules.batching import Piece, Ready
from honrai.contact.rules.layout import A4, BAR_CODE, BAR_POINTS, QUIET, Box, Envelope
from honrai.platform.authority.api import Actor
from honrai.platform.files import api as files

_CODE = Box(BAR_CODE[0], BAR_CODE[1], 66 * 1.2 * BAR_POINTS / 10 + 0.6 * BAR_POINTS / 10, 3.6 * BAR_POINTS / 10)


@dataclass(slots=True)
class Run:
    """What a print run gives: sheets of paper, sheets of stock, where each item's pages are, its serial."""

    sheets: list[pdfs.Sheet] = field(default_factory=list)
    cards: list[pdfs.Sheet] = field(default_factory=list)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    serials: dict[int, str] = field(default_factory=dict)
    seals: int = 0
    coded: int = 0


def letters_of(items: Sequence[Item], *, actor: Actor, now: datetime) -> dict[int, bytes]:
    """Return the letters as they were issued, by item."""
    return {row.pk: files.fetch(row.file, who=actor.who, now=now, case=row.case)[1] for row in items}


def ready(item: Item) -> Ready:
    """Return an item as the rules want it."""
    return Ready(
        item.pk,
        item.case,
        item.to_name,
        item.to_postcode,
        item.to_address,
        item.pages,
        item.stock,
        tuple(item.enclosures),
    )


def covered(items: Sequence[Item], letters: Mapping[int, bytes], envelope: Envelope) -> frozenset[int]:
    """Return the items that need an address sheet: another address, no A4, or words where the bar code must stand."""
    return frozenset(row.pk for row in items if not row.stock and not _shows_address(row, letters[row.pk], envelope))


def _shows_address(item: Item, letter: bytes, envelope: Envelope) -> bool:
    width, high = pdfs.page_sizes(letter)[0]
    if item.readdressed or abs(width - A4[0]) > 1 or abs(high - A4[1]) > 1:
        return False
    window, margin = envelope.window, envelope.play
    inside = [
        box
        for _, box in pdfs.text_boxes(letter)
        if box.x < window.right and window.y < box.bottom and box.y < window.bottom
    ]
    free = all(
        box.bottom + QUIET <= _CODE.y or box.y >= _CODE.bottom + QUIET or box.x >= _CODE.right + QUIET for box in inside
    )
    seen = [box for box in inside if box.bottom < _CODE.y]
    return free and bool(seen) and all(window.holds(box, margin=margin) for box in seen)


def lay_out(
    found: Sequence[Piece], rows: Mapping[int, Item], letters: Mapping[int, bytes], *, cover: frozenset[int], duplex: bool,
    actor: Actor, now: datetime,
) -> Run:  # fmt: skip
    """Return the pages of a run, with seals written into the ledger and serials taken."""
    run = Run()
    codes = [batching.bars(piece.items[0].postcode, piece.items[0].address) for piece in found]
    overlay = pdfs.draw("overlay.typ", {"points": BAR_POINTS, "x": BAR_CODE[0], "y": BAR_CODE[1], "bars": codes})
    bare = [piece for piece in found if batching.needs_cover(piece.items, cover)]
    covers = pdfs.draw("cover.typ", {"covers": [_addressee(piece) for piece in bare]}) if bare else b""
    for index, piece in enumerate(found):
        code = pdfs.Laid(overlay, index) if codes[index] else None
        run.coded += int(code is not None)
        if piece in bare:
            run.sheets.append(pdfs.Sheet(tuple(filter(None, (pdfs.Laid(covers, bare.index(piece)), code)))))
            _to_front(run, duplex)
            code = None
        for one in piece.items:
            _lay_item(run, rows[one.id], letters[one.id], code if not one.stock else None, duplex, actor, now)
            code = code if one.stock else None
    return run


def _addressee(piece: Piece) -> dict[str, str]:
    first = piece.items[0]
    return {"postcode": first.postcode, "address": first.address, "name": first.name}


def _lay_item(
    run: Run, item: Item, letter: bytes, code: pdfs.Laid | None, duplex: bool, actor: Actor, now: datetime
) -> None:
    seals: dict[int, pdfs.Impression] = {}
    if item.sealed:
        page, impression = use_seal(item, letter, actor=actor, now=now)
        seals, run.seals = {page: impression}, run.seals + 1
    sheets = [
        pdfs.Sheet(
            tuple(filter(None, (pdfs.Laid(letter, number), code if number == 0 else None))),
            (seals[number],) if number in seals else (),
        )
        for number in range(item.pages)
    ]
    if item.stock:
        run.serials[item.pk] = take_serial(item, actor=actor, now=now)
        run.places[item.pk] = (len(run.cards) + 1, item.pages)
        run.cards += sheets
        return
    run.places[item.pk] = (len(run.sheets) + 1, item.pages)
    run.sheets += sheets
    _to_front(run, duplex)


def _to_front(run: Run, duplex: bool) -> None:
    """Let what follows begin on the front of a sheet."""
    if duplex and len(run.sheets) % 2:
        run.sheets.append(pdfs.Sheet())


def assemble(sheets: Sequence[pdfs.Sheet], printer: Printer | None) -> bytes:
    """Return the PDF, moved against the offset measured on the printer."""
    right, down = (float(printer.right), float(printer.down)) if printer else (0.0, 0.0)
    return pdfs.assemble(sheets, right=-right, down=-down)
