"""Turns a tree into Python closures: each node becomes a function of the frame.

A frame is a list. Place 0 holds the runtime, the next ones the names read from the scope, the rest one place for
each loop variable, parameter, entry of a context and filtered item in the text. A function value keeps a copy of
the frame it was made in and runs on a copy of that.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import nodes as n
from .comparing import less
from .instances import is_instance
from .operators import negate, type_name
from .runtime import Invalid, Unit
from .types import SIMPLE, ContextType, FunctionType, ListType, RangeType, Type
from .values import CONTEXT, Range

Frame = list[Any]
Closure = Callable[[Frame], Any]

MISSING = object()
"""Stands in a frame for a name the scope does not have."""

Handler = Callable[["Compiler", Any], Closure]
HANDLERS: dict[type[n.Node], Handler] = {}


def handles(kind: type[n.Node]) -> Callable[[Handler], Handler]:
    """Register the function that compiles nodes of one kind."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


class FilterScope:
    """The scope inside `[...]` of a filter: the entries of the item, and `item` itself, whose place is `slot`."""

    __slots__ = ("slot",)

    def __init__(self, slot: int) -> None:
        self.slot = slot


class Compiler:
    """What is known while one text is compiled: its scopes, the names it reads from outside, the size of its frame."""

    def __init__(self, unit: Unit, builtins: Callable[[str], object | None], declared: frozenset[str]) -> None:
        self.unit = unit
        self.builtins = builtins
        self.declared = declared
        self.scopes: list[dict[str, int] | FilterScope] = []
        self.free: dict[str, int] = {}
        self.size = 1

    def slot(self) -> int:
        """Return a new place in the frame."""
        self.size += 1
        return self.size - 1

    def compile(self, node: n.Node) -> Closure:
        """Return the closure of a node."""
        return HANDLERS[type(node)](self, node)

    def within(self, scope: dict[str, int] | FilterScope, node: n.Node) -> Closure:
        """Return the closure of a node that sees one more scope."""
        self.scopes.append(scope)
        try:
            return self.compile(node)
        finally:
            self.scopes.pop()

    def is_builtin(self, node: n.Node) -> Any:
        """Return the built-in that a name means where no scope can give it another meaning, else None."""
        if not isinstance(node, n.Name) or node.name in self.declared:
            return None
        if any(isinstance(scope, dict) and node.name in scope for scope in self.scopes):
            return None
        return self.builtins(node.name)

    def free_slot(self, name: str) -> int:
        """Return the place of a name that comes from outside."""
        if name not in self.free:
            self.free[name] = self.slot()
        return self.free[name]

    def note(self, at: int) -> Callable[[Frame, object], None]:
        """Return what records that the node at `at` became null."""
        unit = self.unit

        def warn(frame: Frame, what: object) -> None:
            frame[0].warn(unit, at, str(what))

        return warn


@handles(n.Literal)
def _literal(c: Compiler, node: n.Literal) -> Closure:
    value = node.value
    if node.temporal and isinstance(value, str):
        warn = c.note(node.at)

        def bad(frame: Frame) -> Any:
            warn(frame, f"「{value[:40]}」は日付・時刻・期間として読めません")

        return bad
    return lambda frame: value


@handles(n.Name)
def _name(c: Compiler, node: n.Name) -> Closure:
    filters: list[int] = []
    for scope in reversed(c.scopes):
        if isinstance(scope, FilterScope):
            filters.append(scope.slot)
        elif node.name in scope:
            return _through_filters(filters, node.name, _bound(scope[node.name], node.name))
    return _through_filters(filters, node.name, _outside(c, node))


def _bound(slot: int, name: str) -> Closure:
    if name == "partial":
        # The list of results grows while the loop runs; whoever keeps it needs the list as it is now.
        return lambda frame: _copy(frame, frame[slot])
    return lambda frame: frame[slot]


def _copy(frame: Frame, value: Any) -> Any:
    if type(value) is not list:
        return value
    frame[0].charge(1 + (len(value) >> 3))
    return value[:]


def _outside(c: Compiler, node: n.Name) -> Closure:
    slot, name, warn = c.free_slot(node.name), node.name, c.note(node.at)

    def load(frame: Frame) -> Any:
        value = frame[slot]
        if value is MISSING:
            warn(frame, f"「{name}」という名前はありません")
            return None
        return value

    return load


def _through_filters(slots: list[int], name: str, outer: Closure) -> Closure:
    """Look in the filtered items first, the innermost before the others, then outside."""
    for slot in reversed(slots):
        outer = _through_filter(slot, name, outer)
    return outer


def _through_filter(slot: int, name: str, outer: Closure) -> Closure:
    def load(frame: Frame) -> Any:
        item = frame[slot]
        if type(item) is dict and name in item:
            return item[name]
        return item if name == "item" else outer(frame)

    return load


@handles(n.Negation)
def _negation(c: Compiler, node: n.Negation) -> Closure:
    operand, warn = c.compile(node.operand), c.note(node.at)

    def run(frame: Frame) -> Any:
        value = operand(frame)
        try:
            return negate(value)
        except Invalid as error:
            warn(frame, error)
            return None

    return run


@handles(n.If)
def _if(c: Compiler, node: n.If) -> Closure:
    condition, then, otherwise = c.compile(node.condition), c.compile(node.then_), c.compile(node.else_)
    warn = c.note(node.condition.at)

    def run(frame: Frame) -> Any:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is not False:
            warn(frame, f"条件が{type_name(value)}なので、else の側を採ります")
        return otherwise(frame)

    return run


@handles(n.InstanceOf)
def _instance_of(c: Compiler, node: n.InstanceOf) -> Closure:
    value, wanted, warn = c.compile(node.value), node.type, c.note(node.at)
    unknown = unknown_type(wanted)
    if unknown:

        def run(frame: Frame) -> Any:
            warn(frame, f"「{unknown}」という型はありません")

        return run
    return lambda frame: is_instance(value(frame), wanted)


def unknown_type(wanted: Type) -> str:
    """Return the first name in a type that is no type, "" when all are."""
    if isinstance(wanted, ListType | RangeType):
        return unknown_type(wanted.item)
    if isinstance(wanted, ContextType):
        return next(filter(None, (unknown_type(type_) for _, type_ in wanted.entries)), "")
    if isinstance(wanted, FunctionType):
        return next(filter(None, map(unknown_type, (*wanted.params, wanted.result))), "")
    return "" if wanted in _KNOWN else wanted.name


_KNOWN = frozenset(SIMPLE.values())


@handles(n.ListLiteral)
def _list(c: Compiler, node: n.ListLiteral) -> Closure:
    items = tuple(c.compile(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


@handles(n.ContextLiteral)
def _context(c: Compiler, node: n.ContextLiteral) -> Closure:
    scope: dict[str, int] = {}
    entries: list[tuple[str, int, Closure]] = []
    warn = c.note(node.at)
    duplicate = _duplicate([entry.key for entry in node.entries])
    c.scopes.append(scope)
    for entry in node.entries:
        value = c.compile(entry.value)
        scope[entry.key] = c.slot()
        entries.append((entry.key, scope[entry.key], value))
    c.scopes.pop()

    def run(frame: Frame) -> Any:
        made = {}
        for key, slot, value in entries:
            made[key] = frame[slot] = value(frame)
        return made

    def refuse(frame: Frame) -> Any:
        warn(frame, f"「{duplicate}」が二つあります")

    return refuse if duplicate is not None else run


def _duplicate(keys: list[str]) -> str | None:
    return next((key for index, key in enumerate(keys) if key in keys[:index]), None) if len(keys) > 1 else None


@handles(n.RangeLiteral)
def _range(c: Compiler, node: n.RangeLiteral) -> Closure:
    constant = constant_range(node)
    if constant is not None:
        return lambda frame: constant
    start, end, left, right = c.compile(node.start), c.compile(node.end), node.start_included, node.end_included
    warn = c.note(node.at)

    def run(frame: Frame) -> Any:
        one, other = start(frame), end(frame)
        if less(other, one) is False:
            return Range(one, other, left, right)
        warn(frame, f"範囲は小さい値から大きい値へ書きます（{type_name(one)}から{type_name(other)}）")
        return None

    return run


def constant_range(node: n.Node) -> Range | None:
    """Return the range of two literal ends that go up, None for any other node."""
    if not isinstance(node, n.RangeLiteral):
        return None
    start, end = constant_of(node.start), constant_of(node.end)
    if start is None or end is None or less(end, start) is not False:
        return None
    return Range(start, end, node.start_included, node.end_included)


def constant_of(node: n.Node) -> Any:
    """Return the value of a literal, or of `-` before a number; None when it is neither."""
    if isinstance(node, n.Literal):
        return None if node.temporal and isinstance(node.value, str) else node.value
    if isinstance(node, n.Negation) and isinstance(node.operand, n.Literal):
        value = node.operand.value
        return CONTEXT.minus(value) if isinstance(value, Decimal) else None
    return None


@handles(n.Comparison)
def _comparison(c: Compiler, node: n.Comparison) -> Closure:
    value, op = c.compile(node.value), node.op
    return lambda frame: open_range(op, value(frame))


def open_range(op: str, value: object) -> Range:
    """Return the open range that `(op value)` writes."""
    if op in ("<", "<="):
        return Range(None, value, False, op == "<=", op)
    if op in (">", ">="):
        return Range(value, None, op == ">=", False, op)
    return Range(value, value, True, True, op)
