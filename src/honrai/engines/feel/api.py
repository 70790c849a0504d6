"""FEEL for other programs: read an expression or a table cell once, evaluate it as often as needed.

>>> parse("a-b + 1", names=["a-b"]).evaluate({"a-b": 2}).value
Decimal('3')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from . import check_operators, compile_functions, compile_operators
from . import nodes as n
from .builtins import BUILTINS
from .check import Checker
from .compiler import MISSING, Closure, Compiler, Frame
from .errors import FeelError, FeelLimitError, Problem, Warning
from .limits import DEFAULT_LIMITS, Limits
from .parser import Source, parse_expression, parse_tests
from .runtime import Runtime, Unit
from .types import Type
from .unary import compile_tests
from .values import AS_IS, DateTime, to_feel

# The modules that register how nodes are compiled and checked.
REGISTERED = (check_operators, compile_functions, compile_operators)

Scope = Mapping[str, object]
_INPUT = "?"


class Result(NamedTuple):
    """What an evaluation gave: the value, and why parts of it became null."""

    value: Any
    warnings: tuple[Warning, ...]


class _Compiled:
    """What expressions and unary tests share: text, tree, and closures made when first needed."""

    def __init__(self, source: Source, ast: n.Node, names: frozenset[str]) -> None:
        self.text = source.text
        self.file = source.file
        self.ast = ast
        self._names = names
        self._limits = source.limits
        self._closure: Closure | None = None

    def _compile(self, compiler: Compiler) -> Closure:
        return compiler.compile(self.ast)

    def _prepare(self) -> Closure:
        compiler = Compiler(Unit(self.text, self.file), BUILTINS.get, self._names)
        try:
            closure = self._compile(compiler)
        except RecursionError:
            raise _too_deep(self.file) from None
        self._free = tuple(compiler.free.items())
        self._size = compiler.size
        self._closure = closure
        return closure

    @property
    def free_names(self) -> tuple[str, ...]:
        """The names the expression reads from its scope, in the order they first appear."""
        if self._closure is None:
            self._prepare()
        return tuple(name for name, _ in self._free)

    def run(self, scope: Scope, rt: Runtime) -> Any:
        """Return the value in a scope of FEEL values, on a runtime shared with other expressions.

        Raises:
            FeelError: the budget is used up or calls nest too deep.
        """
        closure = self._closure or self._prepare()
        frame: Frame = [None] * self._size
        frame[0] = rt
        for name, slot in self._free:
            frame[slot] = scope[name] if name in scope else _elsewhere(name)
        try:
            return closure(frame)
        except FeelError as error:
            raise type(error)(error.what, remedy=error.remedy, file=error.file or self.file) from None
        except RecursionError:
            raise _too_deep(self.file) from None

    def _result(
        self,
        scope: Scope,
        now: DateTime | None,
        budget: Limits | None,
        externals: Mapping[str, Callable[..., object]] | None,
    ) -> Result:
        closure = self._closure or self._prepare()
        rt = Runtime(now, budget or self._limits, externals)
        frame: Frame = [None] * self._size
        frame[0] = rt
        try:
            for name, slot in self._free:
                if name in scope:
                    value = scope[name]
                    frame[slot] = value if type(value) in AS_IS else to_feel(value)
                else:
                    frame[slot] = _elsewhere(name)
            return Result(closure(frame), tuple(rt.warnings))
        except FeelError as error:
            raise type(error)(error.what, remedy=error.remedy, file=error.file or self.file) from None
        except RecursionError:
            raise _too_deep(self.file) from None


def _elsewhere(name: str) -> object:
    builtin = BUILTINS.get(name)
    return MISSING if builtin is None else builtin.as_value()


def _too_deep(file: str) -> FeelLimitError:
    return FeelLimitError(
        "値または呼び出しの入れ子が深すぎます。", remedy="入れ子を浅くするか、再帰を終わらせてください。", file=file
    )


Made = TypeVar("Made", bound=_Compiled)


class Expression(_Compiled):
    """A FEEL expression that has been read; `ast` is its tree. Make one with `parse`."""

    def evaluate(
        self,
        scope: Scope | None = None,
        *,
        now: DateTime | None = None,
        budget: Limits | None = None,
        externals: Mapping[str, Callable[..., object]] | None = None,
    ) -> Result:
        """Evaluate the expression.

        Args:
            scope: values by name; plain Python values are converted as `values.to_feel` says.
            now: the moment `now()` and `today()` mean; without it they are null.
            budget: limits other than those given when the expression was read.
            externals: Java functions allowed, for example `external.JAVA_LANG`; none by default.

        Raises:
            FeelError: the budget is used up or calls nest too deep.
        """
        return self._result(scope or {}, now, budget, externals)


class UnaryTests(_Compiled):
    """The unary tests of a table cell that have been read; `ast` is their tree. Make one with `parse_unary_tests`."""

    ast: n.UnaryTests

    def _compile(self, compiler: Compiler) -> Closure:
        return compile_tests(compiler, self.ast)

    def evaluate(
        self,
        input_value: object,
        scope: Scope | None = None,
        *,
        now: DateTime | None = None,
        budget: Limits | None = None,
        externals: Mapping[str, Callable[..., object]] | None = None,
    ) -> Result:
        """Tell whether the input value passes: true, false, or null when that cannot be known. See `Expression`.

        Raises:
            FeelError: the budget is used up or calls nest too deep.
        """
        return self._result({**(scope or {}), _INPUT: input_value}, now, budget, externals)


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
        names: names in scope; needed for names that hold signs (`a-b`) or keywords, or that hide a built-in
            function. The names of components of contexts may be among them.
        types: named types that `instance of` and parameters may use.
        limits: bounds on size, depth and, unless others are given then, on evaluation.
        file: name of the file the text came from, for messages.

    Raises:
        FeelError: the text is not FEEL, or too large; it says where and how to mend it.
    """
    return _read(Expression, parse_expression, text, frozenset(names), types, limits, file)


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
    return _read(UnaryTests, parse_tests, text, frozenset(names), types, limits, file)


# Like the patterns of `re`, short texts read before are kept: the same few recur in tables, forms and flows.
_KEPT: dict[tuple[object, ...], Any] = {}
_MOST_KEPT, _KEPT_LENGTH = 2048, 500


def forget() -> None:
    """Drop the texts kept from earlier calls, so that the next `parse` reads afresh; measurements need it."""
    _KEPT.clear()


def _read(
    kind: type[Made],
    parse_source: Callable[[Source], n.Node],
    text: str,
    names: frozenset[str],
    types: Mapping[str, Type] | None,
    limits: Limits,
    file: str,
) -> Made:
    key = (kind, text, names, limits, file)
    kept: Made | None = _KEPT.get(key)
    if kept is not None:
        return kept
    named: list[str] = []
    known = types or {}

    def resolve(name: str) -> Type:
        named.append(name)
        return known.get(name) or Type(name)

    source = Source(text, names=names, limits=limits, file=file, types=resolve)
    made = kind(source, parse_source(source), names)
    # What a type of the caller's means may change from call to call, so such a text is read each time.
    if len(text) <= _KEPT_LENGTH and not named:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = made
    return made


def check(expression: Expression | UnaryTests, types: Mapping[str, Type]) -> list[Problem]:
    """Find what is wrong before anything runs: unknown names and entries, wrong arguments, impossible comparisons.

    Args:
        expression: what was read.
        types: the type of each name in scope; for unary tests, `?` is the type of the input value. A context type
            made with `open=False` has no entries but those listed.

    Returns:
        The problems in the order of the text. Each would be null for every value of these types.
    """
    return infer(expression, types)[1]


def infer(expression: Expression | UnaryTests, types: Mapping[str, Type]) -> tuple[Type, list[Problem]]:
    """Return the type of an expression, Any where it is not known, and its problems; see `check`."""
    checker = Checker(expression.text, types)
    found = checker.infer(expression.ast)
    return found, sorted(checker.problems, key=lambda problem: problem.at)
