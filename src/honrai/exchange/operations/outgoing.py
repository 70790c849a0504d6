"""Entries that the core system must hold: written when a case decides, handed over in four ways, proved by the next extract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from honrai.exchange.events import EntriesHandedOver
from honrai.exchange.models import Batch, Entry
from honrai.exchange.permissions import check_can_enter, check_can_exchange
from honrai.exchange.queries import layout_of
from honrai.exchange.rules.landing import EntryState, proof_key
from honrai.exchange.rules.layout import Layout
from honrai.exchange.rules.sheets import FORM, form_pages, sheet_rows
from honrai.exchange.rules.values import Bad
from honrai.exchange.rules.writing import Written, write_cells, write_file
from honrai.kernel.names import Gaiji
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import Who, announce, record
from honrai.platform.files import api as files
from honrai.platform.files.api import Limits
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.typeset.api import pdf
from honrai.ui.workbook import workbook

Way = Literal["copy", "sheet", "form", "bulk"]
WAYS: dict[str, str] = {"copy": "画面から写す", "sheet": "ロボット用の表", "form": "帳票", "bulk": "一括取込ファイル"}
_MADE = Limits(
    frozenset({"text/plain", "application/octet-stream", "application/pdf", "application/zip"}), 256 * MEGABYTE
)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What handing over gave: the batch, the file (None when copied by hand), how many, and what stayed behind and why."""

    batch: int
    file: int | None
    entries: int
    left_out: tuple[tuple[int, str], ...]


def put_out(
    *, layout: str, reference: str, values: Mapping[str, str], who: Who, now: datetime, case: int | None = None
) -> int:
    """Write an entry that the core system must hold; the same reference twice is one entry. Returns its key.

    Args:
        layout: code of an outgoing layout with a proof.
        reference: what it comes from, e.g. "case/12/granted"; unique per layout.
        values: by field id, as our own data writes them (dates 2026-04-01).
        who: who or what decided it.
        now: the moment.
        case: the case it belongs to.

    Raises:
        Invalid: a value cannot be written in the layout; the message names the field.
    """
    found = _outgoing(layout, now.date())
    kept = {each.id: values.get(each.id, "") for each in found.fields if each.kind != "drop"}
    cells = write_cells(kept, found)
    wrong = [
        f"{each.label}: {cell.reason}" for each, cell in zip(found.fields, cells, strict=True) if isinstance(cell, Bad)
    ]
    if wrong:
        raise Invalid(f"「{found.title}」へ書けません。" + "／".join(wrong))
    entry, made = Entry.objects.get_or_create(
        layout=layout,
        reference=reference,
        defaults={
            "key": proof_key(kept, found.proof) if found.proof else reference,
            "values": kept,
            "case": case,
            "state": EntryState.WRITTEN,
            "written_at": now,
        },
    )
    if made:
        record("exchange.entry_written", who=who, now=now, subject=("entry", entry.pk), case=case)
    return entry.pk


def hand_over(
    *, layout: str, way: Way, entries: Sequence[int], actor: Actor, now: datetime, gaiji: Gaiji | None = None
) -> HandedOver:
    """Hand entries over; from now on the next extract must hold them.

    Args:
        layout: code of the outgoing layout.
        way: copy (typed in by hand), sheet (xlsx for a robot), form (PDF, a page an entry), bulk (file for batch import).
        entries: keys of entries that are written or missing.
        actor: staff with the charge; for `copy` of one case also people of its contract.
        now: the moment.
        gaiji: the city's own characters.

    Raises:
        Conflict: an entry is handed over already or has landed.
    """
    found = _outgoing(layout, now.date())
    rows = list(Entry.objects.select_for_update().filter(layout=layout, id__in=list(entries)).order_by("id"))
    _check(actor, way, rows, entries)
    made, left_out = _file(found, way, [row.values for row in rows], actor, now, gaiji)
    gone = {number for number, _ in left_out}
    going = [row for number, row in enumerate(rows) if number not in gone]
    if not going:
        raise Invalid("引き渡せるものがありません。" + "／".join(reason for _, reason in left_out)[:200])
    batch = Batch.objects.create(
        layout=layout, way=way, file=made, size=len(going), handed_on=now.date(), made_by=actor.person, made_at=now
    )
    Entry.objects.filter(id__in=[row.pk for row in going]).update(
        state=EntryState.HANDED_OVER, batch=batch, handed_on=now.date(), differences=[], judged_by=None, judged_on=None
    )
    event = EntriesHandedOver(batch=batch.pk, layout=layout, way=way, entries=len(going))
    announce(
        event, who=actor.who, now=now, subject=("batch", batch.pk), case=going[0].case if len(going) == 1 else None
    )
    return HandedOver(batch.pk, made, len(going), tuple((rows[number].pk, reason) for number, reason in left_out))


def withdraw(entry_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back an entry that was not handed over yet."""
    check_can_exchange(actor)
    entry = Entry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("この登録は見つかりません。")
    if entry.state != EntryState.WRITTEN:
        raise Conflict("引渡し済みの登録は取り下げられません。取消しの登録を作成してください。")
    entry.state = EntryState.WITHDRAWN
    entry.save()
    record("exchange.entry_withdrawn", who=actor.who, now=now, subject=("entry", entry_id), case=entry.case)


def cells_of(entry_id: int, *, contract: int | None, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """Return an entry for the copy screen: label and text of each field in the core system's order; the read is recorded.

    Args:
        entry_id: key of the entry.
        contract: the contract the entry's case belongs to, where it has one.
        actor: who copies it.
        now: the moment.
    """
    check_can_enter(actor, contract=contract)
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("この登録は見つかりません。")
    layout = _outgoing(entry.layout, now.date())
    record("exchange.entry_read", who=actor.who, now=now, subject=("entry", entry_id), case=entry.case)
    cells = write_cells(entry.values, layout)
    return [
        (each.label, str(cell).strip()) for each, cell in zip(layout.fields, cells, strict=True) if each.kind != "drop"
    ]


def _check(actor: Actor, way: Way, rows: Sequence[Entry], asked: Sequence[int]) -> None:
    check_can_exchange(actor)
    if not rows or len(rows) < len(set(asked)):
        raise NotFound("選んだ登録が見つかりません。一覧を開き直してください。")
    if way not in WAYS:
        raise Invalid("渡し方を選んでください。")
    if any(row.state not in (EntryState.WRITTEN, EntryState.MISSING) for row in rows):
        raise Conflict("引渡し済みの登録が含まれています。一覧を開き直してください。")


def _file(
    layout: Layout, way: Way, values: Sequence[Mapping[str, str]], actor: Actor, now: datetime, gaiji: Gaiji | None
) -> tuple[int | None, list[tuple[int, str]]]:
    """Make the file of a way; return its key and the rows left out with the reason."""
    written = write_file(values, layout, gaiji)
    left_out = [(each.row, f"{each.label}: {each.reason}") for each in written.left_out]
    gone = {number for number, _ in left_out}
    going = [row for number, row in enumerate(values) if number not in gone]
    if way == "copy" or not going:
        return None, left_out
    content, ending = _content(layout, way, going, written, f"{now:%Y-%m-%d %H:%M} 利用者{actor.account or 0}")
    name = f"{layout.code}-{now:%Y%m%d-%H%M}.{ending}"
    return files.store(content, name=name, limits=_MADE, who=actor.who, now=now).id, left_out


def _content(
    layout: Layout, way: Way, going: Sequence[Mapping[str, str]], written: Written, mark: str
) -> tuple[bytes, str]:
    if way == "bulk":
        return written.content, "csv" if layout.shape == "csv" else "txt"
    headings, rows = sheet_rows(going, layout)
    if way == "sheet":
        return workbook(layout.title, headings, rows, mark=mark), "xlsx"
    return pdf(FORM, form_pages(going, layout, mark)), "pdf"


def _outgoing(code: str, on: date) -> Layout:
    found = layout_of(code, on)
    if found.direction != "out":
        raise Invalid(f"「{found.title}」は取込み用のレイアウトです。")
    return found
