"""The declared types of a model: which values they hold, and how a value is brought into them.

Bringing in follows the standard: a list of one becomes its item, a value becomes a list of one, a date becomes the
midnight that begins it; whatever still does not fit becomes null with a notice (DMN 1.5, 10.3.2.9.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from honrai.engines.decision import model as m
from honrai.engines.decision.formula import Cell
from honrai.engines.decision.run import Run
from honrai.engines.feel import nodes as n
from honrai.engines.feel import types as ft
from honrai.engines.feel import values as fv
from honrai.engines.feel.instances import is_instance

MISFIT: Final = object()
"""Stands for: no way to bring the value into the type."""

_PYTHON: dict[str, type | tuple[type, ...]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": fv.Date,
    "time": fv.Time,
    "date and time": fv.DateTime,
    "days and time duration": fv.DaysDuration,
    "years and months duration": fv.MonthsDuration,
}
_BARE: dict[str, tuple[ft.Type, type]] = {
    "context": (ft.context_of(), dict),
    "list": (ft.list_of(), list),
    "range": (ft.range_of(), fv.Range),
    "function": (ft.Type("function"), fv.Function),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Allowed values: unary tests a value must pass; `each` asks the items of a list one by one."""

    cell: Cell
    each: bool = False


class Kind:
    """A declared type. The base holds everything."""

    feel: ft.Type = ft.ANY
    limits: tuple[Limit, ...] = ()

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        return self.allows(value, run)

    def allows(self, value: object, run: Run) -> bool:
        """Tell whether the allowed values include this one."""
        for limit in self.limits:
            values = value if limit.each and isinstance(value, list) else [value]
            if not all(each is None or limit.cell.test(each, {}, run) is True for each in values):
                return False
        return True

    def item(self) -> Kind | None:
        """Return the type of the items of a list type, None for others."""
        return None

    def real(self) -> Kind:
        """Return the type itself where this one only stands for it."""
        return self


ANYTHING = Kind()


class Simple(Kind):
    """A type of the standard, possibly limited to allowed values."""

    def __init__(self, feel: ft.Type, python: type | tuple[type, ...], limits: tuple[Limit, ...] = ()) -> None:
        self.feel, self.python, self.limits = feel, python, limits

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        return isinstance(value, self.python) and self.allows(value, run)


class ListKind(Kind):
    """A list whose items all belong to one type."""

    def __init__(self, item: Kind, limits: tuple[Limit, ...] = ()) -> None:
        self._item, self.limits = item, limits
        self.feel = ft.list_of(item.feel)

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        if not isinstance(value, list):
            return False
        return all(each is None or self._item.holds(each, run) for each in value) and self.allows(value, run)

    def item(self) -> Kind | None:
        """Return the type of the items."""
        return self._item


class ContextKind(Kind):
    """A context with at least these entries."""

    def __init__(self, entries: Mapping[str, Kind], limits: tuple[Limit, ...] = ()) -> None:
        self.entries, self.limits = entries, limits
        self.feel = ft.context_of({name: kind.feel for name, kind in entries.items()})

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        if not isinstance(value, dict):
            return False
        for name, kind in self.entries.items():
            if name not in value or (value[name] is not None and not kind.holds(value[name], run)):
                return False
        return self.allows(value, run)


class FunctionKind(Kind):
    """A function with this many parameters."""

    def __init__(self, parameters: tuple[Kind, ...], result: Kind, names: tuple[str, ...]) -> None:
        self.parameters, self.result = parameters, result
        self.feel = ft.function_of(tuple(each.feel for each in parameters), result.feel, names)

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        return isinstance(value, fv.Function) and (value.bind is not None or is_instance(value, self.feel))


class Later(Kind):
    """A type that mentions itself; worked out on first use."""

    def __init__(self, find: Callable[[], Kind]) -> None:
        self._find = find

    def holds(self, value: object, run: Run) -> bool:
        """Tell whether a value that is not null belongs to the type."""
        return self._find().holds(value, run)

    def item(self) -> Kind | None:
        """Return the type of the items of a list type, None for others."""
        return self._find().item()

    def real(self) -> Kind:
        """Return the type this one stands for."""
        return self._find()


def result_of(kind: Kind) -> Kind:
    """Return the type of what a function of this type gives; the type itself where it is no function type."""
    return kind.result if isinstance(kind, FunctionKind) else kind


def fit(kind: Kind, value: object, run: Run) -> object:
    """Bring a value into a type; `MISFIT` where that cannot be done."""
    if value is None or kind is ANYTHING or kind.holds(value, run):
        return value
    item = kind.item()
    if item is not None and not isinstance(value, list):
        wrapped = [value]
        return wrapped if kind.holds(wrapped, run) else MISFIT
    if item is None and isinstance(value, list) and len(value) == 1 and value[0] is not None:
        return value[0] if kind.holds(value[0], run) else MISFIT
    if kind.feel == ft.DATE_TIME and isinstance(value, fv.Date):
        moment = fv.DateTime(value, fv.Time(0, 0))
        return moment if kind.holds(moment, run) else MISFIT
    return MISFIT


Names = Mapping[str, Kind]
"""The names an expression may see, with their declared types."""


def kind_of(node: n.Node, names: Names) -> Kind:
    """Return the declared type of a name or path; `ANYTHING` for every other expression."""
    if isinstance(node, n.Name):
        return names.get(node.name, ANYTHING).real()
    if isinstance(node, n.Path):
        base = kind_of(node.base, names)
        return base.entries.get(node.name, ANYTHING).real() if isinstance(base, ContextKind) else ANYTHING
    return ANYTHING


class Kinds:
    """The types a model knows: those of the standard, its own, and those of its imports by `name.type`."""

    def __init__(self, model: m.Model, compile_cell: Callable[[m.UnaryTests], Cell]) -> None:
        self.model, self._cell = model, compile_cell
        self.imported: list[tuple[str, Kinds]] = []
        self._items = {each.name: each for each in model.items}
        self._known: dict[str, Kind | None] = {}
        self.unknown: list[str] = []

    def find(self, name: str | None) -> Kind:
        """Return the type with this name; an unknown one holds everything and is remembered in `unknown`."""
        if not name:
            return ANYTHING
        name = " ".join(name.split())
        if name in self._known:
            return self._known[name] or Later(lambda: self.find(name))
        kind = self._look_up(name)
        if kind is None:
            self.unknown.append(name)
            kind = ANYTHING
        self._known[name] = kind
        return kind

    def feel_types(self) -> dict[str, ft.Type]:
        """Return the model's own types and those of its imports as FEEL knows them, for `instance of`."""
        types = {name: each.find(name).feel for each in reversed(self._merged()) for name in each._items}
        for alias, kinds in self.imported:
            if alias:
                types |= {f"{alias}.{name}": each.find(name).feel for each in kinds._merged() for name in each._items}
        return types

    def _merged(self) -> list[Kinds]:
        """Return these types and those that imports without a name add to them, nearest first."""
        found = [self]
        for each in found:
            found.extend(kinds for alias, kinds in each.imported if not alias and kinds not in found)
        return found

    def _look_up(self, name: str) -> Kind | None:
        if name in self._items:
            self._known[name] = None
            return self._define(self._items[name])
        local = name.partition(":")[2] or name
        standard = ft.SIMPLE.get(name) or ft.SIMPLE.get(local)
        if standard is not None:
            python = _PYTHON.get(standard.name)
            return Simple(standard, python) if python else ANYTHING
        if local in _BARE:
            return Simple(*_BARE[local])
        for alias, kinds in [("", self), *self.imported]:
            prefix = alias + "." if alias else ""
            rest = name.removeprefix(prefix)
            owner = next((each for each in kinds._merged() if rest in each._items), None)
            if name.startswith(prefix) and owner is not None:
                return owner.find(rest)
        return None

    def _define(self, item: m.ItemDefinition) -> Kind:
        own = tuple(Limit(self._cell(tests)) for tests in (item.allowed,) if tests and tests.text)
        if item.is_collection:
            whole = tuple(Limit(self._cell(tests)) for tests in (item.constraint,) if tests and tests.text)
            return ListKind(self._base(item, own), whole)
        more = tuple(Limit(self._cell(tests)) for tests in (item.constraint,) if tests and tests.text)
        return self._base(item, own + more)

    def _base(self, item: m.ItemDefinition, limits: tuple[Limit, ...]) -> Kind:
        if item.components:
            return ContextKind({each.name: self._define(each) for each in item.components}, limits)
        if item.function is not None:
            parameters = tuple(self.find(each.type_ref) for each in item.function.parameters)
            names = tuple(each.name for each in item.function.parameters)
            return FunctionKind(parameters, self.find(item.function.output), names)
        return _limited(self.find(item.type_ref), limits)


def _limited(kind: Kind, limits: tuple[Limit, ...]) -> Kind:
    if not limits:
        return kind
    if isinstance(kind, Simple):
        return Simple(kind.feel, kind.python, kind.limits + limits)
    if isinstance(kind, ContextKind):
        return ContextKind(kind.entries, kind.limits + limits)
    if isinstance(kind, ListKind):
        # Allowed values of a type made from a list type limit the items (DMN 1.5, 7.3.3).
        each = tuple(Limit(limit.cell, each=True) for limit in limits)
        return ListKind(kind._item, kind.limits + each)
    return Simple(kind.feel, object, limits)
