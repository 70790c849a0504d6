"""Reads the text of a range whose ends are literals: what `range("[1..10]")` takes.

An end may be missing, as in `[18..)`; the range is then open on that side.
"""

from __future__ import annotations

import re
from decimal import Decimal

from . import nodes as n
from .comparing import less
from .compiler import open_range
from .errors import FeelError
from .parser import Source, parse_expression
from .temporal import parse_date, parse_date_time, parse_duration, parse_time
from .values import CONTEXT, Range

_OPEN_START = re.compile(r"\s*[(\]]\s*\.\.(.*)([\])\[])\s*", re.DOTALL)
_OPEN_END = re.compile(r"\s*([\[(\]])(.*)\.\.\s*[)\[]\s*", re.DOTALL)
_READERS = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}


def parse_range(text: str) -> Range | None:
    """Return the range written in `text`, None when it is none or an end is not a literal."""
    open_start, open_end = _OPEN_START.fullmatch(text), _OPEN_END.fullmatch(text)
    if open_start:
        return _open("<=" if open_start[2] == "]" else "<", open_start[1])
    if open_end:
        return _open(">=" if open_end[1] == "[" else ">", open_end[2])
    tree = _tree(text)
    if isinstance(tree, n.Comparison):
        return _bounded(tree.op, tree.value)
    if not isinstance(tree, n.RangeLiteral):
        return None
    start, end = _literal(tree.start), _literal(tree.end)
    if less(end, start) is not False:
        return None
    return Range(start, end, tree.start_included, tree.end_included)


def _tree(text: str) -> n.Node | None:
    try:
        return parse_expression(Source(text))
    except FeelError:
        return None


def _open(op: str, text: str) -> Range | None:
    tree = _tree(text)
    return None if tree is None else _bounded(op, tree)


def _bounded(op: str, node: n.Node) -> Range | None:
    end = _literal(node)
    return None if end is None else open_range(op, end)


def _literal(node: n.Node) -> object:
    """Return the value of a literal, of `-` before a number, or of `date("...")` and its like; else None."""
    if isinstance(node, n.Negation):
        value = _literal(node.operand)
        return CONTEXT.minus(value) if isinstance(value, Decimal) else None
    if isinstance(node, n.Literal):
        return None if node.temporal and isinstance(node.value, str) else node.value
    if not isinstance(node, n.Call) or not isinstance(node.function, n.Name) or len(node.args) != 1:
        return None
    read, argument = _READERS.get(node.function.name), node.args[0]
    if read is None or not isinstance(argument, n.Literal) or not isinstance(argument.value, str):
        return None
    return read(argument.value)
