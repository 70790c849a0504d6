"""Verifies an exported log on a machine without the database: needs the export, the public key and the kept heads."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from honrai.platform.events.rules import Entry, Finding, SealRow
from honrai.platform.events.sealing import verify_chain


def verify_export(
    lines: Iterable[str], *, city: int, key: Ed25519PublicKey, heads: Iterable[dict[str, Any]]
) -> Iterator[Finding]:
    """Yield everything wrong with an export made by `sealing.export`.

    Args:
        lines: the JSON lines of the export.
        city: key of the city it belongs to.
        key: public half of the signing key.
        heads: heads kept outside the database.
    """
    seals: list[SealRow] = []
    spans: dict[int, list[Entry]] = {}
    for line in lines:
        row = json.loads(line)
        if "seal" in row:
            seals.append(_seal(row))
            spans[row["from"]] = []
        else:
            spans[seals[-1].from_transaction].append(_entry(row))
    yield from verify_chain(city, seals, lambda start, _: spans.get(start, []), key, heads)


def _seal(row: dict[str, Any]) -> SealRow:
    binary = (bytes.fromhex(row[name]) for name in ("previous", "head", "signature"))
    return SealRow(row["seal"], row["from"], row["to"], row["entries"], *binary)


def _entry(row: dict[str, Any]) -> Entry:
    fields = row["fields"] | {"at": datetime.fromisoformat(row["fields"]["at"])}
    change = tuple(row["change"]) if row["change"] else None
    changed = bytes.fromhex(row["change_digest"]) if row["change_digest"] else None
    return Entry(row["id"], row["transaction"], fields, bytes.fromhex(row["digest"]), change, changed)
