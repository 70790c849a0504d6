"""The lines of a claim file (UKE): Shift_JIS, commas, CRLF, no quotes. Bytes are kept as they came.

Cutting bytes at commas is safe: no character of Shift_JIS has a comma as its second byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from honrai.kernel.errors import Invalid

#: Windows' Shift_JIS, which has the NEC and IBM characters that names on claims use.
ENCODING = "cp932"
#: Longest line read in one piece, in bytes. The longest record by the specification has less than 8,000.
LONGEST_LINE = 65_536
_RECORD = re.compile(rb"[A-Z0-9]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a claim file.

    Attributes:
        number: line number from 1.
        offset: byte at which it begins in the file.
        raw: its bytes with the line end.
        record: the record's name, e.g. RE; "" for a line that is no record.
    """

    number: int
    offset: int
    raw: bytes
    record: str

    @property
    def cells(self) -> list[bytes]:
        """The values as bytes; the first is the record's name."""
        return self.raw.rstrip(b"\r\n").split(b",")

    @property
    def is_end_mark(self) -> bool:
        """Whether this is the end-of-file code some programs write after the last line."""
        return self.raw.rstrip(b"\r\n") == b"\x1a"

    def text(self, position: int) -> str:
        """Return the value at a position (from 1) as text, "" where the record is shorter.

        Raises:
            Invalid: the bytes are not Shift_JIS.
        """
        cells = self.cells
        raw = cells[position - 1] if position <= len(cells) else b""
        try:
            return raw.decode(ENCODING)
        except UnicodeDecodeError:
            raise Invalid("uke-encoding", "文字コードがシフトJISではありません。") from None

    def with_text(self, position: int, text: str) -> Line:
        """Return the line with one value replaced and every other byte as it was."""
        end = self.raw[len(self.raw.rstrip(b"\r\n")) :]
        cells = self.cells
        cells += [b""] * (position - len(cells))
        cells[position - 1] = encode_cell(text)
        return Line(self.number, self.offset, b",".join(cells) + end, self.record)


def encode_cell(text: str) -> bytes:
    """Return a value as bytes of a claim file.

    Raises:
        Invalid: a comma, a line break or a character that Shift_JIS does not have; the message names it.
    """
    if found := re.search(r"[,\r\n\x1a]", text):
        raise Invalid("uke-forbidden", f"レセプトの項目に使えない文字があります: {found[0]!r}")
    try:
        return text.encode(ENCODING)
    except UnicodeEncodeError as error:
        bad = text[error.start]
        raise Invalid("uke-character", f"「{bad}」はシフトJISにない文字です。別の文字に置き換えてください。") from None


def compose_line(cells: Sequence[str]) -> bytes:
    """Return one record as bytes with CRLF; see `encode_cell` for what is refused."""
    return b",".join(encode_cell(cell) for cell in cells) + b"\r\n"


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a file, one in memory at a time; a line over `LONGEST_LINE` bytes comes in pieces."""
    offset, number = 0, 1
    while raw := stream.readline(LONGEST_LINE):
        yield Line(number, offset, raw, _record(raw[:4]))
        offset += len(raw)
        number += raw.endswith(b"\n")


@lru_cache(maxsize=1_024)
def _record(begin: bytes) -> str:
    """Return the record's name from a line's first four bytes."""
    name = begin.rstrip(b"\r\n").partition(b",")[0]
    return name.decode("ascii") if _RECORD.fullmatch(name) else ""
