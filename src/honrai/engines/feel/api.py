"""FEEL for other programs: read an expression or a table cell once, evaluate it as often as needed.

>>> parse("a-b + 1", names=["a-b"]).ast
Binary(at=0, op='+', ...)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import nodes as n
from .limits import DEFAULT_LIMITS, Limits
from .parser import Source, parse_expression, parse_tests
from .types import Type


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression that has been read; `ast` is its tree."""

    text: str
    ast: n.Node


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The unary tests of a table cell that have been read; `ast` is their tree."""

    text: str
    ast: n.UnaryTests


def parse(
    text: str,
    *,
    names: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    file: str = "",
) -> Expression:
    """Read an expression.

    Args:
        text: the expression.
        names: names in scope; needed for names that hold signs (`a-b`) or keywords. The names of components of
            contexts may be among them.
        types: named types that `instance of` and parameters may use.
        limits: bounds on size and depth.
        file: name of the file the text came from, for messages.

    Raises:
        FeelError: the text is not FEEL, or too large; it says where and how to mend it.
    """
    return Expression(text, parse_expression(_source(text, names, types, limits, file)))


def parse_unary_tests(
    text: str,
    *,
    names: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    file: str = "",
) -> UnaryTests:
    """Read the unary tests of a table cell; `-` and an empty cell accept every value. Arguments as for `parse`.

    Raises:
        FeelError: the text is not FEEL, or too large; it says where and how to mend it.
    """
    return UnaryTests(text, parse_tests(_source(text, names, types, limits, file)))


def _source(text: str, names: Iterable[str], types: Mapping[str, Type] | None, limits: Limits, file: str) -> Source:
    known = dict(types or {})
    return Source(text, names=names, limits=limits, file=file, types=lambda name: known.get(name) or Type(name))
