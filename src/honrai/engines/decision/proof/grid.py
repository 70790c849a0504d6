"""A decision table as boxes over the atoms of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from honrai.engines.decision.formula import Cell
from honrai.engines.decision.proof import boxes as b
from honrai.engines.decision.proof.axis import Axis, show
from honrai.engines.decision.proof.cells import Constants, NotProvable, conjuncts, make_axis, mask_of, step_of
from honrai.engines.decision.run import Run
from honrai.engines.decision.tables import Column, Table
from honrai.engines.feel import nodes as n
from honrai.engines.feel.nodes import names_used
from honrai.engines.feel.types import ANY

MOST_STEPS = 50_000_000


@dataclass(frozen=True, slots=True)
class Example:
    """One value of a smallest witness: the column and what stands in it."""

    column: str
    value: object

    def __str__(self) -> str:
        return f"{self.column} {show(self.value)}"


@dataclass(slots=True)
class Grid:
    """The columns that test something, each with its atoms, and the rules as boxes (None: no value fits).

    Attributes:
        labels: the input expression of each column.
        axes: the atoms of each column.
        boxes: one for each rule, over the columns in order.
        refused: why the table cannot be proved: line and reason.
    """

    table: Table
    labels: list[str] = field(default_factory=list)
    axes: list[Axis] = field(default_factory=list)
    boxes: list[b.Box | None] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    ranks: list[tuple[int, ...]] | None = None

    @property
    def region(self) -> b.Box:
        """All cases of the declared domains."""
        return tuple(axis.domain for axis in self.axes)

    def example(self, case: b.Box) -> tuple[Example, ...]:
        """Return a case in values."""
        parts = zip(self.labels, self.axes, case, strict=True)
        return tuple(Example(label, axis.sample(mask.bit_length() - 1)) for label, axis, mask in parts)

    def words(self, box: b.Box) -> tuple[str, ...]:
        """Return a box in words, without the columns it does not limit."""
        parts = zip(self.labels, self.axes, box, strict=True)
        return tuple(f"{label}: {axis.describe(mask)}" for label, axis, mask in parts if mask != axis.domain)

    def masking(self, number: int) -> list[int]:
        """Return the rules that are taken before rule `number` wherever they apply; none for policies without order."""
        policy = self.table.node.hit_policy
        if policy == "FIRST":
            return [each for each in range(number) if self.boxes[each] is not None]
        if policy == "PRIORITY" and self.ranks is not None:
            own = self.ranks[number]
            return [each for each, rank in enumerate(self.ranks) if rank < own and self.boxes[each] is not None]
        return []


def make_grid(table: Table, parameters: Mapping[str, object] | None, *, every_null: bool = False) -> Grid:
    """Return the table as boxes; `refused` says what keeps it from being proved; `every_null` adds null to each column."""
    grid = Grid(table)
    constants = Constants(Run.start(steps=MOST_STEPS), parameters)
    masks: list[list[int]] = []
    for label, columns in _columns(table):
        cells = [[cell for column, cell in line.cells if column in columns] for line in table.lines]
        if not any(cells):
            continue
        try:
            axis = _axis(
                [table.columns[each] for each in columns], [c for each in cells for c in each], constants, every_null
            )
            masks.append([_mask(each, axis, constants) for each in cells])
        except NotProvable as error:
            grid.refused.append((table.columns[columns[0]].line, f"列「{label}」は、{error}"))
            continue
        grid.labels.append(label)
        grid.axes.append(axis)
    if not grid.refused:
        boxes = zip(*masks, strict=True) if masks else [()] * len(table.lines)
        grid.boxes = [box if all(box) else None for box in boxes]
        grid.ranks = _ranks(table, constants)
    return grid


def _columns(table: Table) -> list[tuple[str, list[int]]]:
    """Return the columns by their input expression; the same expression twice is one column."""
    found: dict[str, list[int]] = {}
    for number, clause in enumerate(table.node.inputs):
        found.setdefault(" ".join((clause.expression.text or "").split()), []).append(number)
    return list(found.items())


def _axis(columns: list[Column], cells: list[Cell], constants: Constants, every_null: bool) -> Axis:
    limits = [limit.cell for column in columns for limit in column.limits]
    kind = next((column.kind.feel for column in columns if column.kind.feel != ANY), ANY)
    if kind == ANY:
        raise NotProvable("型が宣言されていないため、証明できません（typeRef を書いてください）")
    steps = [step_of(part) for cell in limits for test in cell.ast.tests for part in conjuncts(test)]
    found = [each for cell in (*limits, *cells) for each in _constants(cell, constants)]
    enumeration = next((names for names in map(partial(_enumeration, constants), limits) if names is not None), None)
    axis = make_axis(
        kind.name,
        found,
        step=max((each for each in steps if each), default=None),
        enumeration=enumeration,
        null=every_null or None in found,
    )
    null = 0 if axis.null is None else 1 << axis.null
    for cell in limits:
        axis.domain &= mask_of(cell, axis, constants) | (null if every_null else 0)
    return axis


def _constants(cell: Cell, constants: Constants) -> list[object]:
    try:
        return list(constants.of(cell.ast))
    except NotProvable as error:
        raise NotProvable(f"{cell.line}行目のセル「{cell.text}」が{error}") from None


def _enumeration(constants: Constants, cell: Cell) -> list[object] | None:
    """Return the strings of an allowed value list such as `"A", "B"`, None for any other condition."""
    if cell.ast.negated or any("?" in names_used(test) for test in cell.ast.tests):
        return None
    if any(isinstance(test, n.Comparison | n.RangeLiteral) for test in cell.ast.tests):
        return None
    values = [constants.value(test) for test in cell.ast.tests]
    values = [each for value in values for each in (value if isinstance(value, list) else [value])]
    named = [each for each in values if each is not None]
    return named if all(isinstance(each, str) for each in named) else None


def _mask(cells: list[Cell], axis: Axis, constants: Constants) -> int:
    mask = axis.domain
    for cell in cells:
        mask &= mask_of(cell, axis, constants)
    return mask


def _ranks(table: Table, constants: Constants) -> list[tuple[int, ...]] | None:
    """Return the priority of each rule, best first; None where results are not constants."""
    if table.node.hit_policy != "PRIORITY":
        return None
    ranks = []
    for line in table.lines:
        if not all(formula is None or not (names_used(formula.ast) - {"p"}) for formula in line.formulas):
            return None
        values = [code(dict(constants.scope), constants.run) for code in line.outputs]
        ranks.append(tuple(order(value, constants.run) for order, value in zip(table.orders, values, strict=True)))
    return ranks
