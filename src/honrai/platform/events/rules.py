"""The arithmetic of the chain: digests of entries, heads of seals, signatures, and what a check may find.

Pure functions over values, so that an export can be verified on any machine that has this file and the public key.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One log entry as the chain sees it: its place and all its fields in a fixed order.

    Attributes:
        id: key of the row.
        transaction: number that decides which seal covers it.
        fields: name -> value of every field the digest covers; times in UTC.
        digest: 32 bytes as stored.
        change: (before, after) where still kept, else None.
        change_digest: digest of the change as stored; None: the event changed nothing.
    """

    id: int
    transaction: int
    fields: Mapping[str, Any]
    digest: bytes
    change: tuple[Any, Any] | None = None
    change_digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal as stored: covers transactions in [from_transaction, to_transaction)."""

    number: int
    from_transaction: int
    to_transaction: int
    entries: int
    previous: bytes
    head: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found wrong.

    Attributes:
        kind: edited (an entry or its change differs from its digest) · altered (a sealed range lost, gained or reordered
            entries) · broken (seals do not join) · forged (a signature is not ours) · cut (seals missing at the end) ·
            erased (a change is gone although no disposal is recorded).
        where: entry or seal, in words.
    """

    kind: Literal["edited", "altered", "broken", "forged", "cut", "erased"]
    where: str


def canonical(value: Any) -> bytes:
    """Return the one byte form of a value: JSON, keys sorted, no spaces, times in UTC ISO form."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def change_digest(before: Any, after: Any) -> bytes:
    """Return the digest that stands for the values before and after an event."""
    return hashlib.sha256(canonical([before, after])).digest()


def entry_digest(fields: Mapping[str, Any], change: bytes | None) -> bytes:
    """Return the digest of an entry: all its fields and the digest of its change."""
    return hashlib.sha256(canonical(dict(fields)) + (change or b"")).digest()


def seal_head(
    city: int, number: int, span: tuple[int, int], previous: bytes, entries: Iterable[tuple[int, bytes]]
) -> bytes:
    """Return the head of a seal over `entries` (id, digest), in order of transaction and id."""
    digest = hashlib.sha256(previous + canonical([city, number, *span]))
    for entry_id, leaf in entries:
        digest.update(entry_id.to_bytes(8, "big") + leaf)
    return digest.digest()


def signing_key(hex_key: str) -> Ed25519PrivateKey:
    """Return the signing key from its 32 bytes in hex; it lives outside the database.

    Raises:
        ValueError: not 64 hex digits.
    """
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(hex_key))


def signed(key: Ed25519PublicKey, head: bytes, signature: bytes) -> bool:
    """Say whether `signature` over `head` was made with the private half of `key`."""
    try:
        key.verify(signature, head)
    except InvalidSignature:
        return False
    return True


def verify_entry(entry: Entry) -> Iterator[Finding]:
    """Yield what is wrong with one entry: changed fields, or a change that differs from its digest."""
    if entry_digest(entry.fields, entry.change_digest) != entry.digest:
        yield Finding("edited", f"記録 {entry.id}")
    elif entry.change is not None and change_digest(*entry.change) != entry.change_digest:
        yield Finding("edited", f"記録 {entry.id} の変更前後")


def verify_seal(
    city: int, seal: SealRow, previous: SealRow | None, entries: list[tuple[int, bytes]], key: Ed25519PublicKey
) -> Iterator[Finding]:
    """Yield what is wrong with one seal, given the one before it and the (id, digest) of the entries in its span."""
    where = f"封印 {seal.number}"
    expected = (previous.number + 1, previous.to_transaction, previous.head) if previous else (1, 0, GENESIS)
    if (seal.number, seal.from_transaction, seal.previous) != expected:
        yield Finding("broken", where)
    head = seal_head(city, seal.number, (seal.from_transaction, seal.to_transaction), seal.previous, entries)
    if head != seal.head or len(entries) != seal.entries:
        yield Finding("altered", where)
    if not signed(key, seal.head, seal.signature):
        yield Finding("forged", where)
