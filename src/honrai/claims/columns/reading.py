"""Reads a piece of a claim file into columns. What is plainly right goes a short way; everything else goes through `rules.receipt`.

The short way and the long way give the same values and the same faults: a receipt that the short way does not know as faultless is
read by `build_receipt`, whose word counts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from honrai.claims.rules.layouts import Layout, head_records, layouts
from honrai.claims.rules.lines import ENCODING, Line, read_lines
from honrai.claims.rules.receipt import Fault, Institution, PublicPayer, Reader, Receipt, build_receipt
from honrai.claims.rules.uke import read_head
from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.kernel.year_month import YearMonth

#: Columns of what was read: where it stands (line, offset, size), and what it says. `marks` holds codes of findings seen in lines.
READ: dict[str, Any] = {
    "line": pl.Int64, "offset": pl.Int64, "size": pl.Int32, "number": pl.String, "kind": pl.String, "months": pl.Int32,
    "birth": pl.Date, "insurer": pl.String, "payer": pl.String, "person": pl.String, "total": pl.Int64, "unit": pl.Int16,
    "other_pays": pl.Int64, "stated": pl.Int64, "agency": pl.String, "institution": pl.String, "prescriber": pl.String,
    "marks": pl.String, "readable": pl.Boolean,
}  # fmt: skip
_SCHOOL = "学校管理下".encode(ENCODING)
_CODES = {b"SI": b"1", b"IY": b"6", b"TO": b"7"}
_STARTS = re.compile(
    rb"^(?:(?:RE|GO|" + "|".join(sorted(head_records())).encode() + rb")(?=,|\r*\n|\r*\Z)|\x1a(?=[\r\n]*$))", re.M
)
_PLAIN = re.compile(rb"(?:[A-Z0-9]{2},[^\n]*\n)+")
_INSURERS, _PAYERS = re.compile(rb"\n(HO,[^\n]*)"), re.compile(rb"\n(KO,[^\n]*)")
_TREATMENT = re.compile(rb"\n(?:SI|IY|TO),")
_TREATED = re.compile(rb"\n(SI|IY|TO),[^,\n]*,[^,\n]*,([^,\n]*),[^,\n]*,([^,\n]*),([^,\n]*),")
_CODED = re.compile(rb"^(SI|IY|TO)(?:,[^,\r\n]*)?(?:,[^,\r\n]*)?,?([^,\r\n]*)", re.M)
_HIGH = re.compile(rb"[^,\r\n]*[\xe0-\xff][^,\r\n]*")


@dataclass(slots=True)
class Piece:
    """What a piece of a file holds.

    Attributes:
        rows: one tuple a receipt, as `READ`.
        faults: everything wrong, with the line.
        lines: how many lines.
        heads: (records, total, stated records, stated total, line, offset) for each GO, and one without stated values for what
            comes after the last; `records` and `total` count what stands before it in this piece.
        institution: the head in force at the end.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0
    totals: list[tuple[int, int, int | None, int | None, int, int]] = field(default_factory=list)
    institution: Institution | None = None

    @property
    def frame(self) -> pl.DataFrame:
        """The rows as columns."""
        return pl.DataFrame(self.rows, schema=READ, orient="row")


def read_piece(
    raw: bytes, families: Mapping[str, str], *, line: int = 1, offset: int = 0, institution: Institution | None = None
) -> Piece:
    """Read whole lines of a claim file.

    Args:
        raw: the bytes; a piece begins at RE or at a head.
        families: the city's families of schemes by 公費負担者番号.
        line: number of its first line in the file.
        offset: where it begins in the file.
        institution: the head in force before it.
    """
    run = _Run(families, Piece(institution=institution), line, offset)
    places = [found.start() for found in _STARTS.finditer(raw)]
    first = places[0] if places else len(raw)
    for part in ((0, first), *zip(places, [*places[1:], len(raw)], strict=True)):
        run.part(raw[part[0] : part[1]])
    run.piece.totals.append((run.records, run.total, None, None, 0, 0))
    run.piece.lines = run.line - line
    return run.piece


class _Run:
    """The state while a piece is read."""

    def __init__(self, families: Mapping[str, str], piece: Piece, line: int, offset: int) -> None:
        self.families, self.piece, self.line, self.offset = families, piece, line, offset
        self.records = self.total = 0

    def part(self, raw: bytes) -> None:
        """Take what begins at RE, a head or an end mark and goes on to the next of them."""
        if raw[:2] == b"RE":
            self.receipt(raw)
        else:
            for line in self._lines(raw):
                self.outside(line)
        self.offset += len(raw)
        self.line += raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw))

    def _lines(self, raw: bytes) -> list[Line]:
        """Return lines as they stand in the file."""
        found = read_lines(io.BytesIO(raw))
        return [Line(self.line + one.number - 1, self.offset + one.offset, one.raw, one.record) for one in found]

    def outside(self, line: Line) -> None:
        """Take a line around the receipts."""
        if line.is_end_mark:
            return
        reader = Reader()
        reader.check_line(line)
        if line.record == "GO":
            stated = [reader.whole(line, line.cells, place) for place in (2, 3)]
            self.piece.totals.append((self.records, self.total, stated[0], stated[1], line.number, line.offset))
            self.records = self.total = 0
        elif line.record in head_records():
            self.piece.institution = read_head(reader, line, self.piece.institution)
        else:
            reader.wrong(line, 0, "", "レセプト(RE)の外にある行です。")
        self.piece.faults += reader.faults

    def receipt(self, raw: bytes) -> None:
        """Take one receipt, the short way where it is plainly right."""
        found = _short(raw) or self._long(raw)
        kind, month, birth, insurer, total, publics, prescriber, marks, readable, records, number = found
        self.records += records
        self.total += total or 0
        own = next((each for each in publics if each.payer in self.families), None)
        left = [each.share for each in publics if each.payer not in self.families and each.share is not None]
        sender = self.piece.institution
        place_code = f"{sender.prefecture}{sender.table}{sender.code}" if sender else ""
        self.piece.rows.append((
            self.line, self.offset, len(raw), number, kind, month, birth, insurer, own.payer if own else "",
            own.recipient if own else "", total, 1 if kind[:1] == "6" else 10, min(left) if left else None,
            own.share if own else None, sender.payer if sender else "", place_code, prescriber, marks, readable,
        ))  # fmt: skip

    def _long(self, raw: bytes) -> tuple[Any, ...]:
        """Read a receipt by the rules and keep what is wrong with it."""
        receipt = build_receipt(self._lines(raw), self.piece.institution)
        self.piece.faults += receipt.faults
        return _told(receipt, raw)


def _told(receipt: Receipt, raw: bytes) -> tuple[Any, ...]:
    """Return what a receipt says, in the order `_Run.receipt` takes it."""
    month = receipt.month.year * 12 + receipt.month.month - 1 if receipt.month else None
    records = sum(line.record in ("HO", "KO") for line in receipt.lines)
    try:
        notes = receipt.lines[0].text(receipt.layout.records["RE"]["notes"]) if receipt.layout else ""
    except Invalid:
        notes = ""
    strange = any(_is_strange(found[1], found[2]) for found in _CODED.finditer(raw))
    return (
        receipt.kind, month, receipt.birth, receipt.insurer, receipt.total, receipt.publics, receipt.prescriber,
        _marks(notes, raw, strange=strange), receipt.is_usable, records, receipt.number,
    )  # fmt: skip


def _marks(notes: str, raw: bytes, *, strange: bool) -> str:
    """Return the codes of findings that the lines tell by themselves: third party, school, a strange code of treatment."""
    third = "10" in [notes[at : at + 2] for at in range(0, len(notes), 2)]
    told = {"third-party": third, "school-accident": _SCHOOL in raw, "master-code": strange}
    return " ".join(code for code, so in told.items() if so)


def _is_strange(record: bytes, code: bytes) -> bool:
    """Return whether the code of a treatment, drug or material has not nine digits of its master (1, 6, 7)."""
    return not (len(code) == 9 and code.isdigit() and code[:1] == _CODES[record])


def _short(raw: bytes) -> tuple[Any, ...] | None:
    """Return what a plainly faultless receipt says, None where it must go the long way."""
    try:
        if not _PLAIN.fullmatch(raw):
            return None
        head = raw[: raw.index(b"\n")].rstrip(b"\r").split(b",")
        layout = layouts().get(head[2][:1].decode())
        return _shortest(raw, head, layout) if layout else None
    except (ValueError, IndexError, Invalid):
        return None


def _shortest(raw: bytes, head: list[bytes], layout: Layout) -> tuple[Any, ...]:
    """As `_short`; raises where anything is unusual."""
    if not raw.isascii():
        _check_encoding(raw)
    at, sums = _places(layout.table)
    insurers, payers = _INSURERS.findall(raw), _PAYERS.findall(raw)
    ho = insurers[0].rstrip(b"\r").split(b",")
    insurer, total = ho[at["insurer"] - 1].decode(ENCODING), int(_needed(ho, at["total"]))
    _whole(ho, at["days"]), _whole(ho, at["share"])
    publics = tuple(_public(each.rstrip(b"\r").split(b","), at) for each in payers)
    found, strange = _medical(raw) if layout.table == "1" else _summed(raw, sums)
    if found not in (None, total):
        raise ValueError  # a wrong sum: the rules say what is so
    notes = _cell(head, at["notes"]).decode(ENCODING)
    prescriber = _cell(head, at["prescriber"]).decode(ENCODING) if at["prescriber"] else ""
    return (
        head[2].decode(ENCODING), _month(head[3]), _day(head[at["birth"] - 1]), insurer, total, publics, prescriber,
        _marks(notes, raw, strange=strange), True, len(insurers) + len(payers), head[1].decode(ENCODING),
    )  # fmt: skip


def _medical(raw: bytes) -> tuple[int | None, bool]:
    """Return the sum of points times counts of a 医科 receipt, None where no line has points; and whether a code is strange."""
    rows = _TREATED.findall(raw)
    if len(rows) != len(_TREATMENT.findall(raw)):
        raise ValueError
    found, seen, strange = 0, False, False
    for record, code, points, times in rows:
        strange = strange or not (len(code) == 9 and code.isdigit() and code[:1] == _CODES[record])
        if points:
            count = int(times) if times.isdigit() and len(times) <= 12 else _number(times)
            found += (int(points) if points.isdigit() and len(points) <= 12 else _number(points) or 0) * count
            seen = True
    return (found if seen else None), strange


def _number(cell: bytes) -> int:
    """Return an empty count as once; anything else unusual goes the long way."""
    if cell:
        raise ValueError
    return 1


def _summed(raw: bytes, sums: Mapping[bytes, tuple[tuple[int, int], ...]]) -> tuple[int | None, bool]:
    """As `_medical`, for the other tables: by the positions of the layout."""
    found, seen, strange = 0, False, False
    for line in raw.split(b"\n"):
        record = line[:2]
        if record in _CODES:
            strange = strange or any(_is_strange(one[1], one[2]) for one in _CODED.finditer(line))
        if record not in sums:
            continue
        cells = line.rstrip(b"\r").split(b",")
        for value, times in sums[record]:
            points = _whole(cells, value)
            if points is not None:
                count = _whole(cells, times) if times else 1
                found, seen = found + points * (1 if count is None else count), True
    return (found if seen else None), strange


@lru_cache(maxsize=8)
def _places(table: str) -> tuple[dict[str, int], dict[bytes, tuple[tuple[int, int], ...]]]:
    """Return the positions that count in a table, and those of points and counts by record."""
    layout = layouts()[table]
    re, ho, ko = (layout.records[name] for name in ("RE", "HO", "KO"))
    at = {"birth": re["birth"], "notes": re["notes"], "prescriber": re.get("prescriber", 0), "share": ho["share"]}
    at |= {name: ho[name] for name in ("insurer", "days", "total")}
    at |= {f"ko_{name}": place for name, place in ko.items()}
    sums = {name.encode(): tuple((one.at, one.times) for one in places) for name, places in layout.points.items()}
    return at, sums


def _public(cells: list[bytes], at: Mapping[str, int]) -> PublicPayer:
    days, total, share = (_whole(cells, at[f"ko_{name}"]) for name in ("days", "total", "share"))
    payer, recipient = (_cell(cells, at[f"ko_{name}"]).decode(ENCODING) for name in ("payer", "recipient"))
    return PublicPayer(payer, recipient, days, total, share)


def _cell(cells: list[bytes], position: int) -> bytes:
    return cells[position - 1] if position <= len(cells) else b""


def _needed(cells: list[bytes], position: int) -> bytes:
    raw = cells[position - 1].strip()
    if not raw.isdigit() or len(raw) > 12:
        raise ValueError
    return raw


def _whole(cells: list[bytes], position: int) -> int | None:
    """Return a number, None where empty; raises where it is none."""
    raw = cells[position - 1].strip() if position <= len(cells) else b""
    return int(_needed(cells, position)) if raw else None


def _check_encoding(raw: bytes) -> None:
    """Raise ValueError where a receipt is not Shift_JIS or a value may be UTF-8."""
    raw.decode(ENCODING)
    for cell in _HIGH.findall(raw):
        try:
            cell.decode("utf-8")
        except UnicodeDecodeError:
            continue
        raise ValueError


@lru_cache(maxsize=4_096)
def _month(raw: bytes) -> int:
    month = YearMonth.parse(raw.decode(ENCODING))
    return month.year * 12 + month.month - 1


@lru_cache(maxsize=60_000)
def _day(raw: bytes) -> Any:
    return parse_date(raw.decode(ENCODING), past_end=True)
