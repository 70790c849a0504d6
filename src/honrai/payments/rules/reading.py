"""Read a bank file: every good record, and for every bad one the line, the position, the field, why and what to do.

A file with problems is never half taken: `BankFile.problems` must be empty before anything is booked from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from honrai.payments.rules.banks import Adapter, standard
from honrai.payments.rules.dates import nearest_day
from honrai.payments.rules.framing import split_records
from honrai.payments.rules.layout import PARTS, Layout, Part, Values, layouts
from honrai.payments.rules.problems import FieldError, Problem
from honrai.payments.rules.records import decode_record, problem_at
from honrai.payments.rules.totals import Duplicate, Purpose, Totals, duplicates, totals_of
from honrai.payments.rules.writing import Header, duplicate_problems, result_in_request


@dataclass(frozen=True, slots=True)
class Row:
    """One good data record.

    Attributes:
        line: number of the record in the file, from 1 (the header is 1).
        values: its values by field id.
    """

    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class BankFile:
    """What was read.

    Attributes:
        header: the first record; None when it could not be read.
        rows: the good data records.
        totals: what the good records add up to.
        duplicates: records with one key.
        problems: everything wrong; empty means the file may be used.
    """

    header: Header | None
    rows: tuple[Row, ...]
    totals: Totals
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Piece:
    """One record as read."""

    line: int
    part: Part
    values: dict[str, str | int]
    bad: bool


def read_file(
    content: bytes, today: date, adapter: Adapter | None = None, purpose: Purpose = Purpose.REQUEST
) -> BankFile:
    """Read a file of any layout we know; the header's 種別コード chooses it.

    Args:
        content: the whole file, records with CR LF or none.
        today: the header's day is the one nearest to it.
        adapter: the bank's wishes; None means the narrowest reading of the standard.
        purpose: whether it is a request or a result.
    """
    adapter = adapter or standard()
    records, problems = split_records(content)
    layout = _find_layout(records, problems)
    if layout is None:
        return BankFile(None, (), Totals(), (), tuple(problems))
    pieces = list(_pieces(layout, records, adapter, problems))
    problems += _order(pieces)
    header = _header(layout, pieces, today, problems)
    rows = tuple(Row(p.line, p.values) for p in pieces if p.part == "data" and not p.bad)
    totals = totals_of((row.values for row in rows), purpose)
    if not any(problem.code in ("length", "record") for problem in problems):
        problems += _trailer(layout, pieces, purpose)
    if layout.results and purpose is Purpose.REQUEST:
        problems += [result_in_request(row.line) for row in rows if row.values["result"] not in ("", "0")]
    if layout.results and purpose is Purpose.RESULT:
        problems += [_no_result(row.line) for row in rows if row.values["result"] == ""]
    twice = duplicates(layout, [(row.line, row.values) for row in rows])
    problems += duplicate_problems(layout, twice)
    problems.sort(key=lambda problem: (problem.line, problem.position))
    return BankFile(header, rows, totals, twice, tuple(problems))


def _find_layout(records: Sequence[tuple[int, bytes]], problems: list[Problem]) -> Layout | None:
    """Return the layout the first record names, or note why there is none."""
    if not records:
        return None
    line, first = records[0]
    kind = first[1:3].decode("ascii", "replace")
    if line == 1 and first[:1] == b"1" and kind in layouts():
        return layouts()[kind]
    if first[:1] == b"\xf1":
        reason, remedy = "EBCDICのファイルです。", "JISコードで送り直すよう金融機関に頼んでください。"
    else:
        known = "、".join(layouts())
        reason = "ヘッダーレコードと種別コードを読めません。"
        remedy = f"先頭の3文字が 1 と {known} のどれかであるファイルを受け取ってください。"
    problems.append(Problem(1, 1, "種別コード", "kind", reason, remedy))
    return None


def _pieces(
    layout: Layout, records: Sequence[tuple[int, bytes]], adapter: Adapter, problems: list[Problem]
) -> Iterator[_Piece]:
    """Read each record by its データ区分."""
    for line, raw in records:
        part = PARTS.get(raw[:1].decode("ascii", "replace"))
        if part is None:
            remedy = "データ区分を1・2・8・9のどれかに直したファイルを受け取ってください。"
            problems.append(Problem(line, 1, "データ区分", "record", "データ区分が分かりません。", remedy))
            continue
        values, found = decode_record(layout, part, raw, adapter, line)
        problems += found
        yield _Piece(line, part, values, bool(found))


def _order(pieces: Sequence[_Piece]) -> list[Problem]:
    """Say which records are missing or stand in the wrong place: 1, then 2 at least once, 8, 9."""
    problems: list[Problem] = []
    rank = {part: n for n, part in enumerate(PARTS.values())}
    for before, piece in pairwise(pieces):
        step = rank[piece.part] - rank[before.part]
        if step < 0 or (step == 0 and piece.part != "data"):
            remedy = "1(ヘッダー)、2(データ)、8(トレーラー)、9(エンド)の順に1組だけのファイルにしてください。"
            problems.append(Problem(piece.line, 1, "データ区分", "order", "レコードの順が違います。", remedy))
    names = {"data": "データ", "trailer": "トレーラー", "end": "エンド"}
    for part in names.keys() - {piece.part for piece in pieces}:
        remedy = "途中で切れていないか、送り元で確かめてください。"
        problems.append(Problem(0, 0, "", "missing-record", f"{names[part]}レコードがありません。", remedy))
    return problems


def _header(layout: Layout, pieces: Sequence[_Piece], today: date, problems: list[Problem]) -> Header | None:
    """Return the header with its day, or note why not."""
    if not pieces or pieces[0].part != "header" or pieces[0].bad:
        return None
    values = {id: str(value) for id, value in pieces[0].values.items() if id not in ("record", "encoding")}
    text = values.pop("day")
    try:
        return Header(**values, day=nearest_day(text, today))
    except FieldError as error:
        field = next(f for f in layout.records["header"] if f.id == "day")
        problems.append(problem_at(pieces[0].line, field, error))
        return None


def _trailer(layout: Layout, pieces: Sequence[_Piece], purpose: Purpose) -> list[Problem]:
    """Compare the trailer with the data records; sums only when every record could be read."""
    data = [p for p in pieces if p.part == "data"]
    found = next((p for p in pieces if p.part == "trailer" and not p.bad), None)
    if found is None:
        return []
    readable = not any(p.bad for p in data)
    sums = totals_of((p.values for p in data), purpose).values() if readable else {"count": len(data)}
    remedy = "送り元に合計の合うファイルを求めてください。明細だけを直して使ってはいけません。"
    return [
        Problem(
            found.line,
            field.start,
            field.label,
            "total",
            f"トレーラーは{found.values[field.id]:,}、明細の合計は{sums[field.id]:,}です。",
            remedy,
        )
        for field in layout.records["trailer"]
        if field.id in sums and sums[field.id] != found.values[field.id]
    ]


def _no_result(line: int) -> Problem:
    """Return the problem of a result without its code."""
    remedy = "依頼のファイルを結果として読もうとしていないか確かめてください。"
    return Problem(line, 112, "振替結果コード", "no-result", "結果が入っていません。", remedy)
