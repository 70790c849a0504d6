"""Writes a tree as FEEL text again, with the fewest brackets; reading the text gives the same tree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import nodes as n
from .formatting import quote
from .names import PLAIN
from .tokens import KEYWORD_SET

# How tightly each construct binds; a part that binds less than its place asks for stands in brackets.
_LOOSE, _OR, _AND, _COMPARE, _SUM, _PRODUCT, _POWER, _SIGN, _POSTFIX = range(9)
_BINARY = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER} | dict.fromkeys(
    ("=", "!=", "<", "<=", ">", ">="), _COMPARE
)
Writer = Callable[[Any], tuple[int, str]]


def to_text(node: n.Node) -> str:
    """Return the FEEL text of a tree."""
    return _WRITE[type(node)](node)[1]


def _at(level: int, node: n.Node) -> str:
    """Return the text of a part for a place that needs it to bind at `level` or tighter."""
    binds, text = _WRITE[type(node)](node)
    return text if binds >= level else f"({text})"


def _many(nodes: tuple[n.Node, ...]) -> str:
    return ", ".join(map(to_text, nodes))


def _literal(node: n.Literal) -> tuple[int, str]:
    value = node.value
    if node.temporal:
        return _POSTFIX, f"@{quote(str(value))}"
    if isinstance(value, str):
        return _POSTFIX, quote(value)
    if isinstance(value, Decimal):
        # A full stop after the digits would read as a range or a path.
        return _POSTFIX, format(value, "f") if -20 < value.adjusted() < 40 else str(value).lower()
    return _POSTFIX, {None: "null", True: "true", False: "false"}[value]  # type: ignore[index]


def _binary(node: n.Binary) -> tuple[int, str]:
    level = _BINARY[node.op]
    return level, f"{_at(level, node.left)} {node.op} {_at(level + 1, node.right)}"


def _between(node: n.Between) -> tuple[int, str]:
    return _COMPARE, f"{_at(_COMPARE, node.value)} between {_at(_SUM, node.low)} and {_at(_SUM, node.high)}"


def _in(node: n.In) -> tuple[int, str]:
    value = _at(_COMPARE, node.value)
    if len(node.tests) == 1:
        return _COMPARE, f"{value} in {_test(node.tests[0])}"
    return _COMPARE, f"{value} in ({', '.join(_wide_test(test) for test in node.tests)})"


def _test(node: n.Node) -> str:
    return _bare(node) if isinstance(node, n.Comparison) else _at(_SUM, node)


def _wide_test(node: n.Node) -> str:
    return _bare(node) if isinstance(node, n.Comparison) else to_text(node)


def _bare(node: n.Comparison) -> str:
    return f"{node.op} {_at(_SUM, node.value)}"


def _iterator(node: n.Iterator) -> tuple[int, str]:
    end = f" .. {to_text(node.end)}" if node.end is not None else ""
    return _LOOSE, f"{node.name} in {to_text(node.source)}{end}"


def _quantified(node: n.Quantified) -> tuple[int, str]:
    word = "every" if node.every else "some"
    return _LOOSE, f"{word} {_many(node.iterators)} satisfies {to_text(node.condition)}"


def _if(node: n.If) -> tuple[int, str]:
    return _LOOSE, f"if {to_text(node.condition)} then {to_text(node.then_)} else {to_text(node.else_)}"


def _range(node: n.RangeLiteral) -> tuple[int, str]:
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return _POSTFIX, f"{opening}{_at(_SUM, node.start)} .. {_at(_SUM, node.end)}{closing}"


def _key(key: str) -> str:
    return key if PLAIN.fullmatch(key) and key not in KEYWORD_SET else quote(key)


def _function(node: n.FunctionLiteral) -> tuple[int, str]:
    params = ", ".join(f"{param.name}: {param.type}" if param.type else param.name for param in node.params)
    return _LOOSE, f"function({params}) {'external ' if node.external else ''}{to_text(node.body)}"


def _call(node: n.Call) -> tuple[int, str]:
    args = [to_text(arg) for arg in node.args]
    if node.names is not None:
        args = [f"{name}: {arg}" for name, arg in zip(node.names, args, strict=True)]
    return _POSTFIX, f"{_at(_POSTFIX, node.function)}({', '.join(args)})"


def _unary_tests(node: n.UnaryTests) -> tuple[int, str]:
    tests = ", ".join(map(_wide_test, node.tests))
    return _LOOSE, f"not({tests})" if node.negated else tests or "-"


_WRITE: dict[type[n.Node], Writer] = {
    n.Literal: _literal,
    n.Name: lambda node: (_POSTFIX, node.name),
    n.Path: lambda node: (_POSTFIX, f"{_at(_POSTFIX, node.base)}.{node.name}"),
    n.Negation: lambda node: (_SIGN, f"-{_at(_SIGN, node.operand)}"),
    n.Binary: _binary,
    n.Between: _between,
    n.In: _in,
    n.InstanceOf: lambda node: (_POSTFIX, f"({_at(_POSTFIX, node.value)} instance of {node.type})"),
    n.If: _if,
    n.Iterator: _iterator,
    n.For: lambda node: (_LOOSE, f"for {_many(node.iterators)} return {to_text(node.body)}"),
    n.Quantified: _quantified,
    n.ListLiteral: lambda node: (_POSTFIX, f"[{_many(node.items)}]"),
    n.Entry: lambda node: (_LOOSE, f"{_key(node.key)}: {to_text(node.value)}"),
    n.ContextLiteral: lambda node: (_POSTFIX, f"{{{_many(node.entries)}}}"),
    n.RangeLiteral: _range,
    n.Comparison: lambda node: (_POSTFIX, f"({_bare(node)})"),
    n.FunctionLiteral: _function,
    n.Call: _call,
    n.Filter: lambda node: (_POSTFIX, f"{_at(_POSTFIX, node.base)}[{to_text(node.condition)}]"),
    n.UnaryTests: _unary_tests,
}
