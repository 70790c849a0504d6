"""Checks every decision table of a program: gaps, contradictions, dead rules, and what cannot be proved.

The cases are all combinations of the declared values of the input columns. Columns with the same input expression are one
column. Numbers are any decimal unless an allowed value says `floor(?) = ?` (whole) or `decimal(?, 2) = ?`; dates are whole
days, moments whole seconds. Null is a case only where the table or the allowed values mention it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from honrai.engines.decision.program import Program
from honrai.engines.decision.proof import boxes as b
from honrai.engines.decision.proof.grid import Example, Grid, make_grid
from honrai.engines.decision.tables import Table

MOST_GAPS = 5
MOST_OVERLAPS = 20
MOST_STEPS = 400_000

Sort = Literal["gap", "overlap", "unreachable", "not-provable", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a table from being sound.

    Attributes:
        sort: gap, overlap, unreachable, not-provable, or problem (a text that cannot be read or is always null).
        element: the decision or function the table belongs to.
        line: line in the file.
        message: what is wrong, Japanese.
        remedy: how to mend it, Japanese.
        rules: rows concerned, counted from 1.
        example: the smallest case that shows it, in column order; empty where there is none.
        region: all the cases concerned, in words, by column; only columns that are limited.
    """

    sort: Sort
    element: str
    line: int
    message: str
    remedy: str
    rules: tuple[int, ...] = ()
    example: tuple[Example, ...] = ()
    region: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.element}（{self.line}行目）: {self.message} {self.remedy}"


def check(program: Program, *, parameters: Mapping[str, object] | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a program; nothing means that all its tables are proved sound and all its texts make sense.

    Args:
        program: the prepared model.
        parameters: the dated parameters `p` in force; cells that use `p` cannot be proved without them.
    """
    found = [Finding("problem", p.element, p.line, p.what, p.remedy) for p in program.problems]
    for compiler in program.compilers.values():
        for text in compiler.texts:
            found.extend(Finding("problem", text.element, *each) for each in text.problems(parameters))
    for element, table in program.compilers[program.model.namespace].tables:
        found.extend(check_table(element, table, parameters))
    return tuple(found)


def check_table(element: str, table: Table, parameters: Mapping[str, object] | None) -> Iterator[Finding]:
    """Yield the findings of one table."""
    grid = make_grid(table, parameters)
    for line, message in grid.refused:
        yield Finding(
            "not-provable", element, line, message + "。", "定数・p・型の決まった入力だけの条件に直してください。"
        )
    if grid.refused:
        return
    try:
        yield from _gaps(element, table, grid)
        yield from _contradictions(element, table, grid)
        yield from _unreachable(element, table, grid)
    except b.Undecided:
        yield Finding(
            "not-provable",
            element,
            table.node.line,
            "行の重なりが複雑すぎて、決められた手間の中では証明できません。",
            "表を分けるか、重なりを減らしてください。",
        )


def _gaps(element: str, table: Table, grid: Grid) -> Iterator[Finding]:
    if table.default is not None:
        return
    boxes = [box for box in grid.boxes if box is not None]
    for case, around in b.gaps(grid.region, boxes, b.Steps(MOST_STEPS), MOST_GAPS):
        example = grid.example(case)
        shown = "・".join(map(str, example)) or "どの場合"
        yield Finding(
            "gap",
            element,
            table.node.line,
            f"{shown} に当てはまる行がありません。",
            "行を足すか、既定の結果を決めるか、許される値を狭めてください。",
            (),
            example,
            grid.words(around),
        )


def _contradictions(element: str, table: Table, grid: Grid) -> Iterator[Finding]:
    if table.node.hit_policy not in ("UNIQUE", "ANY"):
        return
    shown = 0
    for one, other, both in b.overlaps(grid.boxes):
        verdict = "overlap" if table.node.hit_policy == "UNIQUE" else _outputs_differ(table, one, other)
        if not verdict:
            continue
        shown += 1
        if shown > MOST_OVERLAPS:
            message = f"重なる行の組がほかにもあります（{MOST_OVERLAPS} 組まで示しました）。"
            yield Finding("overlap", element, table.node.line, message, "示した組から直してください。")
            return
        example = grid.example(b.smallest(both))
        rows, case = f"{one + 1} 行目と {other + 1} 行目", "・".join(map(str, example)) or "どの場合も"
        if verdict == "unknown":
            message = f"{rows}は {case} で重なりますが、結果が同じかどうか式からは証明できません。"
            yield Finding(
                "not-provable", element, table.node.line, message, "結果を定数にするか、同じ式にしてください。"
            )
            continue
        yield Finding(
            "overlap",
            element,
            table.node.rules[other].line,
            f"{rows}が {case} で同時に当てはまり、結果が定まりません。",
            "条件を分けるか、ヒットポリシーを見直してください。",
            (one + 1, other + 1),
            example,
            grid.words(both),
        )


def _outputs_differ(table: Table, one: int, other: int) -> str:
    """Return "overlap" where two rules give different constants, "unknown" where only running them would tell."""
    pairs = zip(table.node.rules[one].outputs, table.node.rules[other].outputs, strict=True)
    differing = [(a, c) for a, c in pairs if (a.text or "").split() != (c.text or "").split()]
    if not differing:
        return ""
    constant = all(_is_constant(each.text or "") for pair in differing for each in pair)
    return "overlap" if constant else "unknown"


def _is_constant(text: str) -> bool:
    text = text.strip()
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        return True
    return text in ("true", "false", "null", "") or text.lstrip("-").replace(".", "", 1).isdigit()


def _unreachable(element: str, table: Table, grid: Grid) -> Iterator[Finding]:
    steps = b.Steps(MOST_STEPS)
    holders = b.Holders(grid.boxes, len(grid.axes))
    unknown: list[int] = []
    for number, box in enumerate(grid.boxes):
        if box is None:
            message = f"{number + 1} 行目の条件に当てはまる値がありません。"
        elif not _masked(grid, number, box, holders, steps, unknown):
            continue
        else:
            message = f"{number + 1} 行目は、優先される行がすべての場合を先に取るため、選ばれません。"
        line = table.node.rules[number].line
        yield Finding("unreachable", element, line, message, "条件や順を直すか、行を消してください。", (number + 1,))
    if unknown:
        rows = "・".join(map(str, unknown[:10]))
        message = f"{rows} 行目などが選ばれることがあるかどうか、行の重なりが複雑すぎて証明できません。"
        yield Finding("not-provable", element, table.node.line, message, "表を分けてください。", tuple(unknown))


def _masked(grid: Grid, number: int, box: b.Box, holders: b.Holders, steps: b.Steps, unknown: list[int]) -> bool:
    """Tell whether other rows take every case of a row first; rows that cannot be decided are added to `unknown`."""
    masking = grid.masking(number)
    if not masking or holders.leaves_room(box, sum(1 << each for each in masking)):
        return False
    own = b.Steps(min(steps.left, MOST_STEPS // 10))
    spent = own.left
    try:
        return b.Cover(box, [each for each in map(grid.boxes.__getitem__, masking) if each], own).first_gap() is None
    except b.Undecided:
        unknown.append(number + 1)
        return False
    finally:
        steps.left -= spent - max(own.left, 0)
