"""A model made ready to run: its imports joined, its graph in order, its logic compiled.

`prepare` is done once; `Program.evaluate` and `Program.call` run one case each and never change the program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.kinds import MISFIT, Kind, Kinds, fit
from honrai.engines.decision.logic import Compiler, Problem
from honrai.engines.decision.run import Code, Notice, Run, Scope
from honrai.engines.decision.validate import hrefs, local_id
from honrai.engines.feel.values import Function, to_feel

if TYPE_CHECKING:
    from honrai.engines.decision.trace import Trace

Key = tuple[str, str]
"""Namespace and id of an element."""
PARAMETERS = "p"
"""The name under which logic sees the dated parameters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one case, and why parts of it are null."""

    value: object
    notices: tuple[Notice, ...] = ()


@dataclass(slots=True)
class Unit:
    """An element made ready: where its inputs come from and how to work it out."""

    key: Key
    element: m.Element
    name: str
    kind: Kind
    model: m.Model
    needs: tuple[tuple[Key, str], ...] = ()
    names: frozenset[str] = frozenset()
    code: Code | None = None
    function: Callable[[Scope, Run], Function] | None = None
    order: tuple[Key, ...] | None = field(default=None)


class Program:
    """A prepared model. Make one with `prepare`.

    Attributes:
        model: the main model.
        units: every element of the model and its imports.
        problems: parts that cannot be read or name unknown types; they come out null.
    """

    def __init__(self, model: m.Model, units: dict[Key, Unit], compilers: dict[str, Compiler]) -> None:
        self.model, self.units, self.compilers = model, units, compilers
        self.problems: tuple[Problem, ...] = tuple(p for each in compilers.values() for p in each.problems)
        self._by_name = {unit.name: unit for unit in units.values() if unit.model is model}
        self._by_name |= {unit.element.id: unit for unit in units.values() if unit.model is model and unit.element.id}

    def unit(self, name: str) -> Unit:
        """Return the element of the main model with this name or id.

        Raises:
            DecisionError: there is none.
        """
        found = self._by_name.get(name)
        if found is None:
            raise DecisionError(
                f"「{name}」という判断はありません。", "名前を確かめてください。", file=self.model.file, element=name
            )
        return found

    def evaluate(
        self,
        name: str,
        inputs: Mapping[object, object],
        *,
        parameters: Mapping[str, object] | None = None,
        now: dt.datetime | None = None,
        steps: int = 1_000_000,
        trace: Trace | None = None,
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
            trace: collects how the result came about (see `explain`).
            externals: Java functions the model may call, by `class.method(types)`; none by default.

        Raises:
            DecisionError: no such element, a value with no FEEL counterpart, or the work is used up.
        """
        unit = self.unit(name)
        run = Run.start(now, steps, externals, trace)
        case = Case(self, _facts(inputs), _parameters(parameters), run)
        with run.guarded(self.model.file, unit.name):
            if isinstance(unit.element, m.DecisionService):
                value = case.service(unit, case.given_to(unit))
            elif unit.function is not None:
                function = case.function(unit)
                arguments = {each: case.facts.get(each) for each in function.params if each in case.facts}
                value = run.call(function, arguments, unit.element.line)
            else:
                value = case.value(unit.key)
        return Outcome(value, tuple(run.notices))

    def order(self, unit: Unit) -> tuple[Key, ...]:
        """Return the decisions and inputs a unit rests on, each after those it needs itself; the unit comes last."""
        if unit.order is None:
            unit.order = tuple(self._walk(unit.key))
        return unit.order

    def _walk(self, start: Key) -> Iterator[Key]:
        seen: set[Key] = set()
        path: list[tuple[Key, Iterator[tuple[Key, str]]]] = [(start, iter(self.units[start].needs))]
        seen.add(start)
        while path:
            key, waiting = path[-1]
            following = next((need for need, _ in waiting if need not in seen), None)
            if following is None:
                yield path.pop()[0]
            else:
                seen.add(following)
                path.append((following, iter(self.units[following].needs)))


class Case:
    """The facts of one case and the results known so far."""

    def __init__(self, program: Program, facts: dict[object, object], parameters: object, run: Run) -> None:
        self.program, self.facts, self.parameters, self.run = program, facts, parameters, run
        self.known: dict[Key, object] = {}

    def value(self, key: Key) -> object:
        """Return the value of a decision or input, working out what it needs first."""
        for each in self.program.order(self.program.units[key]):
            if each not in self.known:
                self.known[each] = self._work_out(self.program.units[each])
        return self.known[key]

    def given_to(self, unit: Unit) -> dict[str, object]:
        """Return those facts that a service takes as its arguments."""
        wanted = (self.program.units[key] for key in service_parameters(self.program, unit))
        return {each.name: self.facts[each.name] for each in wanted if each.name in self.facts}

    def service(self, unit: Unit, given: Mapping[str, object]) -> object:
        """Return the outputs of a decision service: one value, or a context by decision name."""
        inner = Case(self.program, self.facts, self.parameters, self.run)
        for key in service_parameters(self.program, unit):
            wanted = self.program.units[key]
            inner.known[key] = self._fitted(wanted, given.get(wanted.name))
        keys = service_outputs(self.program, unit)
        results = {self.program.units[key].name: inner.value(key) for key in keys}
        value = next(iter(results.values())) if len(results) == 1 else results
        return self._fitted(unit, value)

    def function(self, unit: Unit) -> Function:
        """Return a business knowledge model or decision service as a function value."""
        if isinstance(unit.element, m.DecisionService):
            wanted = [self.program.units[key] for key in service_parameters(self.program, unit)]
            names = tuple(each.name for each in wanted)

            def call(runtime: object, *values: object) -> object:
                for each, value in zip(wanted, values, strict=True):
                    if fit(each.kind, value, self.run) is MISFIT:
                        self.run.note(unit.element.line, f"引数「{each.name}」が型「{each.kind.feel}」に合いません。")
                        return None
                return self.service(unit, dict(zip(names, values, strict=True)))

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
        run.element, before = unit.name, run.element
        scope = self._scope(unit)
        if run.trace is not None:
            run.trace.enter(unit, scope)
        value = unit.code(scope, run) if unit.code else None
        value = self._fitted(unit, value)
        if run.trace is not None:
            run.trace.leave(unit, value)
        run.element = before
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
            self.run.note(unit.element.line, f"「{unit.name}」の値が型「{unit.kind.feel}」または許される値に合いません。")
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


def service_parameters(program: Program, unit: Unit) -> list[Key]:
    """Return what a decision service takes, in the order of its arguments: decisions, then input data."""
    element = unit.element
    assert isinstance(element, m.DecisionService)
    return [key_of(unit.model, href) for href in (*element.input_decisions, *element.input_data)]


def service_outputs(program: Program, unit: Unit) -> list[Key]:
    """Return the output decisions of a service."""
    element = unit.element
    assert isinstance(element, m.DecisionService)
    return [key_of(unit.model, href) for href in element.outputs]


def key_of(model: m.Model, href: str) -> Key:
    """Return the key an href of `model` points to."""
    local = local_id(model, href)
    if local is not None:
        return model.namespace, local
    namespace, _, target = href.rpartition("#")
    return namespace, target


def _facts(inputs: Mapping[object, object]) -> dict[object, object]:
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


def _parameters(parameters: Mapping[str, object] | None) -> object:
    return None if parameters is None else to_feel(dict(parameters))


def prepare(model: m.Model, imports: Iterable[m.Model] = ()) -> Program:
    """Make a model ready to run.

    Args:
        model: the main model.
        imports: the models it imports, directly or through others, in any order.

    Raises:
        DecisionError: an import is missing, imports form a circle, or an arrow points to nothing.
    """
    models = {each.namespace: each for each in imports} | {model.namespace: model}
    compilers: dict[str, Compiler] = {}
    for namespace in _import_order(model, models):
        each = models[namespace]
        imported = {i.name: compilers[i.namespace].kinds for i in each.imports if i.namespace in compilers}
        compilers[namespace] = Compiler(each, imported)
    used = {namespace: models[namespace] for namespace in compilers}
    units = {unit.key: unit for each in used.values() for unit in _units(each, compilers[each.namespace])}
    for unit in units.values():
        _connect(unit, units)
    for unit in units.values():
        _compile(unit, units, compilers[unit.model.namespace])
    return Program(model, units, compilers)


def _import_order(model: m.Model, models: Mapping[str, m.Model]) -> list[str]:
    """Return the namespaces used, imported ones before those that import them."""
    order: list[str] = []
    path: list[tuple[m.Model, Iterator[m.Import]]] = [(model, iter(model.imports))]
    while path:
        current, waiting = path[-1]
        following = next((i for i in waiting if i.import_type in m.MODEL_NS and i.namespace not in order), None)
        if following is None:
            order.append(current.namespace)
            path.pop()
            continue
        at = {"file": current.file, "line": following.line, "element": f"import「{following.name}」"}
        if following.namespace not in models:
            raise DecisionError(
                f"取り込むモデル「{following.namespace}」がありません。", "そのモデルも一緒に渡してください。", **at
            )
        if any(each.namespace == following.namespace for each, _ in path):
            raise DecisionError("モデルの取り込みが循環しています。", "取り込みを一つ外してください。", **at)
        target = models[following.namespace]
        path.append((target, iter(target.imports)))
    return order


def _units(model: m.Model, compiler: Compiler) -> Iterator[Unit]:
    for element in model.elements:
        if isinstance(element, m.KnowledgeSource):
            continue
        compiler.element = element.name
        variable = element.variable
        name = variable.name if variable else element.name
        kind = compiler.kind(variable.type_ref if variable else None, element)
        if isinstance(element, m.BusinessKnowledge):
            kind = Kind()
        yield Unit((model.namespace, element.id or f"name:{element.name}"), element, name, kind, model)


def _connect(unit: Unit, units: Mapping[Key, Unit]) -> None:
    aliases = {each.namespace: each.name for each in unit.model.imports}
    needs = []
    for requirement in unit.element.requires:
        if requirement.kind == "authority":
            continue
        key = key_of(unit.model, requirement.href)
        if key not in units:
            raise DecisionError(
                f"参照先「{requirement.href}」がありません。",
                "href を直すか、その要素を足してください。",
                file=unit.model.file,
                line=requirement.line,
                element=unit.name,
            )
        needs.append((key, "" if key[0] == unit.model.namespace else aliases.get(key[0], "")))
    unit.needs = tuple(needs)
    unit.names = frozenset({PARAMETERS, *(alias or units[key].name for key, alias in needs)})


def _compile(unit: Unit, units: Mapping[Key, Unit], compiler: Compiler) -> None:
    compiler.element = unit.name
    names = unit.names | {units[key].name for key, alias in unit.needs if alias}
    if isinstance(unit.element, m.Decision):
        unit.code = compiler.expression(unit.element.logic, names)
    elif isinstance(unit.element, m.BusinessKnowledge):
        function = unit.element.function or m.FunctionDefinition()
        unit.function = compiler.function(function, unit.name, names | {unit.name})
