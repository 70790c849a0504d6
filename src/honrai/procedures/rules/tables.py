"""The decision model of a pack: ready to run, and which declared names its formulas and tables read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from honrai.engines.decision import model as dmn
from honrai.engines.decision.case import Case, evaluate
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.run import Run
from honrai.engines.feel import nodes
from honrai.engines.feel.values import to_python
from honrai.procedures.rules.contexts import lookup
from honrai.procedures.rules.expressions import names_in, null_tested_in, parsed, parsed_tests


@dataclass(frozen=True)
class Reading:
    """One expression of the model: the decision it belongs to, its text and tree."""

    decision: str
    text: str
    tree: nodes.Node


#: The most work one case may cost; a hostile table ends in an error.
MAX_STEPS = 1_000_000


@lru_cache(maxsize=64)
def program(decisions: bytes) -> Program:
    """Return decisions.dmn ready to run; read once for all cases of a version.

    Raises:
        DecisionError: the file is not a decision model.
    """
    return prepare(read(decisions, "decisions.dmn"))


def work_out_all(
    ready: Program, names: Iterable[str], seen: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the plain Python values of several decisions; what they share is worked out once."""
    run = Run.start(steps=MAX_STEPS)
    inputs: dict[object, object] = dict(seen.items())
    case = Case.of(ready, inputs, parameters, run)
    with run.guarded(ready.model.file, ready.model.name):
        return {name: to_python(case.value(ready.unit(name).key)) for name in names}


def work_out(ready: Program, name: str, seen: Mapping[str, Any], parameters: Mapping[str, Any]) -> Any:
    """Return the plain Python value of one decision."""
    return to_python(evaluate(ready, name, seen, parameters=parameters).value)


def basis_date(ready: Program, decision: dmn.Decision, seen: Mapping[str, Any]) -> date | None:
    """Return the date whose parameters a decision uses (基準日): a date of the context, or another decision's result."""
    if not decision.basis:
        return None
    value = lookup(seen, decision.basis) if "." in decision.basis else work_out(ready, decision.basis, seen, {})
    return value if isinstance(value, date) else None


def rests_on(ready: Program, decision: str) -> frozenset[str]:
    """Return the names of the decisions a decision rests on, itself included."""
    unit = ready.unit(decision)
    return frozenset(ready.units[key].name for key in ready.order(unit))


@lru_cache(maxsize=64)
def readings(decisions: bytes) -> tuple[Reading, ...]:
    """Return every expression of the model: formulas, input columns, cells and results.

    Raises:
        FeelError: a formula cannot be read (the program names it as a problem, too).
    """
    ready = program(decisions)
    names = frozenset(unit.name for unit in ready.units.values())
    return tuple(
        Reading(decision.name, text, tree)
        for decision in ready.model.decisions
        for text, tree in _expressions(decision.logic, names)
    )


def _expressions(logic: dmn.Expression | None, names: frozenset[str]) -> Iterator[tuple[str, nodes.Node]]:
    if isinstance(logic, dmn.LiteralExpression) and logic.text:
        yield logic.text, parsed(logic.text, names).ast
    if not isinstance(logic, dmn.DecisionTable):
        return
    for column in logic.inputs:
        text = column.expression.text or ""
        yield text, parsed(text, names).ast
    for rule in logic.rules:
        for cell in rule.inputs:
            yield cell.text, parsed_tests(cell.text, names).ast
        for result in rule.outputs:
            yield result.text or "", parsed(result.text or "null", names).ast


@lru_cache(maxsize=64)
def used_names(decisions: bytes) -> dict[str, frozenset[str]]:
    """Return decision name -> dotted names its expressions read; other decisions are among them by name."""
    found: dict[str, set[str]] = {}
    for one in readings(decisions):
        found.setdefault(one.decision, set()).update(names_in(one.tree))
    return {name: frozenset(names) for name, names in found.items()}


@lru_cache(maxsize=64)
def tested_for_null(decisions: bytes) -> frozenset[tuple[str, str]]:
    """Return (decision, name) pairs where the decision says itself what holds when the name is unknown."""
    return frozenset((one.decision, name) for one in readings(decisions) for name in null_tested_in(one.tree))
