"""A model planned for columns: compiled once for the columns of a frame, run on as many rows as wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from honrai.engines.decision import model as m
from honrai.engines.decision.columns import values as v
from honrai.engines.decision.columns.formulas import Names, Translator
from honrai.engines.decision.columns.kinds import column, fitted
from honrai.engines.decision.columns.stages import Stages
from honrai.engines.decision.columns.tables import Setting, table_value
from honrai.engines.decision.kinds import ANYTHING, Kind
from honrai.engines.decision.program import Key, Program, Unit
from honrai.engines.feel.values import to_feel


@dataclass(frozen=True, slots=True)
class Output:
    """A result column: its name and FEEL type; numbers are integers, to be divided by 10^scale."""

    name: str
    kind: str
    scale: int = 0

    def value(self, cell: object) -> object:
        """Return a cell of the column as the value it stands for."""
        return Decimal(cell).scaleb(-self.scale) if self.kind == "number" and isinstance(cell, int) else cell


@dataclass(frozen=True, slots=True)
class Plan:
    """Decisions ready to run on columns. Make one with `plan`.

    Attributes:
        outputs: the result columns.
        stages: expressions to add to the frame, one stage after the other.
        results: the result expressions on top of the last stage.
    """

    outputs: tuple[Output, ...]
    stages: tuple[tuple[pl.Expr, ...], ...]
    results: tuple[pl.Expr, ...]

    def lazy(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return the frame of results, one row for each row of `frame`, to be joined with other lazy work."""
        for stage in self.stages:
            frame = frame.with_columns(stage)
        # Constant results take the height of the frame.
        return frame.with_columns(self.results).select(each.name for each in self.outputs)

    def run(self, frame: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
        """Return the results, one row for each row of `frame`."""
        return self.lazy(frame.lazy()).collect()


def plan(
    program: Program,
    decisions: Sequence[str],
    schema: Mapping[str, pl.DataType],
    *,
    parameters: Mapping[str, object] | None = None,
) -> Plan:
    """Plan decisions for frames with these columns.

    Args:
        program: the prepared model.
        decisions: names of the decisions wanted.
        schema: the columns of the frame by input name: integers, Decimal, String, Boolean, Date, Datetime, Struct.
            A column with the name of a decision replaces its result, as a fact of that name does for one case.
        parameters: the dated parameters, the same for every row.

    Raises:
        ColumnsError: an input has no column, or a part cannot run exactly; the message names decision, line and reason.
    """
    feel = None if parameters is None else {name: to_feel(value) for name, value in parameters.items()}
    planner = _Planner(program, schema, Translator(feel, Stages()), feel)
    results: list[tuple[str, v.Value]] = []
    for name in decisions:
        results.extend(_flat(name, planner.value(program.unit(name))))
    outputs = tuple(Output(name, value.kind, value.scale) for name, value in results)
    exprs = tuple((v.wide(x) if x.kind == "number" else x.expr).alias(name) for name, x in results)
    return Plan(outputs, tuple(planner.translator.stages.stages), exprs)


def _flat(name: str, value: v.Value) -> Iterator[tuple[str, v.Value]]:
    if value.kind != "context":
        yield name, value
    for entry, inner in value.fields:
        yield from _flat(f"{name}.{entry}", inner)


class _Planner:
    """Works out the column of each element once, in the order of requirements."""

    def __init__(
        self,
        program: Program,
        schema: Mapping[str, pl.DataType],
        translator: Translator,
        parameters: Mapping[str, object] | None,
    ) -> None:
        self.program, self.schema, self.translator, self.parameters = program, schema, translator, parameters
        self.known: dict[Key, v.Value] = {}
        self.inside: list[str] = []

    def value(self, unit: Unit) -> v.Value:
        """Return the column of a decision or input, with those it needs made first."""
        for key in self._needed(unit):
            needed = self.program.units[key]
            if key not in self.known and isinstance(needed.element, m.Decision | m.InputData):
                self.known[key] = self._stored(self._made(needed))
        return self.known[unit.key]

    def _given(self, unit: Unit) -> bool:
        """Say whether the frame holds the result of a decision of the model: it is then taken, not worked out."""
        return isinstance(unit.element, m.Decision) and unit.model is self.program.model and unit.name in self.schema

    def _needed(self, unit: Unit) -> list[Key]:
        """Return what an element rests on in order, without what stands only behind results that are given."""
        found: dict[Key, None] = {}

        def visit(key: Key) -> None:
            at = self.program.units[key]
            for each, _ in () if self._given(at) else at.needs:
                if each not in found:
                    visit(each)
            found[key] = None

        visit(unit.key)
        return list(found)

    def _made(self, unit: Unit) -> v.Value:
        with _naming(unit):
            if isinstance(unit.element, m.InputData) or self._given(unit):
                return fitted(self._input(unit), unit.kind, self.translator)
            assert isinstance(unit.element, m.Decision), "only decisions and inputs become columns"
            self.translator.functions = self._functions(unit)
            value = self._logic(unit, unit.element.logic, self._names(unit))
            return fitted(value, unit.kind, self.translator)

    def _input(self, unit: Unit) -> v.Value:
        dtype = self.schema.get(unit.name)
        if dtype is None:
            raise v.refuse(f"入力「{unit.name}」の列がありません。", "同じ名前の列を足してください。")
        return column(pl.col(unit.name), dtype, unit.name)

    def _stored(self, value: v.Value) -> v.Value:
        """Keep the column, or the columns of a context, so that they are computed once."""
        if value.kind == "context":
            fields = tuple((name, self._stored(each)) for name, each in value.fields)
            return replace(value, fields=fields)
        if value.kind == "null":
            return value
        return replace(value, expr=self.translator.stages.keep([value.expr])[0])

    def _names(self, unit: Unit) -> dict[str, v.Value]:
        names: dict[str, v.Value] = {}
        imported: dict[str, list[tuple[str, v.Value]]] = {}
        for key, alias in unit.needs:
            if key not in self.known:
                continue
            needed = self.program.units[key]
            if alias:
                imported.setdefault(alias, []).append((needed.name, self.known[key]))
            else:
                names[needed.name] = self.known[key]
        for alias, fields in imported.items():
            names[alias] = v.Value("context", pl.lit(None), fields=tuple(fields))
        return names

    def _functions(self, unit: Unit) -> dict[str, Callable[[list[v.Value], tuple[str, ...] | None], v.Value]]:
        found = {}
        for key, alias in unit.needs:
            needed = self.program.units[key]
            if isinstance(needed.element, m.BusinessKnowledge) and not alias:
                found[needed.name] = self._inlined(needed)
        return found

    def _inlined(self, unit: Unit) -> Callable[[list[v.Value], tuple[str, ...] | None], v.Value]:
        """Return a knowledge model as a function of columns: its logic is put in place of the call."""

        def call(values: list[v.Value], names: tuple[str, ...] | None) -> v.Value:
            assert isinstance(unit.element, m.BusinessKnowledge), "only knowledge models are called"
            function = unit.element.function
            if function is None or function.kind != "FEEL" or unit.name in self.inside:
                raise v.refuse(f"関数「{unit.name}」は列では計算できません。")
            parameters = [each.name for each in function.parameters]
            if len(values) != len(parameters) or (names and set(names) != set(parameters)):
                raise v.refuse(f"関数「{unit.name}」の引数が合いません。")
            given = dict(zip(names or parameters, values, strict=True))
            before, self.translator.functions = self.translator.functions, self._functions(unit)
            self.inside.append(unit.name)
            compiler = self.program.compilers[unit.model.namespace]
            for each in function.parameters:
                given[each.name] = fitted(given[each.name], compiler.kinds.find(each.type_ref), self.translator)
            value = self._logic(unit, function.body, given)
            self.inside.pop()
            self.translator.functions = before
            return fitted(value, compiler.kinds.find(function.type_ref), self.translator)

        return call

    def _logic(self, unit: Unit, node: m.Expression | None, names: Names) -> v.Value:
        if node is None:
            return v.NULL
        compiler = self.program.compilers[unit.model.namespace]
        value = self._expression(unit, node, names)
        return fitted(value, compiler.kinds.find(node.type_ref), self.translator)

    def _expression(self, unit: Unit, node: m.Expression, names: Names) -> v.Value:
        compiler = self.program.compilers[unit.model.namespace]
        if isinstance(node, m.LiteralExpression):
            formula = compiler.formula(node, dict.fromkeys(names, ANYTHING))
            return self.translator.value(formula.ast, names) if formula else v.NULL
        if isinstance(node, m.DecisionTable):
            table = next(table for _, table in compiler.tables if table.node is node)
            kinds: list[Kind] = [compiler.kinds.find(each.type_ref) for each in node.outputs]
            return table_value(table, kinds, Setting(self.translator, names, self.parameters))
        if isinstance(node, m.Conditional):
            test = self._logic(unit, node.test, names)
            then, otherwise = self._logic(unit, node.then, names), self._logic(unit, node.otherwise, names)
            if test.kind not in ("boolean", "null"):
                return v.NULL
            return v.choose([test.expr.cast(pl.Boolean)], [then], otherwise, "条件式の結果")
        if isinstance(node, m.Context):
            return self._context(unit, node, names)
        raise v.refuse(f"「{type(node).__name__}」の式は列では計算できません。")

    def _context(self, unit: Unit, node: m.Context, names: Names) -> v.Value:
        compiler = self.program.compilers[unit.model.namespace]
        fields: list[tuple[str, v.Value]] = []
        for entry in node.entries:
            value = self._logic(unit, entry.value, {**names, **dict(fields)})
            if entry.variable is None:
                return value
            value = fitted(value, compiler.kinds.find(entry.variable.type_ref), self.translator)
            fields.append((entry.variable.name, value))
        return v.Value("context", pl.lit(None), fields=tuple(fields))


@contextmanager
def _naming(unit: Unit) -> Iterator[None]:
    """Say in which element of which file something cannot run on columns."""
    try:
        yield
    except v.ColumnsError as error:
        if error.element:
            raise
        element = unit.element
        raise v.ColumnsError(
            error.problem, error.remedy, file=unit.model.file, line=element.line, element=f"「{unit.name}」"
        ) from None
