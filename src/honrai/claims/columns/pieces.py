"""Cuts a claim file, as it comes, into pieces that can be read apart: memory stays at one piece whatever the file's size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from honrai.claims.rules.layouts import head_records

PIECE = 16 << 20
#: A piece without any place to cut is cut at a line end after so many bytes.
LONGEST = 4


class Source(Protocol):
    """Anything read in blocks."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def pieces_of(stream: BinaryIO | Source, size: int = PIECE) -> Iterator[bytes]:
    """Yield the file in pieces of about `size` bytes, each from RE or a head on; together they are the file, byte for byte."""
    held = b""
    while block := stream.read(size):
        held += block
        while len(held) >= 2 * size:
            cut = _cut(held, size)
            if not cut:
                break
            yield held[:cut]
            held = held[cut:]
    if held:
        yield held


def _cut(held: bytes, size: int) -> int:
    """Return where to cut: before the first RE or head from `size` on; at a line end where there is none for long; 0 to wait."""
    places = [held.find(f"\n{name},".encode(), size) for name in ("RE", *sorted(head_records()))]
    found = [place + 1 for place in places if place >= 0]
    if found:
        return min(found)
    return held.rfind(b"\n") + 1 if len(held) > LONGEST * size else 0
