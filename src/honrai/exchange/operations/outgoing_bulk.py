"""Entries by the ten thousand: what one decision changes in a whole ledger of the core system."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from honrai.exchange.models import Entry
from honrai.exchange.queries import layout_of
from honrai.exchange.rules.landing import EntryState, proof_key
from honrai.exchange.rules.values import Bad
from honrai.exchange.rules.writing import write_cells
from honrai.platform.errors import Invalid
from honrai.platform.events.api import Who, record

_AT_ONCE = 2_000


def put_out_many(*, layout: str, entries: Iterable[tuple[str, Mapping[str, str]]], who: Who, now: datetime) -> int:
    """Write entries that the core system must hold; a reference that is there already is left as it is.

    Args:
        layout: code of an outgoing layout with a proof.
        entries: (reference, values by field id) pairs; a reference is unique per layout.
        who: who or what decided it.
        now: the moment.

    Returns:
        How many were handed in, with those that were there already.

    Raises:
        Invalid: the layout is not an outgoing one with a proof, or a value cannot be written; the message names both.
    """
    found = layout_of(layout, now.date())
    if found.direction != "out" or found.proof is None:
        raise Invalid(f"「{found.title}」は登録用のレイアウトではありません。")
    rows, count = [], 0
    for reference, values in entries:
        kept = {each.id: values.get(each.id, "") for each in found.fields if each.kind != "drop"}
        cells = zip(found.fields, write_cells(kept, found), strict=True)
        wrong = [f"{each.label}: {cell.reason}" for each, cell in cells if isinstance(cell, Bad)]
        if wrong:
            raise Invalid(f"「{found.title}」へ書けません（{reference}）。" + "／".join(wrong))
        key = proof_key(kept, found.proof)
        rows.append(
            Entry(layout=layout, reference=reference, key=key, values=kept, state=EntryState.WRITTEN, written_at=now)
        )
        count += 1
        if len(rows) == _AT_ONCE:
            Entry.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    Entry.objects.bulk_create(rows, ignore_conflicts=True)
    record(
        "exchange.entries_written",
        who=who,
        now=now,
        subject=("entry", None),
        data={"layout": layout, "entries": count},
    )
    return count
