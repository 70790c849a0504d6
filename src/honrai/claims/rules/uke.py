"""Read and write claim files (UKE) one receipt at a time: memory stays flat, and no byte is lost.

Every line of a file comes out in one part, in order: a `Receipt` from RE on, or a `Frame` for what stands around them
(heads, GO, the end mark, lines that belong nowhere). Writing the parts again gives the same file byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from honrai.claims.rules.layouts import head_records, layouts
from honrai.claims.rules.lines import Line, read_lines
from honrai.claims.rules.receipt import Fault, Institution, Reader, Receipt, build_receipt

#: Most lines of one receipt held in memory; what follows is handed out as lines that belong nowhere.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A line around the receipts and what is wrong with it."""

    line: Line
    faults: tuple[Fault, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The line alone, so that parts of both kinds are written alike."""
        return (self.line,)


def read_uke(stream: BinaryIO) -> Iterator[Receipt | Frame]:
    """Yield the parts of a claim file in order; nothing raises, what is wrong stands in `faults`.

    The totals of GO are compared with the receipts before it: number of HO and KO records, and total points. A
    difference only warns, for programs count 総件数 in different ways.

    Source:
        記録条件仕様 (診療報酬請求書レコード).
    """
    reader = _FileReader()
    for line in read_lines(stream):
        yield from reader.take(line)
    yield from reader.flush()


def write_uke(parts: Iterable[Receipt | Frame], out: BinaryIO) -> int:
    """Write parts as a claim file; return the number of bytes."""
    return sum(out.write(line.raw) for part in parts for line in part.lines)


class _FileReader:
    """Gathers the lines of one receipt and knows the head and the totals so far."""

    def __init__(self) -> None:
        self.open: list[Line] = []
        self.institution: Institution | None = None
        self.count = 0
        self.total = 0

    def take(self, line: Line) -> Iterator[Receipt | Frame]:
        """Yield what is complete once this line is known."""
        record = line.record
        if record == "RE":
            yield from self.flush()
            self.open = [line]
        elif record in head_records() or record == "GO" or line.is_end_mark:
            yield from self.flush()
            yield self._frame(line, record)
        elif self.open and len(self.open) < MOST_LINES:
            self.open.append(line)
        else:
            reader = Reader()
            reader.check_line(line)
            reader.wrong(line, 0, "", "レセプト(RE)の外にある行です。")
            yield from self.flush()
            yield Frame(line, tuple(reader.faults))

    def flush(self) -> Iterator[Receipt]:
        """Yield the receipt gathered so far, if any, and add it to the totals."""
        if self.open:
            receipt = build_receipt(self.open, self.institution)
            self.open = []
            self.count += sum(line.record in ("HO", "KO") for line in receipt.lines)
            self.total += receipt.total or 0
            yield receipt

    def _frame(self, line: Line, record: str) -> Frame:
        """Return a head, GO or end mark, after reading what it says."""
        reader = Reader()
        if line.is_end_mark:
            return Frame(line, ())
        reader.check_line(line)
        if record == "GO":
            self._check_totals(reader, line)
        else:
            self.institution = read_head(reader, line, self.institution)
        return Frame(line, tuple(reader.faults))

    def _check_totals(self, reader: Reader, line: Line) -> None:
        for position, field, found, words in ((2, "count", self.count, "件数"), (3, "total", self.total, "合計点数")):
            stated = reader.whole(line, line.cells, position, field)
            if stated is not None and stated != found:
                reason = f"請求書の{words} {stated:,} が、レセプトから数えた {found:,} と違います。"
                reader.wrong(line, position, field, reason, fatal=False)
        self.count = self.total = 0


def read_head(reader: Reader, line: Line, before: Institution | None) -> Institution:
    """Return who sent what follows a head; the table on the line says by which layout it is read.

    Args:
        reader: notes what is wrong.
        line: the head.
        before: the head before it; a second head without a name (歯科) keeps the first one's.
    """
    table, record = reader.text(line, 4), line.record
    layout = layouts().get(table)
    at = (layout.heads.get(record) if layout else None) or layouts()["1"].heads["IR"]
    if layout is None or record not in layout.heads:
        reader.wrong(line, 4, "table", "点数表の番号がこのレコードに合いません。")
    value = {name: reader.text(line, position) for name, position in at.items()}
    name = value.get("name") or (before.name if before else "")
    return Institution(value["payer"], value["prefecture"], table, value["institution"], name, value["month"])
