"""Why a decision came out as it did: rows, reasons, and the inputs that mattered.

An input *mattered* when the result rests on it: a row that fired tests it, or it alone keeps another row from firing, or
a formula on the way reads it. Evaluating again with only those inputs gives the same result, whatever the others are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from honrai.engines.decision import model as m
from honrai.engines.decision.case import Case
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.program import Key, Program
from honrai.engines.decision.run import Notice, Run
from honrai.engines.decision.tables import Table
from honrai.engines.decision.trace import Seen, TableSeen, Trace
from honrai.engines.feel.nodes import names_used


@dataclass(frozen=True, slots=True)
class Condition:
    """A tested column of a row: its input expression, what the cell says, and the value it met."""

    column: str
    cell: str
    value: object


@dataclass(frozen=True, slots=True)
class Fired:
    """A row the result comes from.

    Attributes:
        element: the decision or function whose table it is.
        row: its number, counted from 1.
        id: its id in the file, if any.
        conditions: the cells that had to hold; cells that accept everything are left out.
        annotations: its notes, to be used as the reason, by heading.
    """

    element: str
    row: int
    id: str | None
    conditions: tuple[Condition, ...]
    annotations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and the value it had."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on the way to the result.

    Attributes:
        decision: its name.
        question: the question it answers, if the model says.
        value: its answer.
        fired: the rows the answer comes from, in the order they count.
        facts: what it rested on, by name.
        text: the formula, where the decision is one.
    """

    decision: str
    question: str | None
    value: object
    fired: tuple[Fired, ...]
    facts: tuple[Fact, ...]
    text: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A result and how it came about.

    Attributes:
        decision: name of the decision asked for.
        value: its result.
        steps: the decisions that mattered, each after those it rests on; the one asked for comes last.
        inputs: the facts from outside that mattered. Evaluating with these alone gives the same value.
        reasons: notes of the rows that fired, those of the asked decision first.
        notices: why parts are null.
    """

    decision: str
    value: object
    steps: tuple[Step, ...]
    inputs: dict[str, object]
    reasons: tuple[str, ...]
    notices: tuple[Notice, ...]


def explain(
    program: Program,
    name: str,
    inputs: Mapping[Any, object],
    *,
    parameters: Mapping[str, object] | None = None,
    now: dt.datetime | None = None,
    steps: int = 1_000_000,
    externals: Mapping[str, Callable[..., object]] | None = None,
) -> Explanation:
    """Work out a decision and say why. Arguments and errors as for `evaluate`.

    Raises:
        DecisionError: see `evaluate`; also when `name` is not a decision.
    """
    unit = program.unit(name)
    if not isinstance(unit.element, m.Decision):
        raise DecisionError(
            f"「{unit.name}」は判断ではないため、理由を示せません。",
            "中の判断の名前を指定してください。",
            file=program.model.file,
            line=unit.element.line,
            element=unit.name,
        )
    trace = Trace()
    run = Run.start(now, steps, externals, trace)
    case = Case.of(program, inputs, parameters, run)
    with run.guarded(program.model.file, unit.name):
        value = case.value(unit.key)
        notices = tuple(run.notices)
        seen = {each.unit.key: each for each in trace.seen}
        mattered, rested = _mattering(program, unit.key, seen, run)
        made = tuple(_step(each, rested[each.unit.key], run) for each in trace.seen if each.unit.key in mattered)
    facts = {name: value for key in mattered if key not in seen for name, value in _given(case, key)}
    return Explanation(unit.name, value, made, facts, _reasons(made), notices)


def _given(case: Case, key: Key) -> Iterator[tuple[str, object]]:
    """Yield the name and value of an input or replaced decision; nothing for one that was not asked."""
    name = case.program.units[key].name
    if key in case.known:
        yield name, case.known[key]
    elif name in case.facts:
        yield name, case.facts[name]


def _reasons(steps: tuple[Step, ...]) -> tuple[str, ...]:
    texts = (text for step in reversed(steps) for fired in step.fired for _, text in fired.annotations if text)
    return tuple(dict.fromkeys(texts))


def _mattering(
    program: Program, target: Key, seen: Mapping[Key, Seen], run: Run
) -> tuple[dict[Key, None], dict[Key, frozenset[str]]]:
    """Return the decisions and inputs the target rests on, and for each decision the names it rests on."""
    mattered: dict[Key, None] = {}
    rested: dict[Key, frozenset[str]] = {}
    waiting = [target]
    while waiting:
        key = waiting.pop()
        if key in mattered:
            continue
        unit = program.units[key]
        if not isinstance(unit.element, m.Decision | m.InputData):
            # What a function rests on, its caller rests on.
            waiting.extend(need for need, _ in unit.needs)
            waiting.extend((*unit.given, *unit.gives))
            continue
        mattered[key] = None
        if key in seen:
            rested[key] = _names(seen[key], run)
            waiting.extend(need for need, alias in unit.needs if _known_as(program, need, alias) in rested[key])
    return mattered, rested


def _known_as(program: Program, need: Key, alias: str) -> str:
    return alias or program.units[need].name


def _names(seen: Seen, run: Run) -> frozenset[str]:
    """Return the names a decision rested on; all it needs unless its logic is a single table."""
    logic = seen.unit.element.logic if isinstance(seen.unit.element, m.Decision) else None
    own = [each for each in seen.tables if each.table.node is logic]
    if len(own) != 1:
        return frozenset(seen.unit.names)
    found = own[0]
    columns = found.table.columns
    formulas = [columns[number].formula for number in _columns(found, run)]
    lines = [found.table.lines[number] for number in found.hits.used]
    formulas += [formula for line in lines for formula in line.formulas]
    names = {name for formula in formulas if formula for name in names_used(formula.ast)}
    cells = {name for line in found.table.lines for _, cell in line.cells for name in names_used(cell.ast)}
    defaults = frozenset() if found.hits.used else frozenset(seen.unit.names) if found.table.default else frozenset()
    return frozenset(names | cells | defaults) & frozenset(seen.unit.names)


def _columns(found: TableSeen, run: Run) -> list[int]:
    """Return the columns that fix the outcome: those of the rows that fired, and enough to keep the others out."""
    table, hits = found.table, found.hits
    if hits.refused is not None:
        return [hits.refused]
    used = hits.used or hits.matching
    needed = {column for number in used for column, _ in table.lines[number].cells}
    scope = dict(found.scope)
    blockers: list[set[int]] = []
    for number in _kept_out(table, hits.matching, used):
        cells = table.lines[number].cells
        failing = {column for column, cell in cells if cell.test(hits.values[column], scope, run) is not True}
        if failing and not failing & needed:
            blockers.append(failing)
    while blockers:
        candidates = {column for failing in blockers for column in failing}
        best = max(sorted(candidates), key=lambda column: sum(column in failing for failing in blockers))
        needed.add(best)
        blockers = [failing for failing in blockers if best not in failing]
    return sorted(needed)


def _kept_out(table: Table, matching: tuple[int, ...], used: tuple[int, ...]) -> list[int]:
    """Return the rows that must not fire for the outcome to stand."""
    last = used[0] if table.node.hit_policy == "FIRST" and used else len(table.lines)
    return [number for number in range(last) if number not in matching]


def _step(seen: Seen, rested: frozenset[str], run: Run) -> Step:
    element = seen.unit.element
    assert isinstance(element, m.Decision), "only decisions are traced"
    fired = tuple(_fired(each, number) for each in seen.tables for number in each.hits.used)
    facts = tuple(Fact(name, seen.scope[name]) for name in seen.unit.names if name in rested and name in seen.scope)
    text = element.logic.text if isinstance(element.logic, m.LiteralExpression) else None
    facts = tuple(fact for fact in facts if not callable(getattr(fact.value, "call", None)))
    return Step(element.name, element.question, seen.value, fired, facts, text)


def _fired(found: TableSeen, number: int) -> Fired:
    node, line = found.table.node, found.table.lines[number]
    rule = node.rules[number]
    conditions = tuple(
        Condition(
            node.inputs[column].label or node.inputs[column].expression.text or "", cell.text, found.hits.values[column]
        )
        for column, cell in line.cells
    )
    headings = (*node.annotations, *[""] * len(rule.annotations))
    notes = tuple(zip(headings, rule.annotations, strict=False))
    return Fired(found.element, number + 1, rule.id, conditions, notes)
