"""Compiles the operators: arithmetic, comparison, membership, and the three-valued `and` and `or`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from . import nodes as n
from .builtins.lists import weight
from .comparing import compare, in_test
from .compiler import Closure, Compiler, Frame, constant_of, constant_range, handles
from .operators import arithmetic, type_name
from .runtime import Invalid
from .values import CONTEXT, DateTime, Range

_FAST = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply}
_SIZED = (list, dict)
# Looking up the rules of a time zone takes longer than other arithmetic.
_MOMENT_COST = 50
_PYTHON: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@handles(n.Binary)
def _binary(c: Compiler, node: n.Binary) -> Closure:
    left, right = c.compile(node.left), c.compile(node.right)
    if node.op == "and":
        return _and(c, node, left, right)
    if node.op == "or":
        return _or(c, node, left, right)
    if node.op in _COMPARE:
        return _COMPARE[node.op](c, node, left, right)
    return _arithmetic(c, node, left, right)


def _arithmetic(c: Compiler, node: n.Binary, left: Closure, right: Closure) -> Closure:
    op, warn = node.op, c.note(node.at)
    cost = 100 if op == "**" else 10

    def slow(frame: Frame, one: Any, other: Any) -> Any:
        frame[0].charge(_MOMENT_COST if DateTime in (type(one), type(other)) else cost)
        try:
            result = arithmetic(op, one, other)
        except Invalid as error:
            warn(frame, error)
            return None
        if type(result) is str:
            frame[0].charge_string(len(result))
        return result

    fast = _FAST.get(op)
    if fast is None:
        return lambda frame: slow(frame, left(frame), right(frame))

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return fast(one, other)
            except DecimalException:
                return slow(frame, one, other)
        return slow(frame, one, other)

    return run


def _and(c: Compiler, node: n.Binary, left: Closure, right: Closure) -> Closure:
    warn = c.note(node.at)

    def run(frame: Frame) -> Any:
        one = left(frame)
        if one is False:
            return False
        other = right(frame)
        if other is False:
            return False
        if one is True and other is True:
            return True
        _explain(frame, warn, "and", one, other)
        return None

    return run


def _or(c: Compiler, node: n.Binary, left: Closure, right: Closure) -> Closure:
    warn = c.note(node.at)

    def run(frame: Frame) -> Any:
        one = left(frame)
        if one is True:
            return True
        other = right(frame)
        if other is True:
            return True
        if one is False and other is False:
            return False
        _explain(frame, warn, "or", one, other)
        return None

    return run


def _explain(frame: Frame, warn: Any, op: str, one: object, other: object) -> None:
    for value in (one, other):
        if value is not None and not isinstance(value, bool):
            warn(frame, f"{op} は真偽値を結ぶもので、{type_name(value)}は使えません")


def _answer(frame: Frame, op: str, one: Any, other: Any, warn: Any) -> bool | None:
    if isinstance(one, _SIZED):
        frame[0].charge(weight(one))
    found = compare(op, one, other)
    if found is None:
        warn(frame, f"{type_name(one)} {op} {type_name(other)} は比べられません")
    return found


def _equals(c: Compiler, node: n.Binary, left: Closure, right: Closure) -> Closure:
    op, warn, wanted = node.op, c.note(node.at), node.op == "="

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        kind = type(one)
        if kind is type(other) and (kind is str or kind is Decimal):
            return (one == other) is wanted
        return _answer(frame, op, one, other, warn)

    return run


def _order(c: Compiler, node: n.Binary, left: Closure, right: Closure) -> Closure:
    op, warn, fast = node.op, c.note(node.at), _PYTHON[node.op]

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            return fast(one, other)
        return _answer(frame, op, one, other, warn)

    return run


_COMPARE = {"=": _equals, "!=": _equals, "<": _order, ">": _order, "<=": _order, ">=": _order}


@handles(n.Between)
def _between(c: Compiler, node: n.Between) -> Closure:
    value, low, high, warn = c.compile(node.value), c.compile(node.low), c.compile(node.high), c.note(node.at)

    def run(frame: Frame) -> Any:
        one = value(frame)
        above, below = compare(">=", one, low(frame)), compare("<=", one, high(frame))
        if above is False or below is False:
            return False
        if above is None or below is None:
            warn(frame, f"{type_name(one)}と between の両端は比べられません")
            return None
        return True

    return run


@handles(n.In)
def _in(c: Compiler, node: n.In) -> Closure:
    value, warn = c.compile(node.value), c.note(node.at)
    tests = [test_closure(c, test) for test in node.tests]

    def run(frame: Frame) -> Any:
        one = value(frame)
        unknown = False
        for test in tests:
            found = test(frame, one)
            if found is True:
                return True
            unknown = unknown or found is None
        if unknown:
            warn(frame, f"{type_name(one)}と in の右は比べられません")
            return None
        return False

    return run


def test_closure(c: Compiler, node: n.Node) -> Any:
    """Return what tells whether a value passes one test: a function of the frame and the value."""
    if isinstance(node, n.Comparison):
        return _comparison_test(c, node)
    known = constant_range(node)
    if known is not None:
        return _range_test(known)
    if isinstance(node, n.ListLiteral):
        items = [constant_of(item) for item in node.items]
        if items and all(type(item) in (str, Decimal) for item in items):
            return _list_test(items)
    return _other_test(c, node)


def _comparison_test(c: Compiler, node: n.Comparison) -> Any:
    op, constant = node.op, constant_of(node.value)
    if type(constant) is Decimal:
        fast = _PYTHON[op]
        return lambda frame, value: fast(value, constant) if type(value) is Decimal else compare(op, value, constant)
    end = c.compile(node.value)
    return lambda frame, value: compare(op, value, end(frame))


def _range_test(known: Range) -> Any:
    if type(known.start) is not Decimal:
        return lambda frame, value: in_test(value, known)
    low, high = known.start, known.end
    above, below = _PYTHON[">=" if known.start_included else ">"], _PYTHON["<=" if known.end_included else "<"]

    def run(frame: Frame, value: Any) -> Any:
        if type(value) is Decimal:
            return above(value, low) and below(value, high)
        return in_test(value, known)

    return run


def _list_test(items: list[Any]) -> Any:
    wanted = frozenset(items)

    def run(frame: Frame, value: Any) -> Any:
        if type(value) is str or type(value) is Decimal:
            return value in wanted
        return in_test(value, items)

    return run


def _other_test(c: Compiler, node: n.Node) -> Any:
    made, literal, ranged = c.compile(node), isinstance(node, n.Literal), isinstance(node, n.RangeLiteral)

    def run(frame: Frame, value: Any) -> Any:
        test = made(frame)
        if test is None and not literal:
            # Not the null a table asks for, but a test that has no value; only null itself equals it.
            return None if ranged or value is not None else True
        if isinstance(test, _SIZED):
            frame[0].charge(weight(test))
        return in_test(value, test)

    return run
