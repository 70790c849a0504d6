"""FEEL texts of a model, read once: formulas that give a value, cells that test one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from honrai.engines.decision.run import Run, Scope
from honrai.engines.feel import api as feel
from honrai.engines.feel import nodes as n
from honrai.engines.feel.builtins import BUILTINS
from honrai.engines.feel.lexer import KEYWORD_SET
from honrai.engines.feel.names import NameIndex
from honrai.engines.feel.parser import Source
from honrai.engines.feel.types import Type

_INDEX = NameIndex(KEYWORD_SET)


def special(names: Iterable[str]) -> frozenset[str]:
    """Return the names FEEL must be told of: those with signs or keywords, and those that hide a built-in function."""
    return frozenset(filter(_is_special, names))


@lru_cache(1024)
def _is_special(name: str) -> bool:
    return name in BUILTINS or _INDEX.needs(name)


class Formula:
    """A FEEL expression of the model."""

    __slots__ = ("expression", "line", "text")

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, Type], line: int) -> None:
        self.text, self.line = text, line
        self.expression = feel.parse(text, names=special(names), types=types or None)

    @property
    def ast(self) -> n.Node:
        """The tree of the expression."""
        return self.expression.ast

    def value(self, scope: Scope, run: Run) -> object:
        """Return the value for the names in `scope`."""
        return run.feel(self.expression, scope, self.line)


class Cell:
    """The unary tests of one cell. `parts` are its tests one by one, for the order of output values."""

    __slots__ = ("ast", "line", "parts", "tests", "text")

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, Type], line: int) -> None:
        self.text, self.line = text, line
        self.tests: feel.UnaryTests = feel.parse_unary_tests(text, names=special(names), types=types or None)
        self.ast: n.UnaryTests = self.tests.ast
        self.parts: tuple[Cell, ...] = (self,)
        if len(self.ast.tests) > 1 and not self.ast.negated:
            self.parts = tuple(self._part(each) for each in self.ast.tests)

    @classmethod
    def never(cls, line: int) -> Cell:
        """Return a cell that holds for nothing; stands where a cell cannot be read."""
        return cls("? != ?", frozenset(), {}, line)

    def test(self, value: object, scope: Scope, run: Run) -> object:
        """Tell whether a value passes: true, false or null. Writes the value into `scope` under `?`."""
        scope["?"] = value
        return run.feel(self.tests, scope, self.line)

    def _part(self, test: n.Node) -> Cell:
        part = Cell.__new__(Cell)
        part.text, part.line, part.ast = self.text, self.line, n.UnaryTests(test.at, (test,))
        part.tests = feel.UnaryTests(Source(self.text), part.ast, frozenset())
        part.parts = (part,)
        return part


def formula_of(text: str, names: Iterable[str], types: Mapping[str, Type], line: int) -> Formula:
    """Return a formula; short ones without types of the model are kept, for they never change.

    Raises:
        FeelError: the text is not FEEL.
    """
    return Formula(text, names, types, line) if types or len(text) > 200 else _kept_formula(text, special(names), line)


def cell_of(text: str, names: Iterable[str], types: Mapping[str, Type], line: int) -> Cell:
    """Return a cell, kept like formulas.

    Raises:
        FeelError: the text is not unary tests.
    """
    return Cell(text, names, types, line) if types or len(text) > 200 else _kept_cell(text, special(names), line)


@lru_cache(4096)
def _kept_formula(text: str, names: frozenset[str], line: int) -> Formula:
    return Formula(text, names, {}, line)


@lru_cache(4096)
def _kept_cell(text: str, names: frozenset[str], line: int) -> Cell:
    return Cell(text, names, {}, line)


def forget() -> None:
    """Drop the texts kept, here and in FEEL; measurements need it."""
    _kept_formula.cache_clear()
    _kept_cell.cache_clear()
    feel.forget()


def constant(node: n.Node, scope: Scope, run: Run) -> object:
    """Return the value of a piece of a tree."""
    return run.feel(feel.Expression(Source(""), node, frozenset()), scope, 0)
