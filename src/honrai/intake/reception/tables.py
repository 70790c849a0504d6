"""A file of many applications: its rows as text, which column is which question, and what a row says."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from honrai.platform.authority.api import Invalid
from honrai.procedures.api import Form

MOST_ROWS = 20_000
_MOST_LINES_OF_A_SECTION = 8
_ROW = re.compile(r"(\w+)\[(\d+)\]\.(.+)")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a column may hold: key as in the application (rows as `members[0].name`), and how people call it."""

    key: str
    label: str


def read_table(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of a CSV (UTF-8 or Shift_JIS) or xlsx file, everything as text; blank rows are left out.

    Raises:
        Invalid: neither, empty, without headings, or with too many rows.
    """
    rows = [row for row in (_sheet(content) if content.startswith(b"PK") else _csv(content)) if any(row)]
    if len(rows) < 2:
        raise Invalid("見出しの行と、申請の行が1行以上必要です")
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid(f"1つのファイルは{MOST_ROWS:,}行までです。分けて送ってください")
    headings = rows[0]
    while headings and not headings[-1]:
        headings.pop()
    return headings, rows[1:]


def questions(form: Form) -> list[Question]:
    """Return everything a column may hold."""
    found = []
    for section in form.sections:
        if not section.repeat:
            found += [Question(field.id, f"{section.title}　{field.label}") for field in section.fields]
            continue
        for index in range(min(section.repeat, _MOST_LINES_OF_A_SECTION)):
            for field in section.fields:
                part = field.id.removeprefix(section.id + ".")
                label = f"{section.title}　{index + 1}件目　{field.label}"
                found.append(Question(f"{section.id}[{index}].{part}", label))
    return found


def guess(headings: Sequence[str], form: Form) -> dict[str, str]:
    """Return which question each column holds, by its heading: key, full name, or a label no other question has."""
    known = questions(form)
    by_label: dict[str, list[str]] = {}
    for one in known:
        for name in {one.key, one.label, one.label.rpartition("　")[2], one.label.replace("　", "")}:
            by_label.setdefault(_folded(name), []).append(one.key)
    found: dict[str, str] = {}
    for heading in headings:
        keys = by_label.get(_folded(heading), [])
        if len(set(keys)) == 1 and keys[0] not in found.values():
            found[heading] = keys[0]
    return found


def answers_in(row: Sequence[str], headings: Sequence[str], mapping: Mapping[str, str], form: Form) -> dict[str, Any]:
    """Return what a row says: field id -> text, section id -> rows; choices are parted by 、."""
    values: dict[str, Any] = {}
    lines: dict[str, dict[int, dict[str, str]]] = {}
    for heading, text in zip(headings, row, strict=False):
        key = mapping.get(heading, "")
        if not key or not text:
            continue
        many = _ROW.fullmatch(key)
        if many is None:
            values[key] = text
        else:
            lines.setdefault(many[1], {}).setdefault(int(many[2]), {})[many[3]] = text
    return values | {section: [rows[at] for at in sorted(rows)] for section, rows in lines.items()}


def _folded(text: str) -> str:
    return re.sub(r"[\s　()（）]", "", text)


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp932")
        except UnicodeDecodeError as error:
            raise Invalid("文字を読めません。UTF-8かShift_JISのCSV、またはxlsxで保存してください") from error
    try:
        for row in csv.reader(StringIO(text)):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise Invalid("CSVとして読めません。表計算ソフトで開き、CSVかxlsxで保存し直してください") from error


def _sheet(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise Invalid("xlsxとして読めません。表計算ソフトで開き、保存し直してください") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
