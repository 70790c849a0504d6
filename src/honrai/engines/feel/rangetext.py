"""Reads the text of a range whose ends are literals: what `range("[1..10]")` takes."""

from __future__ import annotations

from decimal import Decimal

from . import nodes as n
from .compiler import open_range
from .errors import FeelError
from .parser import Source, parse_expression
from .temporal import parse_date, parse_date_time, parse_duration, parse_time
from .values import CONTEXT, Range


def parse_range(text: str) -> Range | None:
    """Return the range written in `text`, None when it is none or an end is not a literal."""
    try:
        tree = parse_expression(Source(text))
    except FeelError:
        return None
    if isinstance(tree, n.Comparison):
        known, end = _literal(tree.value)
        return open_range(tree.op, end) if known and end is not None else None
    if not isinstance(tree, n.RangeLiteral):
        return None
    (left, start), (right, end) = _literal(tree.start), _literal(tree.end)
    if not (left and right) or (start is None and end is None):
        return None
    if start is not None and end is not None and type(start) is not type(end):
        return None
    return Range(start, end, tree.start_included, tree.end_included)


def _literal(node: n.Node) -> tuple[bool, object]:
    if isinstance(node, n.Negation):
        known, value = _literal(node.operand)
        return known and isinstance(value, Decimal), CONTEXT.minus(value) if isinstance(value, Decimal) else None
    if isinstance(node, n.Literal):
        return not (node.temporal and isinstance(node.value, str)), node.value
    return _constructed(node)


def _constructed(node: n.Node) -> tuple[bool, object]:
    """A call such as `date("2024-01-01")` of a literal counts as one."""
    if not isinstance(node, n.Call) or not isinstance(node.function, n.Name) or len(node.args) != 1:
        return False, None
    read = _READERS.get(node.function.name)
    argument = node.args[0]
    if read is None or not isinstance(argument, n.Literal) or not isinstance(argument.value, str):
        return False, None
    value = read(argument.value)
    return value is not None, value


_READERS = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}
