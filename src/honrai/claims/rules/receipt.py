"""One receipt (レセプト) of a claim file: its values, the lines they stand in, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from honrai.claims.rules.layouts import Layout, layouts
from honrai.claims.rules.lines import ENCODING, Line
from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.kernel.year_month import YearMonth


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a file.

    Attributes:
        line: line number from 1.
        offset: byte at which the line begins.
        record: name of the record, "" when it cannot be read.
        position: position of the value from 1; 0 for the whole line.
        field: the value's name in the layout, "" for the whole line.
        reason: Japanese sentence: what is wrong.
        fatal: the receipt cannot be used before it is mended; otherwise a remark.
    """

    line: int
    offset: int
    record: str
    position: int
    field: str
    reason: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Institution:
    """Who sent the receipts, as a file's head says: 審査支払機関, 都道府県, 点数表, 医療機関コード, 名称, 請求年月."""

    payer: str
    prefecture: str
    table: str
    code: str
    name: str
    month: str


@dataclass(frozen=True, slots=True)
class PublicPayer:
    """One 公費 (KO) of a receipt.

    Attributes:
        payer: 公費負担者番号 as written.
        recipient: 受給者番号 as written.
        days: 実日数.
        total: points of this payer (yen for 訪問看護); None where empty.
        share: what the patient pays under this payer, yen; None where empty.
    """

    payer: str
    recipient: str
    days: int | None
    total: int | None
    share: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One patient's month at one institution.

    Attributes:
        lines: its lines as they stand in the file; the first is RE.
        faults: everything wrong with it, in the order of the lines.
        institution: who sent it; None without a head before it.
        layout: the layout by which it was read; None when its 点数表 is unknown.
        number: レセプト番号 as written.
        kind: レセプト種別, four digits.
        month: month of treatment; None when unreadable.
        name: name as written.
        kana: reading, "" where the file has none.
        sex: 1 male, 2 female.
        birth: day of birth; None when unreadable.
        insurer: 保険者番号 as written; "" for public payers alone.
        symbol: 記号.
        card: 番号.
        days: 実日数 (処方箋受付回数 in 調剤).
        total: total points (yen for 訪問看護); of the first public payer where there is no insurer.
        share: 負担金額 of the insurance as written, yen.
        publics: 公費, in order.
        prescriber: code of the institution that prescribed (調剤).
    """

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    institution: Institution | None
    layout: Layout | None
    number: str
    kind: str
    month: YearMonth | None
    name: str
    kana: str
    sex: str
    birth: date | None
    insurer: str
    symbol: str
    card: str
    days: int | None
    total: int | None
    share: int | None
    publics: tuple[PublicPayer, ...]
    prescriber: str

    @property
    def offset(self) -> int:
        """Byte at which it begins in the file."""
        return self.lines[0].offset

    @property
    def size(self) -> int:
        """Length in bytes."""
        return sum(len(line.raw) for line in self.lines)

    @property
    def is_usable(self) -> bool:
        """Whether nothing fatal is wrong with it."""
        return not any(fault.fatal for fault in self.faults)


def build_receipt(lines: Sequence[Line], institution: Institution | None) -> Receipt:
    """Return the receipt that lines from RE on make; whatever cannot be read is noted as a fault, nothing raises.

    The 点数表 is the first digit of the kind (種別); the head's is used when that is unreadable.
    """
    reader = Reader()
    for line in lines:
        reader.check_line(line)
    head = lines[0]
    layout = layouts().get(head.raw[3:].partition(b",")[2][:1].decode("ascii", "replace"))
    layout = layout or (layouts().get(institution.table) if institution else None)
    if layout is None:
        reader.wrong(head, 3, "kind", "レセプト種別の1桁目(点数表)が 1・3・4・6 のどれでもありません。")
        layout_used = layouts()["1"]
    else:
        layout_used = layout
    return _assemble(reader, tuple(lines), institution, layout, layout_used)


def _assemble(
    reader: Reader, lines: tuple[Line, ...], institution: Institution | None, layout: Layout | None, used: Layout
) -> Receipt:
    """Return the receipt with the values of RE, HO and KO by the layout."""
    head, at = lines[0], used.records["RE"]
    insurers = [line for line in lines if line.record == "HO"]
    payers = [line for line in lines if line.record == "KO"]
    publics = tuple(_public(reader, line, used) for line in payers)
    insurer, ho = insurers[0] if insurers else None, used.records["HO"]
    if insurer is None and not publics:
        reader.wrong(head, 0, "", "保険者(HO)も公費(KO)もありません。")
    total = reader.number(insurer, ho, "total", needed=True) if insurer else publics[0].total if publics else None
    month, birth = reader.month(head, at["month"]), reader.day(head, at["birth"])
    values = {
        name: reader.text(head, at.get(name, 0)) for name in ("number", "kind", "name", "kana", "sex", "prescriber")
    }
    card = {name: reader.text(insurer, ho[name]) if insurer else "" for name in ("insurer", "symbol", "card")}
    days = reader.number(insurer, ho, "days") if insurer else publics[0].days if publics else None
    share = reader.number(insurer, ho, "share") if insurer else None
    if layout:
        check_total(reader, lines, layout, total)
    return Receipt(
        lines, tuple(sorted(reader.faults, key=lambda fault: (fault.line, fault.position))), institution, layout,
        month=month, birth=birth, days=days, total=total, share=share, publics=publics, **values, **card,
    )  # fmt: skip


def _public(reader: Reader, line: Line, layout: Layout) -> PublicPayer:
    at = layout.records["KO"]
    return PublicPayer(
        reader.text(line, at["payer"]),
        reader.text(line, at["recipient"]),
        reader.number(line, at, "days"),
        reader.number(line, at, "total"),
        reader.number(line, at, "share"),
    )


def check_total(reader: Reader, lines: Sequence[Line], layout: Layout, total: int | None) -> None:
    """Note a fault where the lines' points times counts do not add up to the total.

    Only the last line of a series carries its points, so empty points count nothing; an empty count is once.
    """
    found, seen = 0, False
    for line in lines:
        places = layout.points.get(line.record, ())
        cells = line.cells if places else []
        for place in places:
            points = reader.whole(line, cells, place.at)
            if points is not None:
                times = reader.whole(line, cells, place.times) if place.times else 1
                found, seen = found + points * (1 if times is None else times), True
    if seen and total is not None and found != total:
        unit = "点" if layout.unit_yen == 10 else "円"
        reason = f"明細の合計 {found:,}{unit}が合計欄の {total:,}{unit}と {abs(found - total):,}{unit}違います。"
        reader.wrong(lines[0], 0, "total", reason, fatal=layout.sure)


@lru_cache(maxsize=1_024)
def _parse_month(text: str) -> YearMonth:
    return YearMonth.parse(text)


@lru_cache(maxsize=50_000)
def _parse_day(text: str) -> date:
    return parse_date(text, past_end=True)


class Reader:
    """Reads values of lines and collects what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, line: Line, position: int, field: str, reason: str, *, fatal: bool = True) -> None:
        """Note what is wrong at one place."""
        self.faults.append(Fault(line.number, line.offset, line.record, position, field, reason, fatal))

    def check_line(self, line: Line) -> None:
        """Note a line that is no record, is cut off or is not Shift_JIS."""
        if not line.record:
            self.wrong(line, 1, "", "レコード識別(先頭の2文字)が読めません。")
        if not line.raw.endswith(b"\n"):
            self.wrong(line, 0, "", "行の終わり(改行)がありません。ファイルが途中で切れたか、行が長すぎます。")
        if not line.raw.isascii():
            self._check_encoding(line)

    def _check_encoding(self, line: Line) -> None:
        """Note bytes that are not Shift_JIS, or that are UTF-8, which would read as other characters."""
        try:
            line.raw.decode(ENCODING)
        except UnicodeDecodeError as error:
            position = line.raw[: error.start].count(b",") + 1
            self.wrong(line, position, "", "文字コードがシフトJISではありません。")
            return
        # Half-width kana (up to 0xDF) may look like UTF-8 by chance; kanji in UTF-8 have a byte from 0xE0 on.
        for position, cell in enumerate(line.cells, 1):
            if not cell.isascii() and max(cell) >= 0xE0 and _is_utf8(cell):
                self.wrong(line, position, "", "文字コードがシフトJISではありません(UTF-8で書かれています)。")

    def text(self, line: Line, position: int) -> str:
        """Return a value, "" where there is none or it cannot be read (noted by `check_line`)."""
        try:
            return line.text(position) if position else ""
        except Invalid:
            return ""

    def whole(self, line: Line, cells: list[bytes], position: int, field: str = "points") -> int | None:
        """Return a whole number, None where empty or unreadable (which is noted)."""
        raw = cells[position - 1].strip() if position <= len(cells) else b""
        if not raw:
            return None
        if raw.isdigit() and len(raw) <= 12:
            return int(raw)
        self.wrong(line, position, field, f"数字ではありません: {raw.decode(ENCODING, 'replace')[:20]}")
        return None

    def number(self, line: Line, at: Mapping[str, int], field: str, *, needed: bool = False) -> int | None:
        """Return the number of a named field; a needed one must not be empty."""
        faults = len(self.faults)
        value = self.whole(line, line.cells, at[field], field)
        if value is None and needed and len(self.faults) == faults:
            self.wrong(line, at[field], field, "値がありません。")
        return value

    def month(self, line: Line, position: int) -> YearMonth | None:
        """Return a month written 202609 or 50809 (元号)."""
        try:
            return _parse_month(line.text(position))
        except Invalid as error:
            self.wrong(line, position, "month", error.message)
            return None

    def day(self, line: Line, position: int) -> date | None:
        """Return a day written 20260901 or 5080901 (元号); a year past the end of its era is read on."""
        try:
            return _parse_day(line.text(position))
        except Invalid as error:
            self.wrong(line, position, "birth", error.message)
            return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
