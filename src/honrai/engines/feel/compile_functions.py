"""Compiles calls, function literals, paths, filters and loops."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from . import nodes as n
from .compiler import Closure, Compiler, FilterScope, Frame, handles
from .external import external_function
from .instances import convert
from .operators import type_name
from .properties import property_of
from .runtime import Invalid, Runtime
from .signatures import Builtin
from .types import Type, label
from .values import Date, Function, Range


@handles(n.Path)
def _path(c: Compiler, node: n.Path) -> Closure:
    base, name, warn = c.compile(node.base), node.name, c.note(node.at)

    def run(frame: Frame) -> Any:
        value = base(frame)
        if type(value) is dict and name in value:
            return value[name]
        if type(value) is list:
            frame[0].charge(len(value))
            return [_step(frame, item, name, warn) for item in value]
        return _step(frame, value, name, warn)

    return run


def _step(frame: Frame, value: Any, name: str, warn: Any) -> Any:
    if type(value) is dict and name in value:
        return value[name]
    try:
        return property_of(value, name)
    except Invalid as error:
        warn(frame, error)
        return None


@handles(n.Call)
def _call(c: Compiler, node: n.Call) -> Closure:
    args = tuple(c.compile(arg) for arg in node.args)
    builtin = c.is_builtin(node.function)
    if builtin is not None:
        return _call_builtin(c, node, builtin, args)
    function, warn, names = c.compile(node.function), c.note(node.at), node.names

    def run(frame: Frame) -> Any:
        target = function(frame)
        values = [arg(frame) for arg in args]
        if type(target) is not Function:
            warn(frame, f"{type_name(target)}は呼び出せません")
            return None
        try:
            return call_function(frame[0], target, values, names)
        except Invalid as error:
            warn(frame, error)
            return None

    return run


def _call_builtin(c: Compiler, node: n.Call, builtin: Builtin, args: tuple[Closure, ...]) -> Closure:
    warn, names, call = c.note(node.at), node.names, builtin.call
    constant = _constant_call(node, builtin)
    if constant is not None:
        return lambda frame: constant
    direct = builtin.direct(len(args)) if names is None else None

    if direct is None:
        return _call_any_form(args, names, call, warn)
    kinds, function = direct

    def run_direct(frame: Frame) -> Any:
        values = [arg(frame) for arg in args]
        rt = frame[0]
        try:
            for value, kind in zip(values, kinds, strict=True):
                if type(value) is not kind and kind is not object:
                    return call(rt, values)
            rt.charge(1)
            return function(rt, *values)
        except Invalid as error:
            warn(frame, error)
            return None

    return run_direct


def _call_any_form(args: tuple[Closure, ...], names: tuple[str, ...] | None, call: Any, warn: Any) -> Closure:
    def run(frame: Frame) -> Any:
        values = [arg(frame) for arg in args]
        try:
            return call(frame[0], values, names)
        except Invalid as error:
            warn(frame, error)
            return None

    return run


# Built-ins that always give the same value for the same text.
_MAKERS = frozenset({"date", "time", "date and time", "duration", "number"})


def _constant_call(node: n.Call, builtin: Builtin) -> Any:
    """Return the value of `date("2026-04-01")` and its like, worked out once; None for any other call."""
    if builtin.name not in _MAKERS or node.names is not None or len(node.args) != 1:
        return None
    text = node.args[0].value if isinstance(node.args[0], n.Literal) else None
    if not isinstance(text, str):
        return None
    try:
        return builtin.call(Runtime(), [text])
    except Invalid:
        return None


def call_function(rt: Runtime, function: Function, args: list[Any], names: tuple[str, ...] | None = None) -> Any:
    """Return the result of a function value. Raises Invalid when the arguments do not fit its parameters."""
    if function.bind is not None:
        return function.bind(rt, args, names)
    if names is not None:
        given = dict(zip(names, args, strict=True))
        if len(given) != len(names) or given.keys() != set(function.params):
            raise Invalid(f"{function.name} の引数は {', '.join(function.params)} です")
        args = [given[param] for param in function.params]
    if len(args) != len(function.params):
        raise Invalid(f"{function.name} の引数は {len(function.params)} 個です（{len(args)} 個あります）")
    for index, wanted in enumerate(function.types):
        if wanted is not None:
            fits, args[index] = convert(args[index], wanted)
            if not fits:
                raise Invalid(f"{function.name}: {function.params[index]} が{label(wanted)}ではありません")
    return function.call(rt, args)


@handles(n.FunctionLiteral)
def _function(c: Compiler, node: n.FunctionLiteral) -> Closure:
    params = tuple(param.name for param in node.params)
    types = tuple(param.type for param in node.params)
    if node.external:
        return _external(c, node, params, types)
    scope = {name: c.slot() for name in params}
    slots = tuple(scope.values())
    body = c.within(scope, node.body)

    def make(frame: Frame) -> Any:
        captured = frame[:]
        frame[0].charge(len(captured) >> 3)

        def call(rt: Runtime, args: list[Any]) -> Any:
            inner = captured[:]
            inner[0] = rt
            for slot, value in zip(slots, args, strict=False):
                inner[slot] = value
            rt.enter()
            try:
                return body(inner)
            finally:
                rt.calls -= 1

        return Function("function", params, call, types=types)

    return make


def _external(c: Compiler, node: n.FunctionLiteral, params: tuple[str, ...], types: tuple[Type | None, ...]) -> Closure:
    body, warn = c.compile(node.body), c.note(node.at)

    def make(frame: Frame) -> Any:
        try:
            return external_function(frame[0], body(frame), params, types)
        except Invalid as error:
            warn(frame, error)
            return None

    return make


@handles(n.Filter)
def _filter(c: Compiler, node: n.Filter) -> Closure:
    base, warn = _filtered(c, node.base), c.note(node.at)
    slot = c.slot()
    condition = c.within(FilterScope(slot), node.condition)
    position = _constant(node.condition)
    cost = 1 + sum(1 for _ in n.walk(node.condition)) // 2

    def by_position(frame: Frame) -> Any:
        return _at(frame, _as_list(base(frame)), position, warn)

    def by_condition(frame: Frame) -> Any:
        value = base(frame)
        items = _as_list(value)
        kept = []
        for item in items:
            frame[0].charge(cost)
            frame[slot] = item
            found = condition(frame)
            if found is True:
                kept.append(item)
            elif type(found) is Decimal:
                return _at(frame, items, found, warn)
        return kept if items else _nothing(frame, slot, condition)

    return by_condition if position is None else by_position


def _filtered(c: Compiler, node: n.Node) -> Closure:
    """Compile the list of a filter; `partial` needs no copy here because a filter makes a new list."""
    if isinstance(node, n.Name) and node.name == "partial":
        for scope in reversed(c.scopes):
            if isinstance(scope, FilterScope):
                break
            if "partial" in scope:
                slot = scope["partial"]
                return lambda frame: frame[slot]
    return c.compile(node)


def _constant(node: n.Node) -> Decimal | None:
    if isinstance(node, n.Negation):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    value = node.value if isinstance(node, n.Literal) else None
    return value if isinstance(value, Decimal) else None


def _as_list(value: Any) -> list[Any]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def _at(frame: Frame, items: list[Any], position: Any, warn: Any) -> Any:
    count = len(items)
    if position == position.to_integral_value():
        if 1 <= position <= count:
            return items[int(position) - 1]
        if -count <= position <= -1:
            return items[int(position)]
    warn(frame, f"{count}件のリストに位置 {position} はありません")
    return None


def _nothing(frame: Frame, slot: int, condition: Closure) -> Any:
    """An empty list stays empty, but has nothing at a position."""
    frame[slot] = None
    kept = len(frame[0].warnings)
    found = condition(frame)
    del frame[0].warnings[kept:]
    return None if type(found) is Decimal else []


@handles(n.For)
def _for(c: Compiler, node: n.For) -> Closure:
    scope = {"partial": c.slot()}
    c.scopes.append(scope)
    loops, warn = _loops(c, node.iterators), c.note(node.at)
    body = c.compile(node.body)
    c.scopes.pop()
    for _ in loops:
        c.scopes.pop()
    partial, cost = scope["partial"], 1 + sum(1 for _ in n.walk(node.body)) // 2

    def run(frame: Frame) -> Any:
        results: list[Any] = []
        try:
            for _ in _iterate(frame, loops, 0):
                frame[0].charge(cost)
                frame[partial] = results
                results.append(body(frame))
        except Invalid as error:
            warn(frame, error)
            return None
        return results

    return run


@handles(n.Quantified)
def _quantified(c: Compiler, node: n.Quantified) -> Closure:
    loops, warn = _loops(c, node.iterators), c.note(node.at)
    condition = c.compile(node.condition)
    for _ in loops:
        c.scopes.pop()
    every, cost = node.every, 1 + sum(1 for _ in n.walk(node.condition)) // 2

    def run(frame: Frame) -> Any:
        unknown = False
        try:
            for _ in _iterate(frame, loops, 0):
                frame[0].charge(cost)
                found = condition(frame)
                if found is (not every):
                    return found
                unknown = unknown or found is not every
        except Invalid as error:
            warn(frame, error)
            return None
        return None if unknown else every

    return run


Loop = tuple[int, Closure, Closure | None]


def _loops(c: Compiler, iterators: tuple[n.Iterator, ...]) -> list[Loop]:
    """Compile the iterators, each in the scope of those before; leaves one scope open for each."""
    loops: list[Loop] = []
    for iterator in iterators:
        source = c.compile(iterator.source)
        end = c.compile(iterator.end) if iterator.end is not None else None
        slot = c.slot()
        c.scopes.append({iterator.name: slot})
        loops.append((slot, source, end))
    return loops


def _iterate(frame: Frame, loops: list[Loop], index: int) -> Iterator[None]:
    slot, source, end = loops[index]
    last = index == len(loops) - 1
    for value in _domain(source(frame), end(frame) if end else None, end is not None):
        frame[slot] = value
        if last:
            yield
        else:
            frame[0].charge(1)
            yield from _iterate(frame, loops, index + 1)


def _domain(source: Any, end: Any, counted: bool) -> Any:
    """Return what a loop runs over: the items of a list, the whole steps of a range, or one value."""
    if counted:
        return _count(source, end)
    if type(source) is list:
        return source
    if type(source) is Range:
        return _count_range(source)
    if source is None:
        raise Invalid("null は繰り返せません")
    return [source]


def _count(begin: Any, end: Any) -> Iterator[Any]:
    if type(begin) is Decimal and type(end) is Decimal:
        if begin != begin.to_integral_value() or end != end.to_integral_value():
            raise Invalid("数え上げは整数から整数までです")
        if max(abs(begin), abs(end)) > 10**18:
            raise Invalid("数え上げは 10^18 以内です")
        return (Decimal(value) for value in _steps(int(begin), int(end)))
    if type(begin) is Date and type(end) is Date:
        return (Date.from_number(value) for value in _steps(begin.number, end.number))
    raise Invalid(f"{type_name(begin)}から{type_name(end)}までは数え上げられません")


def _steps(begin: int, end: int) -> range:
    return range(begin, end + 1) if begin <= end else range(begin, end - 1, -1)


def _count_range(source: Range) -> Iterator[Any]:
    for value in _count(source.start, source.end):
        if (value == source.start and not source.start_included) or (value == source.end and not source.end_included):
            continue
        yield value
