"""Makes the nodes of the tree, one function per named alternative of `grammar.lark`.

Each takes the values on the right-hand side in order: nodes, tuples of nodes, and `Token`s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import nodes as n
from .tokens import Token

Built = Callable[[list[Any]], Any]


def _call_named(v: list[Any]) -> n.Node:
    return n.Call(v[0].at, v[0], tuple(e.value for e in v[2]), tuple(e.key for e in v[2]))


def _range(v: list[Any]) -> n.Node:
    return n.RangeLiteral(v[0].at, v[1], v[3], v[0].kind == "LBRACK", v[4].kind == "RBRACK")


def _temporal(v: list[Any]) -> n.Node:
    value, content = v[0].value
    return n.Literal(v[0].at, value if value is not None else content, temporal=True)


def _more(v: list[Any]) -> list[Any]:
    v[0].append(v[2])
    found: list[Any] = v[0]
    return found


def _iterator_range(v: list[Any]) -> n.Node:
    return n.Iterator(v[0].at, v[0].value, v[2], v[4])


def _function(v: list[Any]) -> n.Node:
    return _function_of(v[0], tuple(v[2]), v[4])


def _function_of(word: Token, params: tuple[n.Parameter, ...], body: Any) -> n.Node:
    if isinstance(body, tuple):
        return n.FunctionLiteral(word.at, params, body[1], external=True)
    return n.FunctionLiteral(word.at, params, body)


BUILDERS: dict[str, Built] = {
    "binary": lambda v: n.Binary(v[0].at, v[1].value, v[0], v[2]),
    "between": lambda v: n.Between(v[0].at, v[0], v[2], v[4]),
    "in_one": lambda v: n.In(v[0].at, v[0], (v[2],)),
    "in_many": lambda v: n.In(v[0].at, v[0], (v[3], *v[5])),
    "negation": lambda v: n.Negation(v[0].at, v[1]),
    "path": lambda v: n.Path(v[0].at, v[0], v[2].value),
    "filter": lambda v: n.Filter(v[0].at, v[0], v[2]),
    "call_empty": lambda v: n.Call(v[0].at, v[0], ()),
    "call": lambda v: n.Call(v[0].at, v[0], tuple(v[2])),
    "call_named": _call_named,
    "instance": lambda v: n.InstanceOf(v[0].at, v[0], v[2].value),
    "literal": lambda v: n.Literal(v[0].at, v[0].value),
    "temporal": _temporal,
    "name": lambda v: n.Name(v[0].at, v[0].value),
    "bracketed": lambda v: v[1],
    "if_": lambda v: n.If(v[0].at, v[1], v[3], v[5]),
    "for_": lambda v: n.For(v[0].at, tuple(v[1]), v[3]),
    "quantified": lambda v: n.Quantified(v[0].at, v[0].value == "every", tuple(v[1]), v[3]),
    "function": _function,
    "function_empty": lambda v: _function_of(v[0], (), v[3]),
    "external": lambda v: ("external", v[1]),
    "list_empty": lambda v: n.ListLiteral(v[0].at, ()),
    "list_items": lambda v: n.ListLiteral(v[0].at, tuple(v[1])),
    "context_empty": lambda v: n.ContextLiteral(v[0].at, ()),
    "context": lambda v: n.ContextLiteral(v[0].at, tuple(v[1])),
    "entry": lambda v: n.Entry(v[0].at, v[0].value, v[2]),
    "range": _range,
    "iterator": lambda v: n.Iterator(v[0].at, v[0].value, v[2]),
    "iterator_range": _iterator_range,
    "parameter": lambda v: n.Parameter(v[0].at, v[0].value, v[2].value if len(v) == 3 else None),
    "comparison": lambda v: n.Comparison(v[0].at, v[0].value, v[1]),
    "unary": lambda v: n.UnaryTests(v[0][0].at, tuple(v[0])),
    "unary_not": lambda v: n.UnaryTests(v[0].at, tuple(v[2]), negated=True),
    "first": lambda v: [v[0]],
    "more": _more,
}
