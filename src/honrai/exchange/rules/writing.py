"""Writes records by a layout, and says of every name what the target's character set did to it (縮退)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from honrai.exchange.rules.layout import Field, Layout
from honrai.exchange.rules.values import Bad, write_value
from honrai.kernel.degrade import CP932_GAIJI, Target, degrade
from honrai.kernel.names import Gaiji


@dataclass(frozen=True)
class Loss:
    """A character that was written otherwise than registered.

    Attributes:
        row: number of the record, from 0.
        field: id of the field.
        note: position, from what to what, why.
    """

    row: int
    field: str
    note: str


@dataclass(frozen=True)
class Unwritable:
    """A value that cannot be written; its record is not in the file.

    Attributes:
        row: number of the record, from 0.
        field: id of the field.
        label: its Japanese name.
        reason: what is wrong and how to mend it.
    """

    row: int
    field: str
    label: str
    reason: str


@dataclass(frozen=True)
class Written:
    """A file: its bytes, the characters that changed, the records left out."""

    content: bytes
    losses: tuple[Loss, ...]
    left_out: tuple[Unwritable, ...]


def write_file(records: Iterable[Mapping[str, str]], layout: Layout, gaiji: Gaiji | None = None) -> Written:
    """Write records as a file of the layout.

    Args:
        records: values by field id, as `reading` gives them; a missing field is blank.
        layout: describes the file.
        gaiji: the city's own characters, to find the standard character behind one.

    Returns:
        The file. A record with a value that cannot be written, or with a character nobody has identified (要同定), is
        left out and named: nothing is cut off or replaced in silence.
    """
    losses: list[Loss] = []
    left_out: list[Unwritable] = []
    out: list[list[str]] = []
    for number, record in enumerate(records):
        cells = write_cells(record, layout, gaiji)
        wrong = [(each, cell) for each, cell in zip(layout.fields, cells, strict=True) if isinstance(cell, Bad)]
        if wrong:
            left_out += [Unwritable(number, each.id, each.label, cell.reason) for each, cell in wrong]
            continue
        losses += _losses(number, record, layout, gaiji)
        out.append([str(cell) for cell in cells])
    return Written(_encode(out, layout), tuple(losses), tuple(left_out))


def write_cells(record: Mapping[str, str], layout: Layout, gaiji: Gaiji | None = None) -> list[str | Bad]:
    """Return the texts of one record in the order of the core system's fields, `Bad` where one cannot be written."""
    return [_cell(record.get(each.id, ""), each, layout, gaiji) for each in layout.fields]


def _cell(value: str, each: Field, layout: Layout, gaiji: Gaiji | None) -> str | Bad:
    if each.kind == "change" and not value:
        value = "put"
    written = write_value(value, each)
    if isinstance(written, Bad):
        return written
    target = _target(layout)
    if target and each.kind == "text":
        result = degrade(written, target, gaiji)
        if not result.complete:
            return Bad(f"要同定の文字があります（{result.unidentified[0]}）。文字を同定してから書き出してください")
        written = result.text
    if layout.shape == "fixed":
        return _padded(written, each, layout)
    if each.kind == "text" and each.length and len(written) > each.length:
        return Bad(f"長すぎます（{each.length}文字まで）")
    return written


def _padded(text: str, each: Field, layout: Layout) -> str | Bad:
    room = each.width - len(text.encode(layout.encoding))
    if room < 0:
        return Bad(f"長すぎます（{each.width}バイトまで）")
    if each.kind == "whole" and text:
        sign = "-" if text.startswith("-") else ""
        return sign + text.removeprefix("-").rjust(each.width - len(sign), "0")
    return text + " " * room


def _target(layout: Layout) -> Target | None:
    return CP932_GAIJI if layout.encoding == "cp932" else None


def _losses(number: int, record: Mapping[str, str], layout: Layout, gaiji: Gaiji | None) -> list[Loss]:
    target = _target(layout)
    if target is None:
        return []
    return [
        Loss(number, each.id, str(note))
        for each in layout.fields
        if each.kind == "text" and record.get(each.id)
        for note in degrade(record[each.id], target, gaiji).notes
    ]


def _encode(rows: list[list[str]], layout: Layout) -> bytes:
    if layout.shape == "fixed":
        return "".join("".join(cells) + layout.newline for cells in rows).encode(layout.encoding)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=layout.newline or "\r\n")
    if layout.header != "none":
        writer.writerow([each.id if layout.header == "ids" else each.label for each in layout.fields])
    writer.writerows(rows)
    return out.getvalue().encode(layout.encoding)
