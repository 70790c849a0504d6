"""What a bank file is: records of 120 bytes described as data (`data/layouts/*.yaml`).

A file is one header (1), its data records (2), one trailer (8) with the totals and one end record (9). Where next:
`banks` for what one bank wants differently, `writing` and `reading` for the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

RECORD = 120
DATA = Path(__file__).parents[1] / "data"
Kind = Literal["digits", "number", "text", "filler"]
Part = Literal["header", "data", "trailer", "end"]
PARTS: Mapping[str, Part] = {"1": "header", "2": "data", "8": "trailer", "9": "end"}
Values = Mapping[str, str | int]
"""A record by field id: codes and names as text, counts and amounts (whole yen) as numbers."""


class BadLayout(ValueError):
    """A layout cannot be used; the message names the layout and what to mend."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes:
        id: name in our own data.
        label: the Japanese name in the standard.
        kind: `digits` (N, a code whose zeros count), `number` (N, a count or yen), `text` (C), `filler` (ダミー).
        width: bytes.
        start: first position in the record, from 1.
        required: must be given; a required number is more than 0.
        exact: as many digits as the width, never filled up.
        blank: spaces may stand instead of digits.
        const: the only value.
        codes: the only values; empty: any.
        alphabet: which of a bank's alphabets its text is written in.
    """

    id: str
    label: str
    kind: Kind
    width: int
    start: int = 0
    required: bool = False
    exact: bool = False
    blank: bool = False
    const: str = ""
    codes: tuple[str, ...] = ()
    alphabet: str = "party"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Fields of the data record that are one other field when a mark is set (識別表示 Y: EDI情報).

    Attributes:
        mark: id of the field that holds the mark.
        value: the mark.
        instead_of: ids of the fields it takes the place of.
        field: the field that stands there instead.
    """

    mark: str
    value: str
    instead_of: tuple[str, ...]
    field: Field


@dataclass(frozen=True)
class Layout:
    """One layout of the standard.

    Attributes:
        code: our name for it: debit, transfer, salary.
        title: Japanese name.
        kinds: 種別コード to its name.
        source: where the layout is published.
        confirm: what to ask the bank before the first file (要確認).
        records: fields of header, data, trailer and end.
        key: fields that identify a data record.
        key_unique: two records with one key cannot be told apart in the result, so they are refused.
        results: a bank sends the file back with a result in each record.
        overlay: fields that change their meaning with a mark.
    """

    code: str
    title: str
    kinds: Mapping[str, str]
    source: str
    confirm: tuple[str, ...]
    records: Mapping[Part, tuple[Field, ...]]
    key: tuple[str, ...]
    key_unique: bool = False
    results: bool = False
    overlay: Overlay | None = None
    _overlaid: tuple[Field, ...] = field(default=(), repr=False)

    def fields(self, part: Part, mark: str = "") -> tuple[Field, ...]:
        """Return the fields of a record; `mark` is the value of the overlay's mark in it."""
        if part == "data" and self.overlay and mark == self.overlay.value:
            return self._overlaid
        return self.records[part]

    def mark_field(self) -> Field | None:
        """Return the field whose value decides between the two forms of the data record."""
        overlay = self.overlay
        return next((f for f in self.records["data"] if overlay and f.id == overlay.mark), None)

    def key_of(self, values: Values) -> tuple[str | int, ...]:
        """Return what identifies a data record, digits in full width of the field: (顧客番号, 金額) for a debit."""
        widths = {f.id: f.width for f in self.records["data"] if f.kind == "digits"}
        return tuple(str(values[id]).zfill(widths[id]) if id in widths else values[id] for id in self.key)


def load_layout(text: str) -> Layout:
    """Read one layout from YAML and check it: 120 bytes a record, no id twice, every key field there.

    Raises:
        BadLayout: what is wrong.
    """
    raw: dict[str, Any] = yaml.safe_load(text)
    code = str(raw.get("code"))
    records = {part: _placed(code, part, raw[part]) for part in PARTS.values()}
    overlay = _overlay(code, records["data"], raw["overlay"]) if "overlay" in raw else None
    layout = Layout(
        code=code,
        title=raw["title"],
        kinds=raw["kinds"],
        source=raw["source"],
        confirm=tuple(raw["confirm"]),
        records=records,
        key=tuple(raw["key"]),
        key_unique=raw["key_unique"],
        results=raw.get("results", False),
        overlay=overlay,
        _overlaid=_with_overlay(records["data"], overlay) if overlay else (),
    )
    if missing := set(layout.key) - {f.id for f in records["data"]}:
        raise BadLayout(f"{code}: key に data にない項目があります: {', '.join(sorted(missing))}")
    return layout


def _placed(code: str, part: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Return the fields of one record with their positions."""
    placed: list[Field] = []
    start = 1
    for row in rows:
        placed.append(Field(**{**row, "start": start, "codes": tuple(row.get("codes", ()))}))
        start += placed[-1].width
    if start - 1 != RECORD:
        raise BadLayout(f"{code}: {part} は {start - 1} バイトです。{RECORD} バイトになるように幅を直してください。")
    ids = [f.id for f in placed]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise BadLayout(f"{code}: {part} に同じ項目が2つあります: {', '.join(sorted(twice))}")
    return tuple(placed)


def _overlay(code: str, data: tuple[Field, ...], raw: Mapping[str, Any]) -> Overlay:
    """Return the overlay placed where the first field it replaces stands."""
    replaced = [f for f in data if f.id in raw["instead_of"]]
    if sum(f.width for f in replaced) != raw["field"]["width"]:
        raise BadLayout(f"{code}: overlay の幅が置き換える項目の幅と違います。")
    field_ = Field(**raw["field"], start=replaced[0].start)
    return Overlay(raw["mark"], raw["value"], tuple(raw["instead_of"]), field_)


def _with_overlay(data: tuple[Field, ...], overlay: Overlay) -> tuple[Field, ...]:
    """Return the data record with the overlay in the place of what it replaces."""
    first, *rest = overlay.instead_of
    return tuple(replace(overlay.field) if f.id == first else f for f in data if f.id not in rest)


@cache
def layouts() -> Mapping[str, Layout]:
    """Return the layouts we bring, by 種別コード: 21, 91, 11, 12, 71, 72."""
    loaded = [load_layout(path.read_text("utf-8")) for path in sorted((DATA / "layouts").glob("*.yaml"))]
    return {kind: layout for layout in loaded for kind in layout.kinds}
