"""What a pack proposes for a whole roll of people at once: the tables on columns, with the answer one case would get.

The decisions run on columns (`engines.decision.columns`). A decision whose formula columns cannot hold exactly is worked out
once for each distinct set of what it reads. What the proposal itself reads takes few distinct values however long the roll is,
so each of these ways is proposed once, with its explanation, by the very code that serves one case.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from honrai.engines.decision import model as dmn
from honrai.engines.decision.api import columns
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.program import Program
from honrai.procedures.rules.contexts import case_values, context, read_fact
from honrai.procedures.rules.model import Fact, Pack
from honrai.procedures.rules.proposing import Proposal, needed_facts, propose
from honrai.procedures.rules.tables import program, used_names, work_out_all

_TYPES: Mapping[str, Any] = {
    "date_era": pl.Date,
    "date": pl.Date,
    "yen": pl.Int64,
    "whole": pl.Int64,
    "yes_no": pl.Boolean,
    "consent": pl.Boolean,
}
#: The most digits a number may have, so that columns can prove that sums and products stay exact.
_DIGITS: Mapping[str, Any] = {"yen": pl.Decimal(13, 0), "whole": pl.Decimal(4, 0)}
_AS_RECEIVED = ("case.received", "case.basis")
Told = Callable[[str, int, int], None]


class ColumnsDifferError(Exception):
    """Columns and one case disagree: nothing of the roll may be used. The message names the first difference."""


@dataclass(frozen=True)
class Roll:
    """A roll of people judged.

    Attributes:
        frame: the rows given and, by name, the value of every decision that has one plain value; `way` leads to `ways`.
        ways: the proposals that occur, each with its explanation from the first person it holds for.
        counted_singly: decisions that columns could not hold and that were worked out for each distinct set of facts.
        compared: how many people were also judged one by one, with the same answer.
    """

    frame: pl.DataFrame
    ways: tuple[Proposal, ...]
    counted_singly: tuple[str, ...]
    compared: int


def column_type(kind: str) -> Any:
    """Return the type a column of a field or fact of this kind has."""
    return _TYPES.get(kind, pl.String)


def propose_all(
    pack: Pack, rows: pl.DataFrame, received: date, *, sample: int = 200, seed: int = 0, told: Told | None = None
) -> Roll:
    """Return what the pack proposes for every row.

    Args:
        pack: the version in force; its proposal uses the parameters of the day of arrival.
        rows: one row a person; columns by id of field, fact and attachment (`attached.<id>`), typed as `column_type` says,
            a repeated section as a list of structs. What is not known is null, a name without a column is not known.
        received: the day taken as the day of arrival (基準日).
        sample: how many rows, drawn with `seed`, are judged one by one as well; the first row of every way always is.
        seed: what the sample is drawn with.
        told: told how far it is: what, done, of how many.

    Raises:
        ColumnsDifferError: columns and one case disagree.
        NoProposalError: no row of the table applies; the pack has a gap.
        Invalid: a parameter has no value on the day.
    """
    work = _Work(pack, rows, received, told or (lambda stage, done, total: None))
    work.decide()
    ways = work.ways()
    compared = work.compare(ways, _drawn(rows.height, sample, seed))
    return Roll(work.frame, tuple(ways), tuple(work.singly), compared + len(ways))


class _Work:
    """One roll on its way: `frame` holds the rows and, more and more, the decisions."""

    def __init__(self, pack: Pack, rows: pl.DataFrame, received: date, told: Told) -> None:
        self.pack, self.received, self.told = pack, received, told
        self.ready: Program = program(pack.decisions)
        self.used = used_names(pack.decisions)
        self.parameters = pack.parameters.at(received)
        self.singly: list[str] = []
        self.given = [name for name in rows.columns if name != "way"]
        self.leaves = sorted({name for names in self.used.values() for name in names if self._leaf(name)})
        self.frame = rows.with_columns(self._declared(rows))
        self.blank = context(pack, {}, {}, case_values(received, ""))
        self.inputs = self._structs()

    def _leaf(self, name: str) -> bool:
        return name not in self.used and not name.startswith("p.") and name != "p"

    def _declared(self, rows: pl.DataFrame) -> list[pl.Expr]:
        """Return the columns the rules read that the rows lack, and the facts with what the pack assumes."""
        facts = {fact.id: fact for fact in self.pack.facts}
        fields = {entry.id: entry for entry in self.pack.form.fields if not entry.many}
        made: list[pl.Expr] = []
        for name in self.leaves:
            if name in facts:
                made.append(_fact(facts[name], name in rows.columns))
            elif name in fields and name not in rows.columns:
                made.append(pl.lit(None, dtype=column_type(fields[name].type)).alias(name))
            elif name.startswith("attached.") and name not in rows.columns:
                made.append(pl.lit(value=False).alias(name))
            elif name.startswith("case.") and name not in rows.columns:
                value = case_values(self.received, "").get(name.removeprefix("case."))
                dtype = pl.String if name == "case.channel" else pl.Date
                made.append(pl.lit(value, dtype=dtype).alias(name))
        return made

    def _structs(self) -> list[pl.Expr]:
        """Return the inputs of the model as columns: every declared name, null where no rule reads it."""
        tree: dict[str, Any] = {
            group: dict.fromkeys(inner)
            for group, inner in self.blank.items()
            if isinstance(inner, dict) and group != "p"
        }
        kinds = {entry.id: entry.type for entry in self.pack.form.fields}
        kinds |= {fact.id: fact.type for fact in self.pack.facts}
        for name in self.leaves:
            if "." in name and name in self.frame.columns:
                _put(tree, name, pl.col(name).cast(_DIGITS.get(kinds.get(name, ""), self.frame.schema[name])))
        return [*(_struct(group, inner) for group, inner in tree.items()), _struct("p", self.parameters)]

    def decide(self) -> None:
        """Add every decision but the proposal, each after those it rests on."""
        names = self._in_order()
        for done, name in enumerate(names):
            self.told("判断表の計算", done, len(names))
            if not self._on_columns(name):
                self._singly(name)

    def _in_order(self) -> list[str]:
        proposal = self.ready.unit(self.pack.identity.proposal).name
        ordered: dict[str, None] = {}
        for decision in self.ready.model.decisions:
            for key in self.ready.order(self.ready.unit(decision.name)):
                unit = self.ready.units[key]
                if isinstance(unit.element, dmn.Decision) and unit.name != proposal:
                    ordered[unit.name] = None
        return list(ordered)

    def _on_columns(self, name: str) -> bool:
        basis = self.ready.model.decision(name).basis
        if basis and basis not in _AS_RECEIVED:
            return False
        known = [each for each in self.used if each in self.frame.columns]
        seen = self.frame.select(*self.inputs, *known)
        try:
            plan = columns(self.ready, [name], seen.schema, parameters=self.parameters)
        except DecisionError:
            return False
        if len(plan.outputs) != 1 or plan.outputs[0].scale:
            return False
        self.frame = self.frame.with_columns(plan.run(seen))
        return True

    def _singly(self, name: str) -> None:
        """Work a decision out once for each distinct set of what it reads."""
        reads = self._reads(name)
        values: list[Any] = []
        places = _places(self.frame.select(reads), lambda row: values.append(self._one(name, row)))
        if any(isinstance(value, list | dict) for value in values):
            return  # not a plain value: those that read it are worked out with it
        self.singly.append(name)
        column = pl.Series(name, values, dtype=_type_of(values))
        self.frame = self.frame.with_columns(column.gather(pl.Series(places, dtype=pl.UInt32)))

    def _reads(self, name: str) -> list[str]:
        """Return the columns a decision rests on: those of its own names, or of what stands behind them."""
        found: dict[str, None] = {}
        for used in sorted(self.used.get(name, ())):
            if used in self.frame.columns:
                found[used] = None
            elif used in self.used:
                found |= dict.fromkeys(self._reads(used))
        return list(found)

    def _one(self, name: str, row: Mapping[str, Any]) -> Any:
        seen = {group: dict(inner) if isinstance(inner, dict) else inner for group, inner in self.blank.items()}
        for each, value in row.items():
            if each in self.used:
                seen[each] = value
            else:
                _put(seen, each, value)
        basis = self.ready.model.decision(name).basis
        if basis and basis not in _AS_RECEIVED and isinstance(row.get(basis), date):
            parameters = self.pack.parameters.at(row[basis])
        else:
            parameters = self.parameters
        return work_out_all(self.ready, [name], {**seen, "p": parameters}, parameters)[name]

    def ways(self) -> list[Proposal]:
        """Propose once for each distinct set of what the proposal reads and of what is not known; number the rows by it."""
        unknown = [pl.col(fact.id).is_null().alias(f"?{fact.id}") for fact in needed_facts(self.pack)]
        reads = self._reads(self.ready.unit(self.pack.identity.proposal).name)
        places = _places(self.frame.select(*reads, *unknown), lambda row: None)
        firsts = _firsts(places)
        self.frame = self.frame.with_columns(pl.Series("way", places, dtype=pl.UInt32))
        made = []
        for done, index in enumerate(firsts):
            self.told("理由の組み立て", done, len(firsts))
            made.append(self._propose(index))
            self._same(index, made[-1], made[-1])
        return made

    def _propose(self, index: int) -> Proposal:
        row = self.frame.row(index, named=True)
        facts = {fact.id: row[fact.id] for fact in self.pack.facts if row.get(fact.id) is not None}
        known = {entry.id for entry in self.pack.form.fields} | {
            one.id for one in self.pack.form.sections if one.repeat
        }
        values = {name: _raw(row[name]) for name in self.given if name in known and row[name] is not None}
        attached = [name.removeprefix("attached.") for name in self.given if name.startswith("attached.") and row[name]]
        channel = row.get("case.channel") or ""
        return propose(self.pack, values, facts, self.received, channel=channel, attached=attached)

    def compare(self, ways: Sequence[Proposal], drawn: Iterable[int]) -> int:
        """Judge the drawn rows one by one and return how many; any difference ends the work."""
        count = 0
        for index in drawn:
            self._same(index, self._propose(index), ways[self.frame["way"][index]])
            count += 1
        return count

    def _same(self, index: int, single: Proposal, way: Proposal) -> None:
        """Raise where one case and its columns disagree."""
        if (single.outcome, single.reasons, single.missing) != (way.outcome, way.reasons, way.missing):
            raise ColumnsDifferError(
                f"{index + 1}行目: 一件の判断「{single.outcome}」と列の判断「{way.outcome}」が違います"
            )
        row = self.frame.row(index, named=True)
        for name, value in single.results.items():
            if name in row and row[name] != value:
                raise ColumnsDifferError(
                    f"{index + 1}行目「{name}」: 一件の判断 {value} と列の判断 {row[name]} が違います"
                )


def with_results(way: Proposal, row: Mapping[str, Any]) -> Proposal:
    """Return the proposal of one person of a way: its results are the person's own."""
    return replace(way, results={name: row.get(name, value) for name, value in way.results.items()})


def _fact(fact: Fact, known: bool) -> pl.Expr:
    dtype = column_type(fact.type)
    column = pl.col(fact.id).cast(dtype) if known else pl.lit(None, dtype=dtype)
    if fact.unknown == "assume":
        column = column.fill_null(pl.lit(read_fact(fact, fact.assumed), dtype=dtype))
    return column.alias(fact.id)


def _put(tree: dict[str, Any], name: str, value: Any) -> None:
    *groups, last = name.split(".")
    for group in groups:
        tree = tree.setdefault(group, {})
    tree[last] = value


def _struct(name: str, inner: Any) -> pl.Expr:
    if isinstance(inner, Mapping):
        return pl.struct([_struct(each, value) for each, value in inner.items()]).alias(name)
    if isinstance(inner, pl.Expr):
        return inner.alias(name)
    if isinstance(inner, int | Decimal) and not isinstance(inner, bool):
        exact = Decimal(inner)
        places = max(0, -int(exact.as_tuple().exponent))
        return pl.lit(exact, dtype=pl.Decimal(len(exact.as_tuple().digits) + places, places)).alias(name)
    return pl.lit(inner).alias(name)


def _places(frame: pl.DataFrame, first: Callable[[Mapping[str, Any]], object]) -> list[int]:
    """Return for each row the number of its distinct content, and hand over each distinct row once, in order."""
    found: dict[Any, int] = {}
    places = []
    for row in frame.iter_rows():
        key = repr(row) if any(isinstance(cell, list | dict) for cell in row) else row
        if key not in found:
            found[key] = len(found)
            first(dict(zip(frame.columns, row, strict=True)))
        places.append(found[key])
    return places


def _firsts(places: Sequence[int]) -> list[int]:
    """Return the index of the first row of each number."""
    found: list[int] = []
    for index, place in enumerate(places):
        if place == len(found):
            found.append(index)
    return found


def _raw(value: Any) -> Any:
    """Return a cell as an answer of a form."""
    if isinstance(value, list):
        return [{name: _raw(each) for name, each in row.items() if each is not None} for row in value]
    return value.isoformat() if isinstance(value, date) else value


def _type_of(values: Iterable[Any]) -> Any:
    kinds = {type(value) for value in values} - {type(None)}
    for kind, dtype in ((str, pl.String), (bool, pl.Boolean), (date, pl.Date), (Decimal, pl.Decimal(38, 10))):
        if kind in kinds:
            return dtype
    return pl.Int64 if kinds else pl.Null


def _drawn(height: int, sample: int, seed: int) -> list[int]:
    chooser = random.Random(seed)  # noqa: S311  (a sample to check by, drawn again with the same seed)
    return sorted(chooser.sample(range(height), min(sample, height)))
