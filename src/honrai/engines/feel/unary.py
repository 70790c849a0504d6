"""Compiles the unary tests of a table cell into one closure that tells whether the input value passes."""

from __future__ import annotations

from typing import Any

from . import nodes as n
from .comparing import in_test
from .compile_operators import test_closure
from .compiler import Closure, Compiler, Frame


def compile_tests(c: Compiler, tree: n.UnaryTests) -> Closure:
    """Return the closure of a cell; the input value is the name `?` in the scope."""
    slot = c.free_slot("?")
    if not tree.tests:
        return lambda frame: True
    tests = [_test(c, test) for test in tree.tests]
    negated = tree.negated

    def run(frame: Frame) -> Any:
        value = frame[slot]
        unknown = False
        for test in tests:
            found = test(frame, value)
            if found is True:
                return not negated
            unknown = unknown or found is None
        return None if unknown else negated

    return run


def _test(c: Compiler, node: n.Node) -> Any:
    if isinstance(node, n.Comparison | n.RangeLiteral | n.Literal):
        return test_closure(c, node)
    made = c.compile(node)
    if "?" in n.names_used(node):
        return lambda frame, value: _verdict(made(frame))
    return lambda frame, value: _passes(value, made(frame))


def _verdict(found: Any) -> bool | None:
    """A test that uses `?` is a condition of its own."""
    return found if isinstance(found, bool) else None


def _passes(value: Any, found: Any) -> bool | None:
    """Another expression is compared with the input; a condition passes by itself where the input is no boolean."""
    if isinstance(found, bool) and not isinstance(value, bool | list):
        return found
    return in_test(value, found)
