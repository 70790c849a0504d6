"""One case: the facts given, and the decisions worked out from them, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.kinds import MISFIT, fit, result_of
from honrai.engines.decision.program import PARAMETERS, Key, Program, Unit
from honrai.engines.decision.run import Notice, Run, Scope
from honrai.engines.feel.runtime import Runtime
from honrai.engines.feel.values import Function, to_feel


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one case, and why parts of it are null."""

    value: object
    notices: tuple[Notice, ...] = ()


def evaluate(
    program: Program,
    name: str,
    inputs: Mapping[Any, object],
    *,
    parameters: Mapping[str, object] | None = None,
    now: dt.datetime | None = None,
    steps: int = 1_000_000,
    externals: Mapping[str, Callable[..., object]] | None = None,
) -> Outcome:
    """Work out a decision, or call a decision service or business knowledge model by its parameter names.

    Args:
        name: name or id of the decision, service or business knowledge model.
        inputs: facts by name; those of an imported model by (namespace, name). Plain Python or FEEL values. A missing
            fact is null. The name of a decision given here replaces its result.
        parameters: what logic sees as `p`: the dated parameters in force on the basis date.
        now: the moment of `now()` and `today()`, with a time zone; without it they are null.
        steps: the most work to spend; about one step for each operation.
        externals: Java functions the model may call, by `class.method(types)`; none by default.

    Raises:
        DecisionError: no such element, a value with no FEEL counterpart, or the work is used up.
    """
    unit = program.unit(name)
    run = Run.start(now, steps, externals)
    case = Case.of(program, inputs, parameters, run)
    with run.guarded(program.model.file, unit.name):
        value = case.ask(unit)
    return Outcome(value, tuple(run.notices))


class Case:
    """The facts of one case and the results known so far."""

    def __init__(self, program: Program, facts: Mapping[object, object], parameters: object, run: Run) -> None:
        self.program, self.facts, self.parameters, self.run = program, facts, parameters, run
        self.known: dict[Key, object] = {}

    @classmethod
    def of(
        cls, program: Program, inputs: Mapping[object, object], parameters: Mapping[str, object] | None, run: Run
    ) -> Case:
        """Return a case with plain Python or FEEL values.

        Raises:
            DecisionError: a value has no FEEL counterpart.
        """
        given = None if parameters is None else _facts(parameters)
        return cls(program, _facts(inputs), given, run)

    def ask(self, unit: Unit) -> object:
        """Return the value of a decision, or of a service or knowledge model called with the facts of its name."""
        if isinstance(unit.element, m.DecisionService):
            return self.service(unit, self._given_to(unit))
        if unit.function is not None:
            function = self.function(unit)
            arguments = {each: self.facts[each] for each in function.params if each in self.facts}
            return self.run.call(function, arguments, unit.element.line)
        return self.value(unit.key)

    def value(self, key: Key) -> object:
        """Return the value of a decision or input, working out what it needs first."""
        for each in self.program.order(self.program.units[key]):
            if each not in self.known:
                self.known[each] = self._work_out(self.program.units[each])
        return self.known[key]

    def service(self, unit: Unit, given: Mapping[str, object]) -> object:
        """Return the outputs of a decision service: one value, or a context by decision name."""
        inner = Case(self.program, self.facts, self.parameters, self.run)
        for key in unit.given:
            wanted = self.program.units[key]
            inner.known[key] = self._fitted(wanted, given.get(wanted.name))
        keys = unit.gives
        results = {self.program.units[key].name: inner.value(key) for key in keys}
        value = next(iter(results.values())) if len(results) == 1 else results
        fitted = fit(result_of(unit.kind), value, self.run)
        if fitted is MISFIT:
            self.run.note(unit.element.line, f"「{unit.name}」の結果が型に合いません。")
            return None
        return fitted

    def function(self, unit: Unit) -> Function:
        """Return a business knowledge model or decision service as a function value."""
        if isinstance(unit.element, m.DecisionService):
            wanted = [self.program.units[key] for key in unit.given]
            names = tuple(each.name for each in wanted)

            def call(runtime: Runtime, values: list[object]) -> object:
                for each, value in zip(wanted, values, strict=True):
                    if fit(each.kind, value, self.run) is MISFIT:
                        self.run.note(unit.element.line, f"引数「{each.name}」が型「{each.kind.feel}」に合いません。")
                        return None
                runtime.enter()
                try:
                    return self.service(unit, dict(zip(names, values, strict=True)))
                finally:
                    runtime.calls -= 1

            return Function(unit.name, names, call)
        assert unit.function is not None, "only knowledge models and services are functions"
        scope = self._scope(unit)
        function = unit.function(scope, self.run)
        scope[unit.name] = function
        return function

    def _work_out(self, unit: Unit) -> object:
        run, element = self.run, unit.element
        given = self._given(unit)
        if given is not MISFIT:
            return self._fitted(unit, given)
        if isinstance(element, m.InputData):
            return None
        if not isinstance(element, m.Decision):
            return self.function(unit)
        before = run.element, run.line
        run.element, run.line = unit.name, element.line
        scope = self._scope(unit)
        if run.trace is not None:
            run.trace.enter(unit, scope)
        value = unit.code(scope, run) if unit.code else None
        value = self._fitted(unit, value)
        if run.trace is not None:
            run.trace.leave(unit, value)
        run.element, run.line = before
        return value

    def _given(self, unit: Unit) -> object:
        """Return the fact given for an input or decision, `MISFIT` where none is."""
        namespaced = (unit.model.namespace, unit.name)
        if namespaced in self.facts:
            return self.facts[namespaced]
        local = unit.model is self.program.model or isinstance(unit.element, m.InputData)
        if local and unit.function is None and unit.name in self.facts:
            return self.facts[unit.name]
        return MISFIT

    def _fitted(self, unit: Unit, value: object) -> object:
        fitted = fit(unit.kind, value, self.run)
        if fitted is MISFIT:
            self.run.note(
                unit.element.line, f"「{unit.name}」の値が型「{unit.kind.feel}」または許される値に合いません。"
            )
            return None
        return fitted

    def _scope(self, unit: Unit) -> Scope:
        scope: Scope = {PARAMETERS: self.parameters} if self.parameters is not None else {}
        for key, alias in unit.needs:
            needed = self.program.units[key]
            value = self.known[key] if key in self.known else self.value(key)
            if alias:
                inner = scope.setdefault(alias, {})
                assert isinstance(inner, dict)
                inner[needed.name] = value
            else:
                scope[needed.name] = value
        return scope

    def _given_to(self, unit: Unit) -> dict[str, object]:
        """Return those facts that a service takes as its arguments."""
        wanted = (self.program.units[key] for key in unit.given)
        return {each.name: self.facts[each.name] for each in wanted if each.name in self.facts}


def _facts(inputs: Mapping[Any, object]) -> dict[object, object]:
    facts: dict[object, object] = {}
    for name, value in inputs.items():
        try:
            facts[name] = to_feel(value)
        except TypeError:
            raise DecisionError(
                f"「{name}」の値（{type(value).__name__}）は判断に使えません。",
                "数・文字・日付・真偽・リスト・辞書で渡してください。",
                element=str(name),
            ) from None
    return facts
