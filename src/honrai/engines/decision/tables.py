"""Decision tables: which rules match, and what their hit policy makes of them (DMN 1.5, chapter 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from honrai.engines.decision import model as m
from honrai.engines.decision.formula import Cell, Formula
from honrai.engines.decision.kinds import ANYTHING, Kind, Limit, Names, kind_of
from honrai.engines.decision.run import Code, Run, Scope
from honrai.engines.feel.comparing import equal, less
from honrai.engines.feel.values import CONTEXT

if TYPE_CHECKING:
    from honrai.engines.decision.logic import Compiler


@dataclass(frozen=True, slots=True)
class Column:
    """A column of conditions: how to get the value, and what it may be.

    `typed` is the type of the clause; `kind` and `limits` are all that is declared about the value, here or at its name.
    """

    value: Code
    allowed: Cell | None
    line: int
    formula: Formula | None
    typed: Kind
    kind: Kind
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: the cells that test something, by column, and the results."""

    cells: tuple[tuple[int, Cell], ...]
    outputs: tuple[Code, ...]
    formulas: tuple[Formula | None, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a table found for one case.

    Attributes:
        values: the value of each column.
        matching: all rules that match (for FIRST the first), numbered from 0.
        used: the rules the result comes from, in the order they count.
        result: the result.
        refused: the column whose value is not among its allowed values; then no rule was tried.
    """

    values: tuple[object, ...]
    matching: tuple[int, ...]
    used: tuple[int, ...]
    result: object
    refused: int | None = None


class Table:
    """A compiled decision table."""

    def __init__(
        self,
        node: m.DecisionTable,
        columns: list[Column],
        lines: list[Line],
        orders: list[Order],
        default_formulas: list[Formula | None],
    ) -> None:
        self.node, self.columns, self.lines = node, columns, lines
        self.orders, self.default = orders, _default(node, default_formulas)
        self.default_formulas = default_formulas
        self.names = [each.name or "" for each in node.outputs]
        # Only these stop at the first match: the others must see every rule.
        self._first = node.hit_policy == "FIRST"
        self._finish = _POLICIES[node.hit_policy]

    def decide(self, scope: Scope, run: Run) -> object:
        """Return the result of the table for the names in `scope`."""
        inner = dict(scope)
        values = [column.value(scope, run) for column in self.columns]
        refused = self.refused(values, inner, run)
        matching = self.matching(values, inner, run) if refused is None else []
        used, result = self.settle(matching, scope, run) if refused is None else ([], None)
        if run.trace is not None:
            run.trace.table(self, Hits(tuple(values), tuple(matching), tuple(used), result, refused), scope, run)
        return result

    def refused(self, values: list[object], scope: Scope, run: Run) -> int | None:
        """Return the first column whose value is not among its allowed values, None where all are."""
        for number, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            if column.allowed is not None and value is not None and column.allowed.test(value, scope, run) is not True:
                run.note(column.line, "条件の値が、列の許される値の中にありません。")
                return number
        return None

    def matching(self, values: list[object], scope: Scope, run: Run) -> list[int]:
        """Return the numbers of the matching rules, from 0; only the first for FIRST."""
        found = []
        for number, line in enumerate(self.lines):
            for column, cell in line.cells:
                if cell.test(values[column], scope, run) is not True:
                    break
            else:
                found.append(number)
                if self._first:
                    break
        return found

    def settle(self, matching: list[int], scope: Scope, run: Run) -> tuple[list[int], object]:
        """Return the rules the result comes from, and the result."""
        if matching:
            return self._finish(self, matching, scope, run)
        return [], self.default(scope, run) if self.default else self.nothing()

    def nothing(self) -> object:
        """Return the result when no rule matches and no default is given: no list entries, no count, else null."""
        if _gives_list(self.node):
            return []
        return Decimal(0) if self.node.aggregation == "COUNT" else None

    def output(self, number: int, scope: Scope, run: Run) -> object:
        """Return the result of one rule: a value, or a context for several columns."""
        codes = self.lines[number].outputs
        if len(codes) == 1:
            return codes[0](scope, run)
        return {name: code(scope, run) for name, code in zip(self.names, codes, strict=True)}

    def ranked(self, matching: list[int], scope: Scope, run: Run) -> list[tuple[int, object]]:
        """Return rules and results in the order of the output values, ties in rule order."""
        found = [(number, self.output(number, scope, run)) for number in matching]

        def rank(pair: tuple[int, object]) -> tuple[int, ...]:
            values = [pair[1]] if len(self.names) == 1 else [pair[1][name] for name in self.names]  # type: ignore[index]
            return tuple(order(value, run) for order, value in zip(self.orders, values, strict=True))

        return sorted(found, key=rank)


Order = Callable[[object, Run], int]


def compile_table(compiler: Compiler, node: m.DecisionTable, names: Names) -> Table:
    """Return the compiled table."""
    columns = [_column(compiler, each, names) for each in node.inputs]
    kinds = [compiler.kind(each.type_ref, each) for each in node.outputs]
    lines = [_line(compiler, each, names, columns, kinds) for each in node.rules]
    orders = [_order(compiler, each, names) for each in node.outputs]
    defaults = [compiler.formula(each.default, names) if each.default else None for each in node.outputs]
    return Table(node, columns, lines, orders, defaults)


def _column(compiler: Compiler, clause: m.InputClause, names: Names) -> Column:
    formula = compiler.formula(clause.expression, names)
    declared = compiler.kind(clause.expression.type_ref, clause.expression)
    code = compiler.typed(formula.value, declared, clause.expression.line) if formula else nothing
    allowed = compiler.cell(clause.values, names) if clause.values and clause.values.text else None
    found = kind_of(formula.ast, names) if formula else ANYTHING
    limits = (*found.limits, *declared.limits, *([Limit(allowed)] if allowed else []))
    kind = found if declared is ANYTHING else declared
    return Column(code, allowed, clause.expression.line, formula, declared, kind, limits)


def nothing(scope: Scope, run: Run) -> object:
    """Return null: the code of an expression that is missing or cannot be read."""
    return None


def _line(compiler: Compiler, rule: m.Rule, names: Names, columns: list[Column], kinds: list[Kind]) -> Line:
    cells = []
    for column, tests in enumerate(rule.inputs):
        if tests.text.strip() not in ("", "-"):
            cells.append((column, compiler.cell(tests, names, columns[column].kind)))
    outputs, formulas = [], []
    for kind, cell in zip(kinds, rule.outputs, strict=True):
        formula = compiler.formula(cell, names)
        formulas.append(formula)
        outputs.append(compiler.typed(formula.value if formula else nothing, kind, cell.line))
    return Line(tuple(cells), tuple(outputs), tuple(formulas))


def _default(node: m.DecisionTable, formulas: list[Formula | None]) -> Code | None:
    """Return the result when no rule matches: the default entries; None where no column has one."""
    if not any(formulas):
        return None
    codes = {each.name or "": f.value if f else nothing for each, f in zip(node.outputs, formulas, strict=True)}
    if len(codes) == 1:
        single = next(iter(codes.values()))
        return lambda scope, run: _shape(node, single(scope, run))
    return lambda scope, run: _shape(node, {name: code(scope, run) for name, code in codes.items()})


def _shape(node: m.DecisionTable, value: object) -> object:
    """Return a default in the shape of the other results: a list for the policies that give lists."""
    return [value] if _gives_list(node) and not isinstance(value, list) else value


def _gives_list(node: m.DecisionTable) -> bool:
    return node.hit_policy in ("RULE ORDER", "OUTPUT ORDER") or (
        node.hit_policy == "COLLECT" and node.aggregation is None
    )


def _order(compiler: Compiler, clause: m.OutputClause, names: Names) -> Order:
    """Return the rank of a value among the output values, the first being best; unknown ones come last."""
    if clause.values is None or not clause.values.text:
        return lambda value, run: 0
    cell = compiler.cell(clause.values, names)

    def rank(value: object, run: Run) -> int:
        for place, each in enumerate(cell.parts):
            if each.test(value, {}, run) is True:
                return place
        return len(cell.parts)

    return rank


Settled = tuple[list[int], object]


def _unique(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    if len(matching) > 1:
        rows = "・".join(str(number + 1) for number in matching)
        run.note(table.node.line, f"UNIQUE の表で {rows} 行目が同時に当てはまります。")
        return matching, None
    return matching, table.output(matching[0], scope, run)


def _first(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    return matching[:1], table.output(matching[0], scope, run)


def _any(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    results = [table.output(number, scope, run) for number in matching]
    if all(equal(each, results[0]) is True for each in results):
        return matching, results[0]
    rows = "・".join(str(number + 1) for number in matching)
    run.note(table.node.line, f"ANY の表で {rows} 行目の結果が食い違います。")
    return matching, None


def _priority(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    best = table.ranked(matching, scope, run)[0]
    return [best[0]], best[1]


def _output_order(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    ranked = table.ranked(matching, scope, run)
    return [number for number, _ in ranked], [value for _, value in ranked]


def _collect(table: Table, matching: list[int], scope: Scope, run: Run) -> Settled:
    results = [table.output(number, scope, run) for number in matching]
    if table.node.aggregation is None:
        return matching, results
    return matching, _AGGREGATIONS[table.node.aggregation](results, table, run)


def _sum(results: list[object], table: Table, run: Run) -> object:
    total = Decimal(0)
    for each in results:
        if not isinstance(each, Decimal):
            run.note(table.node.line, "数でない結果は合計できません。")
            return None
        total = CONTEXT.add(total, each)
    return total


def _count(results: list[object], table: Table, run: Run) -> object:
    return Decimal(len(results))


def _least(results: list[object], table: Table, run: Run) -> object:
    return _extreme(results, table, run, lambda best, each: less(each, best))


def _greatest(results: list[object], table: Table, run: Run) -> object:
    return _extreme(results, table, run, less)


def _extreme(results: list[object], table: Table, run: Run, better: Callable[[object, object], bool | None]) -> object:
    best = results[0]
    for each in results[1:]:
        found = better(best, each)
        if found is None:
            run.note(table.node.line, "比べられない結果の最小・最大は決まりません。")
            return None
        best = each if found else best
    return best


_AGGREGATIONS: dict[str, Callable[[list[object], Table, Run], object]] = {
    "SUM": _sum,
    "COUNT": _count,
    "MIN": _least,
    "MAX": _greatest,
}
_POLICIES: dict[str, Callable[[Table, list[int], Scope, Run], Settled]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "COLLECT": _collect,
    "RULE ORDER": _collect,
    "OUTPUT ORDER": _output_order,
}
