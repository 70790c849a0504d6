"""Decision tables on columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import polars as pl

from honrai.engines.decision.columns import values as v
from honrai.engines.decision.columns.formulas import Names, Translator
from honrai.engines.decision.columns.kinds import fitted
from honrai.engines.decision.kinds import Kind
from honrai.engines.decision.proof.boxes import overlaps
from honrai.engines.decision.proof.grid import make_grid
from honrai.engines.decision.tables import Table


@dataclass(frozen=True, slots=True)
class Setting:
    """What a table is translated with: how to read formulas, the columns they may name, and `p`."""

    translator: Translator
    names: Names
    parameters: Mapping[str, object] | None


def table_value(table: Table, kinds: list[Kind], setting: Setting) -> v.Value:
    """Return the result column of a table; `kinds` are the declared types of its outputs.

    Raises:
        ColumnsError: the hit policy gives lists, or a part cannot run on columns.
    """
    return _Columns(table, kinds, setting).result()


class _Columns:
    """One table being translated.

    Every comparison of a column with a constant is made once, whatever rows use it; rows are then bits put together, and
    the row that counts is a small number that picks the results.
    """

    def __init__(self, table: Table, kinds: list[Kind], setting: Setting) -> None:
        self.table, self.kinds = table, kinds
        self.translator, self.names, self.parameters = setting.translator, setting.names, setting.parameters
        self.keep = setting.translator.stages.keep
        self.what = "表の結果"
        self.allowed: pl.Expr | None = None
        self.matches = self._matches()

    def result(self) -> v.Value:
        """Return the result: one column, or a context of columns."""
        node = self.table.node
        if node.hit_policy in ("RULE ORDER", "OUTPUT ORDER") or (
            node.hit_policy == "COLLECT" and node.aggregation is None
        ):
            raise v.refuse(f"{node.hit_policy} の表は結果がリストになるため、列では計算できません。")
        found = [self._output(number) for number in range(len(node.outputs))]
        if len(found) == 1:
            return found[0]
        names = [each or "" for each in self.table.names]
        return v.Value("context", pl.lit(None), fields=tuple(zip(names, found, strict=True)))

    def _matches(self) -> list[pl.Expr]:
        """Return by row where it matches: true or false, never null."""
        columns = self._inputs()
        self.translator.share()
        refused = []
        for column, value in zip(self.table.columns, columns, strict=True):
            if column.allowed is not None and column.allowed.ast.tests:
                passes = self.translator.tests(column.allowed.ast, value, self.names)
                refused.append(passes.fill_null(False) | value.expr.is_null())
        rows = []
        for line in self.table.lines:
            cells = [self.translator.tests(cell.ast, columns[number], self.names) for number, cell in line.cells]
            rows.append(reduce(and_, cells) if cells else pl.lit(True))
        self.translator.keep_shared()
        kept = self.keep([*(each.fill_null(False) for each in rows), *refused])
        self.allowed = pl.all_horizontal(kept[len(rows) :]) if refused else None
        return kept[: len(rows)]

    def _inputs(self) -> list[v.Value]:
        values = []
        for column in self.table.columns:
            if column.formula is None:
                raise v.refuse("条件の列の式が読めません。")
            value = self.translator.value(column.formula.ast, self.names)
            values.append(fitted(value, column.typed, self.translator))
        kept = self.keep([each.expr for each in values])
        return [replace(each, expr=expr) for each, expr in zip(values, kept, strict=True)]

    def _rows(self, number: int) -> list[v.Value]:
        """Return one output of each row."""
        found = []
        for line in self.table.lines:
            formula = line.formulas[number]
            value = self.translator.value(formula.ast, self.names) if formula else v.NULL
            found.append(fitted(value, self.kinds[number], self.translator))
        return found

    def _output(self, number: int) -> v.Value:
        rows = self._rows(number)
        default = self._default(number)
        if self.table.node.aggregation is not None:
            found = _AGGREGATIONS[self.table.node.aggregation](self, rows)
            counted = self.table.node.aggregation == "COUNT" and self.table.default is None
            value = found if counted else v.choose([pl.any_horizontal(self.matches)], [found], default, self.what)
        else:
            value = v.pick(self.row, rows, default, self.what)
        return value if self.allowed is None else v.choose([self.allowed], [value], v.NULL, self.what)

    @cached_property
    def row(self) -> pl.Expr:
        """The number of the row that counts: 0 and up; -1 where none matches, null where rows contradict each other."""
        order = self._priority() if self.table.node.hit_policy == "PRIORITY" else range(len(self.matches))
        chain: Any = pl
        for row in order:
            chain = chain.when(self.matches[row]).then(pl.lit(row, pl.Int16))
        found = chain.otherwise(pl.lit(-1, pl.Int16)) if self.matches else pl.lit(-1, pl.Int16)
        if self.table.node.hit_policy in ("UNIQUE", "ANY") and not self._apart():
            found = pl.when(~self._contradicting()).then(found)
        return self.keep([found])[0]

    def _default(self, number: int) -> v.Value:
        formula = self.table.default_formulas[number]
        return self.translator.value(formula.ast, self.names) if formula else v.NULL

    def _apart(self) -> bool:
        """Tell whether it is proved that no two rows ever meet, null included."""
        grid = make_grid(self.table, self.parameters, every_null=True)
        return not grid.refused and next(iter(overlaps(grid.boxes)), None) is None

    def _contradicting(self) -> pl.Expr:
        """Return where rows that contradict each other match together."""
        groups: dict[object, list[pl.Expr]] = {}
        for number, match in enumerate(self.matches):
            groups.setdefault(self._group(number), []).append(match)
        seen, twice = pl.lit(False), pl.lit(False)
        for members in groups.values():
            some = reduce(or_, members)
            seen, twice = seen | some, twice | (seen & some)
        return twice

    def _group(self, number: int) -> object:
        """Return what rows that may match together share: under ANY their constant results, else nothing."""
        if self.table.node.hit_policy != "ANY":
            return number
        results = []
        for formula in self.table.lines[number].formulas:
            if formula is None or not self.translator.is_constant(formula.ast, self.names):
                raise v.refuse("ANY の表で結果が定数でない行は、列では食い違いを確かめられません。")
            results.append(self.translator.constant(formula.ast))
        return repr([each.normalize() if isinstance(each, Decimal) else each for each in results])

    def _priority(self) -> list[int]:
        ranks = make_grid(self.table, self.parameters).ranks
        if ranks is None:
            raise v.refuse("PRIORITY の表で結果が定数でない行があるため、列では順位が決まりません。")
        return sorted(range(len(ranks)), key=ranks.__getitem__)

    def sum(self, rows: list[v.Value]) -> v.Value:
        """Return the sum of the matching rows; null where one of them is null."""
        total = v.constant(Decimal(0))
        for match, row in zip(self.matches, self._numbers(rows), strict=True):
            part = v.choose([match], [row], v.constant(Decimal(0)), self.what)
            total = v.add(total, part, "合計")
        return total

    def count(self, rows: list[v.Value]) -> v.Value:
        """Return the number of matching rows."""
        counts = [each.cast(pl.UInt16) for each in self.matches]
        return v.number(pl.sum_horizontal(counts).cast(pl.Int64), 0, 0, len(counts), "件数")

    def least(self, rows: list[v.Value]) -> v.Value:
        """Return the least of the matching rows."""
        return self._extreme(rows, pl.min_horizontal)

    def greatest(self, rows: list[v.Value]) -> v.Value:
        """Return the greatest of the matching rows."""
        return self._extreme(rows, pl.max_horizontal)

    def _extreme(self, rows: list[v.Value], pick: object) -> v.Value:
        numbers = self._numbers(rows)
        parts = [pl.when(match).then(v.wide(row)) for match, row in zip(self.matches, numbers, strict=True)]
        unknown = [match & row.expr.is_null() for match, row in zip(self.matches, numbers, strict=True)]
        found = pl.when(~pl.any_horizontal(unknown)).then(pick(parts))  # type: ignore[operator]
        low, high = min(each.low for each in numbers), max(each.high for each in numbers)
        return v.number(found, numbers[0].scale, low, high, self.what)

    def _numbers(self, rows: list[v.Value]) -> list[v.Value]:
        if any(each.kind not in ("number", "null") for each in rows):
            raise v.refuse("集計する表の結果に、数でないものがあります。")
        unknown = v.Value("number", pl.lit(None, pl.Int64))
        return v.same_kind([unknown if each.kind == "null" else each for each in rows], self.what)


_AGGREGATIONS = {"SUM": _Columns.sum, "COUNT": _Columns.count, "MIN": _Columns.least, "MAX": _Columns.greatest}
