"""The FEEL of a pack: evaluate a condition, and see which declared names an expression uses."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from honrai.engines.feel import nodes
from honrai.engines.feel.api import Expression, UnaryTests, parse, parse_unary_tests
from honrai.engines.feel.errors import FeelError

__all__ = [
    "FeelError",
    "is_true",
    "names_in",
    "null_tested",
    "null_tested_in",
    "parsed",
    "parsed_tests",
    "truth",
    "used_names",
]


@lru_cache(maxsize=4096)
def parsed(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """Return an expression ready to run; read once for all cases.

    Args:
        text: FEEL.
        names: names in scope that hold signs (`高額・附加の確認`).

    Raises:
        FeelError: it is not FEEL; the message says where and how to mend it.
    """
    return parse(text, names=names)


@lru_cache(maxsize=4096)
def parsed_tests(text: str, names: frozenset[str] = frozenset()) -> UnaryTests:
    """Return the tests of a table cell; arguments and errors as for `parsed`."""
    return parse_unary_tests(text, names=names)


def truth(text: str, context: Mapping[str, Any]) -> bool | None:
    """Return whether a condition holds; None when a value it needs is not known."""
    value = parsed(text).evaluate(context).value
    return value if isinstance(value, bool) else None


def is_true(text: str, context: Mapping[str, Any]) -> bool:
    """Return whether a condition certainly holds."""
    return truth(text, context) is True


def used_names(text: str) -> frozenset[str]:
    """Return the dotted names an expression reads, longest form (`child.born.year` for `child.born.year`).

    Names bound inside the expression (`for x in ...`) and called functions are left out.

    Raises:
        FeelError: it is not FEEL.
    """
    return frozenset(names_in(parsed(text).ast))


def null_tested(text: str) -> frozenset[str]:
    """Return the names an expression compares with null: it says itself what holds while they are unknown."""
    return frozenset(null_tested_in(parsed(text).ast))


def null_tested_in(tree: nodes.Node) -> Iterator[str]:
    """Yield the names a tree compares with null."""
    for node in nodes.walk(tree):
        if isinstance(node, nodes.Binary) and node.op in ("=", "!="):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(other, nodes.Literal) and other.value is None:
                    yield from names_in(side)


def names_in(node: nodes.Node) -> Iterator[str]:
    """Yield the dotted names a tree reads."""
    yield from _walk(node, frozenset())


def _walk(node: Any, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, nodes.Path | nodes.Name):
        yield from _path(node, bound)
    elif isinstance(node, nodes.Call):
        if not isinstance(node.function, nodes.Name):
            yield from _walk(node.function, bound)
        yield from _each(node.args, bound)
    elif isinstance(node, nodes.For | nodes.Quantified):
        names = bound | {one.name for one in node.iterators} | {"partial"}
        yield from _each(node.iterators, bound)
        yield from _walk(node.body if isinstance(node, nodes.For) else node.condition, names)
    elif isinstance(node, nodes.Filter):
        yield from _walk(node.base, bound)
        yield from _filtered(node, bound)
    elif isinstance(node, nodes.Node):
        yield from _children(node, bound)


def _path(node: Any, bound: frozenset[str]) -> Iterator[str]:
    parts: list[str] = []
    while isinstance(node, nodes.Path):
        parts.append(node.name)
        node = node.base
    if not isinstance(node, nodes.Name):
        yield from _walk(node, bound)
    elif node.name not in bound and node.name != "?":
        yield ".".join([node.name, *reversed(parts)])


def _filtered(node: nodes.Filter, bound: frozenset[str]) -> Iterator[str]:
    """A condition in brackets may name parts of the item (`members[income > 0]`), which are no names of the pack."""
    yield from (name for name in _walk(node.condition, bound | {"item"}) if "." in name)


def _children(node: nodes.Node, bound: frozenset[str]) -> Iterator[str]:
    for entry in fields(node):
        child = getattr(node, entry.name)
        yield from _each(child, bound) if isinstance(child, tuple) else _walk(child, bound)


def _each(children: Iterable[Any], bound: frozenset[str]) -> Iterator[str]:
    for child in children:
        yield from _walk(child, bound)
