"""The abstract syntax tree of FEEL: one frozen class per construct.

Every node carries `at`, the 0-based offset of its first character in the source text; `errors.line_and_column`
turns it into a line and a column. Trees are values: they compare equal when they say the same at the same place;
`same` compares them without places.
"""

from __future__ import annotations

from collections.abc import Iterator as Iterable_
from dataclasses import dataclass, fields

from .types import Type


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes share: the offset of the first character."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null, or temporal value written `@"..."`.

    `value` is the FEEL value: Decimal, str, bool, None or one of `values`. `temporal` tells `@"..."` from a string;
    where `...` is no date, time or duration, `value` is that text and the literal evaluates to null.
    """

    value: object
    temporal: bool = False


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, parameter or built-in function; white space in the name is single spaces. `?` is the input value."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left op right`; op is one of `+ - * / ** = != < <= > >= and or`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, ...)`; each test reads as a positive unary test."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then then_ else else_`."""

    condition: Node
    then_: Node
    else_: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in source`; with `end`, `name in source..end`, counting up or down by one (day)."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for a in x, b in y return body`; `partial` in the body holds the results so far."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some ... satisfies` or `every ... satisfies`; `every` tells which."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[item, ...]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`key: value` of a context."""

    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, ...}`; later entries may use the keys of earlier ones as names."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[start..end]` and its half-open forms."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A test without its left side: `< value`, `<=`, `>`, `>=`, `=`, `!=`.

    As a unary test the left side is the input value; as an expression in brackets, `(< 10)`, it is an open range.
    """

    op: str
    value: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter of a function."""

    name: str
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(a, b: number) body`; with `external` the body is the context that names a Java or PMML function."""

    params: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(args)`; `names` gives the parameter of each argument, None when they go by position."""

    function: Node
    args: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`: by position when the condition is a number, else by truth for each item."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The tests of one table cell, any of which may hold; `-` has no tests; `not(...)` sets `negated`.

    A test is a `Comparison` (`< 10`), a `RangeLiteral` (`[1..5]`), or any other expression: one that uses `?` is
    a condition of its own, one that does not is compared with the input value.
    """

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> list[Node]:
    """Return the nodes directly below `node`, in the order they are written."""
    found: list[Node] = []
    for name in _BELOW[type(node)]:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend([item for item in value if isinstance(item, Node)])
    return found


_HOLDERS = frozenset({"iterators", "entries", "params"})
# The fields of each class that can hold nodes.
_BELOW: dict[type[Node], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if "Node" in str(field.type) or field.name in _HOLDERS)
    for kind in Node.__subclasses__()
}


def walk(node: Node) -> Iterable_[Node]:
    """Yield `node` and every node below it, parents first."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def names_used(node: Node) -> frozenset[str]:
    """Return every name read anywhere in the tree, bound or not, `?` included."""
    return frozenset(found.name for found in walk(node) if isinstance(found, Name))


def same(one: Node, other: Node) -> bool:
    """Tell whether two trees say the same, wherever they stand in their texts."""
    if type(one) is not type(other):
        return False
    for field in fields(one):
        if field.name != "at" and not _same_field(getattr(one, field.name), getattr(other, field.name)):
            return False
    return True


def _same_field(one: object, other: object) -> bool:
    if isinstance(one, Node) and isinstance(other, Node):
        return same(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same_field, one, other))
    return type(one) is type(other) and one == other
