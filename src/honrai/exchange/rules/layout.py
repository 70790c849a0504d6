"""What a layout is: a file of a core system described as data (`data/layouts/*.yaml`).

A layout names its encoding, its shape (CSV or fixed width in bytes), its fields in order, its key, and the days it holds.
Layouts of one `source` (all residents; the residents changed today) bring the same fields and are compared with one
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import yaml

Kind = Literal["text", "digits", "code", "date", "whole", "yes_no", "change", "drop"]
DateForm = Literal["iso", "yyyymmdd", "wareki7"]
KINDS = frozenset({"text", "digits", "code", "date", "whole", "yes_no", "change", "drop"})
DATE_WIDTH = {"iso": 10, "yyyymmdd": 8, "wareki7": 7}
SEPARATOR = "\x1f"
"""Parts the values of a record kept as one text; no value may hold a control character."""


class BadLayout(ValueError):
    """A layout cannot be used; the message names the layout, the field and what to mend."""


@dataclass(frozen=True)
class Field:
    """One field of a layout.

    Attributes:
        id: name in our own data.
        label: Japanese name, for people and for headings.
        kind: text, digits, code, date, whole, yes_no; `change` tells what a difference file does with the row;
            `drop` is read and thrown away (a 個人番号 box), and written empty.
        width: bytes in a fixed-width file, 0 in CSV.
        length: for digits the exact number of digits; for text the most characters in CSV; 0: not limited.
        required: blank is refused.
        codes: code in the file to meaning; for `change`: to "put" or "gone".
        form: how a date is written.
    """

    id: str
    label: str
    kind: Kind = "text"
    width: int = 0
    length: int = 0
    required: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    form: DateForm = "yyyymmdd"


@dataclass(frozen=True)
class Proof:
    """How tomorrow's extract shows that an entry landed.

    Attributes:
        source: the source whose next extract is looked at.
        key: fields of the entry that together are the key of the record there, in order.
        same: field of the entry to field of the record that must be equal.
    """

    source: str
    key: tuple[str, ...]
    same: Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """One file format from one day on.

    Attributes:
        code: name of the layout.
        title: Japanese name.
        source: what the file is an extract of; for outgoing layouts "".
        direction: "in" or "out".
        system: the core system it comes from or goes to.
        mode: "full" (all rows; what is not in it is gone) or "difference".
        encoding: Python codec: "utf-8", "utf-8-sig", "cp932" (Windows-31J with the city's 外字 in F040 to F9FC).
        shape: "csv" or "fixed" (width in bytes).
        header: what the first line holds: "none", "ids" or "labels".
        newline: "\\r\\n", "\\n" or "" (fixed width without line ends).
        effective_from: first day it holds.
        effective_to: first day it no longer holds; None: open.
        key: fields that identify a record, in order.
        fields: all fields in file order.
        gone_limit: per cent of records that may be gone from a full extract before a person must confirm.
        target: where loads are delivered (`ports.Ports.targets`); "" for sources only kept here.
        proof: how landing is proved, for outgoing layouts.
    """

    code: str
    title: str
    direction: Literal["in", "out"]
    system: str
    encoding: str
    shape: Literal["csv", "fixed"]
    effective_from: date
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    source: str = ""
    mode: Literal["full", "difference"] = "full"
    header: Literal["none", "ids", "labels"] = "none"
    newline: str = "\r\n"
    effective_to: date | None = None
    gone_limit: int = 5
    target: str = ""
    proof: Proof | None = None

    @property
    def kept(self) -> tuple[Field, ...]:
        """The fields whose values are kept: all but `change` and `drop`."""
        return tuple(each for each in self.fields if each.kind not in ("change", "drop"))

    @property
    def record_width(self) -> int:
        """Bytes of one fixed-width record without its line end."""
        return sum(each.width for each in self.fields)

    def field(self, id_: str) -> Field:
        """Return a field by its id.

        Raises:
            KeyError: there is none.
        """
        return next(each for each in self.fields if each.id == id_)


def read_layout(text: str) -> Layout:
    """Return the layout written in YAML.

    Raises:
        BadLayout: something is missing or cannot be; the message says what.
    """
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict) or not raw.get("code"):
        raise BadLayout("layout: code がありません")
    try:
        layout = _layout(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise BadLayout(f"{raw['code']}: {error!s} を確かめてください") from error
    problems = list(_problems(layout))
    if problems:
        raise BadLayout("\n".join(f"{layout.code}: {problem}" for problem in problems))
    return layout


def layout_on(layouts: Iterable[Layout], code: str, on: date) -> Layout:
    """Return the layout of a code that holds on a day.

    Raises:
        LookupError: none holds on that day.
    """
    for layout in layouts:
        if (
            layout.code == code
            and layout.effective_from <= on
            and (layout.effective_to is None or on < layout.effective_to)
        ):
            return layout
    raise LookupError(f"{on:%Y-%m-%d} に使えるレイアウト {code} がありません。適用期間を確かめてください")


def _layout(raw: Mapping[str, Any]) -> Layout:
    given = dict(raw)
    given["fields"] = tuple(_field(each) for each in raw["fields"])
    given["key"] = tuple(raw["key"])
    if raw.get("proof"):
        proof = raw["proof"]
        given["proof"] = Proof(proof["source"], tuple(proof["key"]), dict(proof["same"]))
    return Layout(**given)


def _field(raw: Mapping[str, Any]) -> Field:
    given = dict(raw)
    given["codes"] = {str(code): _meaning(meaning) for code, meaning in (raw.get("codes") or {}).items()}
    return Field(**given)


def _meaning(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problems(layout: Layout) -> Iterable[str]:
    ids = [each.id for each in layout.fields]
    if not all(isinstance(id_, str) for id_ in ids):
        yield "項目の id が文字ではありません（no, on, yes などは引用符で囲んでください）"
        return
    yield from (f"{id_} が2回あります" for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}))
    yield from (f"key の {id_} が項目にありません" for id_ in layout.key if id_ not in ids)
    if layout.direction == "in" and not layout.source:
        yield "source がありません"
    if layout.mode == "difference" and not any(each.kind == "change" for each in layout.fields):
        yield "差分のレイアウトには異動区分（kind: change）が要ります"
    if layout.proof:
        named = [*layout.proof.key, *layout.proof.same]
        yield from (f"proof の {id_} が項目にありません" for id_ in named if id_ not in ids)
    for each in layout.fields:
        yield from _field_problems(each, layout.shape)


def _field_problems(each: Field, shape: str) -> Iterable[str]:
    if each.kind not in KINDS:
        yield f"{each.id}: kind {each.kind} は使えません"
    if shape == "fixed" and each.width < 1:
        yield f"{each.id}: width（バイト数）がありません"
    if each.kind in ("code", "yes_no", "change") and not each.codes:
        yield f"{each.id}: codes がありません"
    if each.kind == "change" and not set(each.codes.values()) <= {"put", "gone"}:
        yield f"{each.id}: codes の意味は put か gone です"
    if each.kind == "yes_no" and not set(each.codes.values()) <= {"true", "false"}:
        yield f"{each.id}: codes の意味は true か false です"
    if each.kind == "date" and shape == "fixed" and each.width != DATE_WIDTH[each.form]:
        yield f"{each.id}: 日付 {each.form} の width は {DATE_WIDTH[each.form]} です"
