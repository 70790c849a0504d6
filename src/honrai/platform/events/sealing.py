"""Seals the log: binds every finished entry of a city into its chain, signs the head, and checks the chain.

Only entries below `pg_snapshot_xmin` are sealed: no transaction that could still add to the span is running, so writers
never wait for a seal nor for one another. The signed head is also appended to a file outside the database.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection
from django.db.models import Count, Max, Min, Sum

from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import covered_fields
from honrai.platform.events.models import Change, LogEntry, Seal
from honrai.platform.events.rules import GENESIS, Entry, Finding, SealRow, seal_head, verify_entry, verify_seal

Publish = Callable[[dict[str, Any]], None]
_CHUNK = 5_000
_NO_END = 2**62


def seal(*, key: Ed25519PrivateKey, now: datetime, publish: Publish) -> int:
    """Seal all finished entries of the current city; return how many.

    Args:
        key: the signing key, from outside the database.
        now: the moment of sealing.
        publish: receives the signed head (city, number, head, signature as hex) to be kept outside the database.
    """
    last = Seal.objects.order_by("-number").first()
    start, number, previous = (last.to_transaction, last.number + 1, bytes(last.head)) if last else (0, 1, GENESIS)
    end = finished_below()
    leaves = LogEntry.objects.filter(transaction__gte=start, transaction__lt=end).order_by("transaction", "id")
    pairs = [(pk, bytes(digest)) for pk, digest in leaves.values_list("pk", "digest").iterator(_CHUNK)]
    if not pairs:
        return 0
    head = seal_head(current_city(), number, (start, end), previous, pairs)
    signature = key.sign(head)
    Seal.objects.create(
        number=number,
        from_transaction=start,
        to_transaction=end,
        entries=len(pairs),
        previous=previous,
        head=head,
        signature=signature,
        at=now,
    )
    publish(
        {"city": current_city(), "number": number, "head": head.hex(), "signature": signature.hex(), "at": str(now)}
    )
    return len(pairs)


def finished_below() -> int:
    """Return the transaction number below which nothing more can be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT "offset" FROM events_epoch)'
        )
        row = cursor.fetchone()
    return int(row[0])


def unsealed() -> int:
    """Return how many entries of the current city stand after its last seal."""
    last = Seal.objects.order_by("-number").first()
    return LogEntry.objects.filter(transaction__gte=last.to_transaction if last else 0).count()


@dataclass(frozen=True, slots=True)
class Covered:
    """What the seals of a city cover: how many, from when to when sealed, entries, and values erased by disposal."""

    seals: int
    entries: int
    first: datetime | None
    last: datetime | None
    disposed: int


def covered() -> Covered:
    """Return what a check of the current city's chain covers."""
    said = Seal.objects.aggregate(Count("pk"), Sum("entries"), Min("at"), Max("at"))
    rows = LogEntry.objects.filter(name="events.changes_disposed").values_list("data__disposed_entries", flat=True)
    disposed = sum(len(entries) for entries in rows)
    return Covered(said["pk__count"], said["entries__sum"] or 0, said["at__min"], said["at__max"], disposed)


def verify(
    *,
    key: Ed25519PublicKey,
    heads: Iterable[dict[str, Any]] = (),
    count: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Finding]:
    """Yield everything wrong with the chain of the current city; nothing means whole.

    Args:
        key: public half of the signing key.
        heads: heads kept outside the database, as `seal` published them; a seal they name and the database lacks was cut.
        count: receives how many seals are checked, and of how many.
    """
    seals = [_seal_row(row) for row in Seal.objects.order_by("number")]
    at = {row.from_transaction: number for number, row in enumerate(seals)}

    def counted(start: int, end: int) -> Iterable[Entry]:
        count(at.get(start, len(seals)), len(seals))
        return _entries(start, end)

    yield from verify_chain(current_city(), seals, counted, key, heads)


def verify_chain(
    city: int,
    seals: list[SealRow],
    entries: Callable[[int, int], Iterable[Entry]],
    key: Ed25519PublicKey,
    heads: Iterable[dict[str, Any]],
) -> Iterator[Finding]:
    """Yield everything wrong with a chain, wherever it comes from (database or export).

    Args:
        city: key of the city.
        seals: all seals by number.
        entries: gives the entries of a span of transaction numbers, in order.
        key: public half of the signing key.
        heads: heads kept outside.
    """
    previous: SealRow | None = None
    erased: set[int] = set()
    disposed: set[int] = set()
    for row in seals:
        leaves: list[tuple[int, bytes]] = []
        for entry in entries(row.from_transaction, row.to_transaction):
            leaves.append((entry.id, entry.digest))
            disposed.update(entry.fields["data"].get("disposed_entries", ()))
            if entry.change is None and entry.change_digest is not None:
                erased.add(entry.id)
            yield from verify_entry(entry)
        yield from verify_seal(city, row, previous, leaves, key)
        previous = row
    for entry in entries(previous.to_transaction if previous else 0, _NO_END):  # disposed of since the last seal
        disposed.update(entry.fields["data"].get("disposed_entries", ()))
    yield from (Finding("erased", f"記録 {entry_id} の変更前後") for entry_id in sorted(erased - disposed))
    yield from _against_heads(city, {row.number: row.head for row in seals}, heads)


def _against_heads(city: int, ours: dict[int, bytes], heads: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    for kept in heads:
        if kept["city"] != city:
            continue
        if kept["number"] not in ours:
            yield Finding("cut", f"封印 {kept['number']}")
        elif ours[kept["number"]].hex() != kept["head"]:
            yield Finding("forged", f"封印 {kept['number']} は外部控えと違います")


def _seal_row(row: Seal) -> SealRow:
    binary = (bytes(row.previous), bytes(row.head), bytes(row.signature))
    return SealRow(row.number, row.from_transaction, row.to_transaction, row.entries, *binary)


def _entries(start: int, end: int) -> Iterator[Entry]:
    rows = LogEntry.objects.filter(transaction__gte=start, transaction__lt=end).order_by("transaction", "id")
    for _, chunk in groupby(enumerate(rows.iterator(_CHUNK)), key=lambda pair: pair[0] // _CHUNK):
        batch = [row for _, row in chunk]
        changes = {
            c.entry_id: (c.before, c.after) for c in Change.objects.filter(entry_id__in=[row.pk for row in batch])
        }
        for row in batch:
            changed = None if row.change_digest is None else bytes(row.change_digest)
            fields = covered_fields(row)
            yield Entry(row.pk, row.transaction, fields, bytes(row.digest), changes.get(row.pk), changed)


def export(write: Callable[[str], Any]) -> int:
    """Write seals and entries of the current city as JSON lines for offline verification; return the number of lines."""
    lines = 0
    for row in Seal.objects.order_by("number"):
        seal_row = _seal_row(row)
        span = {"seal": seal_row.number, "from": seal_row.from_transaction, "to": seal_row.to_transaction}
        binary = {
            "previous": seal_row.previous.hex(),
            "head": seal_row.head.hex(),
            "signature": seal_row.signature.hex(),
        }
        write(json.dumps(span | {"entries": seal_row.entries} | binary) + "\n")
        lines += 1
        for entry in _entries(seal_row.from_transaction, seal_row.to_transaction):
            write(_entry_line(entry) + "\n")
            lines += 1
    return lines


def _entry_line(entry: Entry) -> str:
    line = {
        "id": entry.id,
        "transaction": entry.transaction,
        "fields": dict(entry.fields) | {"at": entry.fields["at"].isoformat()},
        "digest": entry.digest.hex(),
        "change": entry.change,
        "change_digest": entry.change_digest.hex() if entry.change_digest else None,
    }
    return json.dumps(line, ensure_ascii=False)
