"""Reads a file by its layout: chunks of records ready for the database, and every line that was refused.

Cells are read column by column and each distinct text of a column once, so that a million rows take seconds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from struct import Struct
from typing import NamedTuple

from honrai.exchange.rules.layout import SEPARATOR, Field, Layout
from honrai.exchange.rules.values import Bad, Reader, reader

CHUNK = 20_000
Line = tuple[int, Sequence[str] | Sequence[bytes]]
"""A line of a file: its number from 1, its cells as they stand there."""
_REMEMBERED = 100_000
_SHOWN = 40


class UnreadableFile(ValueError):
    """The whole file cannot be read by the layout; the message says where and what to do."""


class Row(NamedTuple):
    """One record read.

    Attributes:
        line: line of the file, from 1.
        key: the key fields' values, parted by "-".
        change: "put" or "gone" (difference files), "put" in full extracts.
        content: values of `Layout.kept` in order, parted by `SEPARATOR`.
    """

    line: int
    key: str
    change: str
    content: str


@dataclass(frozen=True)
class Refused:
    """One cell (or line, with field "") that was refused; the line is not taken.

    Attributes:
        line: line of the file, from 1.
        field: id of the field.
        label: its Japanese name.
        reason: what is wrong and how to mend it.
        value: what stood there, shortened.
        key: the record's key where it could be read, else "".
    """

    line: int
    field: str
    label: str
    reason: str
    value: str
    key: str = ""


@dataclass
class Chunk:
    """Some thousand lines: rows taken, cells refused, lines looked at."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    lines: int = 0


def read_file(content: bytes, layout: Layout) -> Iterator[Chunk]:
    """Read a file chunk by chunk.

    Args:
        content: the bytes of the file.
        layout: describes it.

    Raises:
        UnreadableFile: the heading or the record length is another one, or quotes do not match.
    """
    return map(Columns(layout).read, batches_of(content, layout))


def batches_of(content: bytes, layout: Layout) -> Iterator[list[Line]]:
    """Cut a file into lines and cells, `CHUNK` lines at a time, for `Columns.read`.

    Raises:
        UnreadableFile: as `read_file`.
    """
    lines = _csv_lines(content, layout) if layout.shape == "csv" else _fixed_lines(content, layout)
    return iter(lambda: list(islice(lines, CHUNK)), [])


def values_of(content: str, fields: Sequence[str]) -> dict[str, str]:
    """Return the values of a record kept as one text, by field id."""
    return dict(zip(fields, content.split(SEPARATOR), strict=True))


def _csv_lines(content: bytes, layout: Layout) -> Iterator[Line]:
    text = content.decode(layout.encoding, errors="surrogateescape")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if layout.header != "none":
            _check_heading(next(rows, []), layout)
        last = rows.line_num
        for row in rows:
            line, last = last + 1, rows.line_num
            if row:
                yield line, row
    except csv.Error as error:
        raise UnreadableFile(
            f"{rows.line_num}行目が読めません（引用符か区切りの誤り）。作り直したファイルを選んでください"
        ) from error


def _check_heading(found: Sequence[str], layout: Layout) -> None:
    wanted = [each.id if layout.header == "ids" else each.label for each in layout.fields]
    if list(found) != wanted:
        first = next((n for n, name in enumerate(wanted) if n >= len(found) or found[n] != name), len(wanted))
        expected = wanted[first] if first < len(wanted) else "（なし）"
        raise UnreadableFile(
            f"見出しが「{layout.title}」と違います。{first + 1}列目は「{expected}」のはずです。"
            "ファイルとレイアウトの組合せを確かめてください"
        )


def _fixed_lines(content: bytes, layout: Layout) -> Iterator[Line]:
    width, newline = layout.record_width, layout.newline.encode()
    body = content[:-1] if content.endswith(b"\x1a") else content
    if body and not body.endswith(newline):
        body += newline
    if len(body) % (width + len(newline)):
        raise UnreadableFile(
            f"ファイルの長さが1件{width}バイトの倍数ではありません。ファイルとレイアウトの組合せを確かめてください"
        )
    cut = Struct("".join(f"{each.width}s" for each in layout.fields) + f"{len(newline)}s")
    for number, cells in enumerate(cut.iter_unpack(body), start=1):
        if cells[-1] != newline:
            raise UnreadableFile(f"{number}行目の長さが{width}バイトではありません。レイアウトを確かめてください")
        yield number, cells[:-1]


def _text(raw: str | bytes, encoding: str) -> str:
    """Return a cell as text; one of a fixed-width file is decoded here, each distinct one once."""
    return raw if isinstance(raw, str) else raw.decode(encoding, errors="surrogateescape").rstrip(" \u3000")


class Columns:
    """Reads batches of lines; remembers what each column's texts became, and the keys seen."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._memory = [_Memory(each, layout.encoding) for each in layout.fields]
        kept = {each.id for each in layout.kept}
        order = [each.id for each in layout.fields]
        self._kept = [n for n, id_ in enumerate(order) if id_ in kept]
        self._key = [order.index(id_) for id_ in layout.key]
        self._change = next((n for n, each in enumerate(layout.fields) if each.kind == "change"), None)
        self._seen: set[str] = set()

    def read(self, batch: Sequence[Line]) -> Chunk:
        """Return what the lines hold; the order of calls is the order of the file."""
        chunk = Chunk(lines=len(batch))
        width = len(self._layout.fields)
        whole = [(line, cells) for line, cells in batch if len(cells) == width]
        if len(whole) < len(batch):
            chunk.refused += [_wrong_count(line, cells, width) for line, cells in batch if len(cells) != width]
        if not whole:
            return chunk
        texts = zip(*(cells for _, cells in whole), strict=True)
        columns = [memory.read(column) for memory, column in zip(self._memory, texts, strict=True)]
        bad = self._bad(columns)
        contents = map(SEPARATOR.join, zip(*(columns[n] for n in self._kept), strict=True))
        keys = list(map("-".join, zip(*(columns[n] for n in self._key), strict=True)))
        changes = columns[self._change] if self._change is not None else ["put"] * len(whole)
        for n, field_number, reason in bad:
            chunk.refused.append(self._refusal(whole[n], field_number, reason, keys[n]))
        rows = list(map(Row, (line for line, _ in whole), keys, changes, contents))
        if bad:
            places = {n for n, _, _ in bad}
            rows = [row for n, row in enumerate(rows) if n not in places]
        self._take(rows, chunk)
        return chunk

    def _bad(self, columns: list[list[str]]) -> list[tuple[int, int, str]]:
        """Return row, field and reason of every refused cell; put "" in the cells."""
        found: list[tuple[int, int, str]] = []
        for number, (memory, column) in enumerate(zip(self._memory, columns, strict=True)):
            if not memory.bad:
                continue
            for n, value in enumerate(column):
                if isinstance(value, Bad):
                    found.append((n, number, value.reason))
                    column[n] = ""
        return found

    def _refusal(self, line: Line, number: int, reason: str, key: str) -> Refused:
        each = self._layout.fields[number]
        shown = "" if each.kind == "drop" else _printable(_text(line[1][number], self._layout.encoding)[:_SHOWN])
        return Refused(line[0], each.id, each.label, reason, shown, key if key.strip("-") else "")

    def _take(self, rows: list[Row], chunk: Chunk) -> None:
        """Take rows whose key is there and new; looked at all at once first, for most files hold no other."""
        keys = {row.key for row in rows}
        if len(keys) == len(rows) and keys.isdisjoint(self._seen) and all(key.strip("-") for key in keys):
            self._seen |= keys
            chunk.rows = rows
            return
        for row in rows:
            self._take_one(row, chunk)

    def _take_one(self, row: Row, chunk: Chunk) -> None:
        if not row.key.strip("-"):
            chunk.refused.append(Refused(row.line, self._layout.key[0], "番号", "番号（キー）が空です", ""))
        elif row.key in self._seen:
            reason = "同じ番号（キー）の行が前にもあります。1件にまとめてください"
            chunk.refused.append(Refused(row.line, self._layout.key[0], "番号", reason, row.key[:_SHOWN], row.key))
        else:
            self._seen.add(row.key)
            chunk.rows.append(row)


class _Memory:
    """What the texts of one column became."""

    def __init__(self, each: Field, encoding: str) -> None:
        self._read: Reader = reader(each)
        self._encoding = encoding
        self._known: dict[str | bytes, str | Bad] = {}
        self._exact_digits = each.length if each.kind == "digits" else 0
        self.bad = False

    def read(self, texts: Sequence[str | bytes]) -> list[str]:
        """Return the values of a column; refused ones stand in it as `Bad`."""
        if plain := self._all_plain_digits(texts):
            return plain
        if len(self._known) > _REMEMBERED:
            self._known = {}
        fresh = {text: self._read(_text(text, self._encoding)) for text in set(texts).difference(self._known)}
        self.bad = self.bad or any(isinstance(value, Bad) for value in fresh.values())
        self._known.update(fresh)
        known = self._known
        return [known[text] for text in texts]  # type: ignore[misc]

    def _all_plain_digits(self, texts: Sequence[str | bytes]) -> list[str] | None:
        """Return a column of numbers that are all as they must be, looked at as one text; None where one is not."""
        if self._exact_digits and isinstance(texts[0], bytes):
            whole = b"".join(texts)  # type: ignore[arg-type]
            if whole.isdigit() and set(map(len, texts)) == {self._exact_digits}:
                return [text.decode("ascii") for text in texts]  # type: ignore[union-attr]
        return None


def _wrong_count(line: int, cells: Sequence[str] | Sequence[bytes], width: int) -> Refused:
    return Refused(line, "", "行全体", f"項目の数が違います（{width}のところ{len(cells)}）", "")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
