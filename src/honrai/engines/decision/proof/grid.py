"""A decision table as boxes over the atoms of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from honrai.engines.decision.formula import Cell
from honrai.engines.decision.kinds import Kind, Simple
from honrai.engines.decision.program import Program
from honrai.engines.decision.proof import boxes as b
from honrai.engines.decision.proof.axis import Axis
from honrai.engines.decision.proof.cells import Constants, NotProvable, make_axis, mask_of, step_of
from honrai.engines.decision.run import Run
from honrai.engines.decision.tables import Table
from honrai.engines.feel import nodes as n
from honrai.engines.feel.signatures import BUILTIN_NAMES


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

    def masking(self, number: int) -> list[b.Box]:
        """Return the boxes that are taken before rule `number` wherever they apply; none for policies without order."""
        policy = self.table.node.hit_policy
        if policy == "FIRST":
            return [box for box in self.boxes[:number] if box is not None]
        if policy == "PRIORITY" and self.ranks is not None:
            own = self.ranks[number]
            return [box for box, rank in zip(self.boxes, self.ranks, strict=True) if box is not None and rank < own]
        return []


@dataclass(frozen=True, slots=True)
class Example:
    """One value of a smallest witness: the column and what stands in it."""

    column: str
    value: object

    def __str__(self) -> str:
        return f"{self.column} {show(self.value)}"


def make_grid(program: Program, table: Table, parameters: Mapping[str, object] | None) -> Grid:
    """Return the table as boxes; `refused` says what keeps it from being proved."""
    grid = Grid(table)
    run = Run.quiet(parameters)
    constants = Constants(run.constant, parameters is not None, BUILTIN_NAMES)
    for label, columns in _columns(table):
        cells = [cell for line in table.lines for column, cell in line.cells if column in columns]
        if not cells:
            continue
        try:
            axis = _axis(table, columns, cells, constants, run)
            grid.labels.append(label)
            grid.axes.append(axis)
        except NotProvable as error:
            grid.refused.append((_line(table, columns[0]), f"列「{label}」: {error}"))
            continue
        _place(grid, table, columns, axis, constants, run)
    if not grid.refused:
        grid.boxes = _boxes(grid, table)
        grid.ranks = _ranks(table, run)
    return grid
