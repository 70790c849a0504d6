"""Two packs laid side by side for people: text line by line, tables cell by cell, everything else value by value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from honrai.engines.decision import model as dmn
from honrai.procedures.rules.differences import Difference, differences
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.tables import program

#: Unchanged lines shown around a change.
AROUND = 3
#: Parts that are shown in a way of their own: picture, tables, text.
OWN_VIEW = frozenset({"flow.bpmn", "decisions.dmn", "manual.md", "letters"})


@dataclass(frozen=True)
class Line:
    """One line of a text: `mark` is "same", "added", "removed" or "skip" (so many unchanged lines left out)."""

    mark: str
    text: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class TextChange:
    """A text that changed, named for people."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Cell:
    """One cell of a table, before and after."""

    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the cell says something else."""
        return self.before != self.after


@dataclass(frozen=True)
class Row:
    """One row of a table: `mark` is "same", "changed", "added" or "removed"."""

    mark: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TableChange:
    """A decision table that changed, with all its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything two packs say differently; `values` are form, parameters and the rest, by part."""

    values: Mapping[str, tuple[Difference, ...]]
    tables: tuple[TableChange, ...]
    texts: tuple[TextChange, ...]
    flow: tuple[Difference, ...]

    @property
    def count(self) -> int:
        """How many parts differ; 0 for equal packs."""
        return sum(map(len, self.values.values())) + len(self.tables) + len(self.texts) + len(self.flow)


def compare(before: Pack, after: Pack) -> Comparison:
    """Return the differences of two packs, each in the form people read best."""
    found = differences(before, after)
    values: dict[str, tuple[Difference, ...]] = {}
    for one in found:
        if one.part not in OWN_VIEW:
            values[one.part] = (*values.get(one.part, ()), one)
    return Comparison(
        values=values,
        tables=tuple(_tables(before, after)),
        texts=tuple(_texts(before, after)),
        flow=tuple(one for one in found if one.part == "flow.bpmn"),
    )


def lines_between(before: str, after: str, around: int = AROUND) -> tuple[Line, ...]:
    """Return the changed lines of a text with a few unchanged ones around; nothing for equal texts."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return ()
    found: list[Line] = []
    shown = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(around):
        if group[0][1] > shown:
            found.append(Line("skip", f"{group[0][1] - shown}行は同じ"))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [Line("same", old[a + i], a + i + 1, c + i + 1) for i in range(b - a)]
            else:
                found += [Line("removed", old[i], i + 1) for i in range(a, b)]
                found += [Line("added", new[i], None, i + 1) for i in range(c, d)]
        shown = group[-1][2]
    if shown < len(old):
        found.append(Line("skip", f"{len(old) - shown}行は同じ"))
    return tuple(found)


def rows_between(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]], width: int) -> tuple[Row, ...]:
    """Return all rows of a table, matched up; a row that was rewritten shows its cells before and after.

    Args:
        before: rows of cells in the old order.
        after: rows of cells in the new order.
        width: number of columns; shorter rows are filled up.
    """
    old = [tuple(row) + ("",) * (width - len(row)) for row in before]
    new = [tuple(row) + ("",) * (width - len(row)) for row in after]
    empty = ("",) * width
    found: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_row("same", row, row) for row in old[a:b]]
            continue
        paired = min(b - a, d - c)
        found += [_row("changed", old[a + i], new[c + i]) for i in range(paired)]
        found += [_row("removed", row, empty) for row in old[a + paired : b]]
        found += [_row("added", empty, row) for row in new[c + paired : d]]
    return tuple(found)


def _row(mark: str, before: Sequence[str], after: Sequence[str]) -> Row:
    return Row(mark, tuple(Cell(old, new) for old, new in zip(before, after, strict=True)))


Grid = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _grids(pack: Pack) -> Iterator[tuple[str, Grid]]:
    for decision in program(pack.decisions).model.decisions if pack.decisions else ():
        logic = decision.logic
        if isinstance(logic, dmn.DecisionTable):
            columns = [column.label or column.expression.text or "" for column in logic.inputs]
            columns += [column.label or column.name or "結果" for column in logic.outputs]
            rows = [
                (*(cell.text for cell in rule.inputs), *(cell.text or "" for cell in rule.outputs), *rule.annotations)
                for rule in logic.rules
            ]
            yield decision.name, ((*columns, *logic.annotations), rows)
        elif isinstance(logic, dmn.LiteralExpression):
            yield decision.name, (("式",), [(logic.text or "",)])


def _tables(before: Pack, after: Pack) -> Iterator[TableChange]:
    old, new = dict(_grids(before)), dict(_grids(after))
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name, ((), [])), new.get(name, ((), []))
        if was == now:
            continue
        columns = now[0] if len(now[0]) >= len(was[0]) else was[0]
        yield TableChange(name, columns, rows_between(was[1], now[1], len(columns)))


def _texts(before: Pack, after: Pack) -> Iterator[TextChange]:
    manual = [pack.files.get("manual.md", b"").decode("utf-8", "replace") for pack in (before, after)]
    pairs = [("手引き", *manual)]
    old = {letter.id: (letter.title, letter.source) for letter in before.letters}
    new = {letter.id: (letter.title, letter.source) for letter in after.letters}
    for name in sorted(old.keys() | new.keys()):
        title = new.get(name, old.get(name, (name, "")))[0]
        pairs.append((f"文書「{title}」", old.get(name, ("", ""))[1], new.get(name, ("", ""))[1]))
    for title, was, now in pairs:
        lines = lines_between(was, now)
        if lines:
            yield TextChange(title, lines)
