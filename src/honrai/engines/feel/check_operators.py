"""Infers the types of operators, paths and calls for `check`."""

from __future__ import annotations

from decimal import Decimal

from . import nodes as n
from .builtins import BUILTINS
from .check import Checker, function_result, item_of, join, known, rule
from .operators import ARITHMETIC
from .properties import PROPERTIES
from .signatures import Builtin, Param, Signature
from .types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    conforms,
    list_of,
)
from .values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time

_PYTHON: dict[Type, type] = {
    NUMBER: Decimal,
    STRING: str,
    BOOLEAN: bool,
    DATE: Date,
    TIME: Time,
    DATE_TIME: DateTime,
    DAYS_DURATION: DaysDuration,
    MONTHS_DURATION: MonthsDuration,
}
_ORDERED = frozenset({NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION})
# What the operators give where it is not the type of the left side, else of the right.
_RESULTS: dict[tuple[str, Type, Type], Type] = {
    ("-", DATE, DATE): DAYS_DURATION,
    ("-", DATE_TIME, DATE_TIME): DAYS_DURATION,
    ("-", DATE, DATE_TIME): DAYS_DURATION,
    ("-", DATE_TIME, DATE): DAYS_DURATION,
    ("-", TIME, TIME): DAYS_DURATION,
    ("/", DAYS_DURATION, DAYS_DURATION): NUMBER,
    ("/", MONTHS_DURATION, MONTHS_DURATION): NUMBER,
    ("*", NUMBER, DAYS_DURATION): DAYS_DURATION,
    ("*", NUMBER, MONTHS_DURATION): MONTHS_DURATION,
    ("+", DAYS_DURATION, DATE): DATE,
    ("+", DAYS_DURATION, DATE_TIME): DATE_TIME,
    ("+", DAYS_DURATION, TIME): TIME,
    ("+", MONTHS_DURATION, DATE): DATE,
    ("+", MONTHS_DURATION, DATE_TIME): DATE_TIME,
}


@rule(n.Binary)
def _binary(c: Checker, node: n.Binary) -> Type:
    if node.op in ("and", "or"):
        c.condition(node.left, f"the left side of `{node.op}`")
        c.condition(node.right, f"the right side of `{node.op}`")
        return BOOLEAN
    left, right = c.infer(node.left), c.infer(node.right)
    if node.op in ARITHMETIC:
        return _arithmetic(c, node, left, right)
    _comparable(c, node.at, node.op, left, right)
    return BOOLEAN


def _arithmetic(c: Checker, node: n.Binary, left: Type, right: Type) -> Type:
    if not known(left, right):
        return ANY
    pair = _PYTHON.get(left, object), _PYTHON.get(right, object)
    if pair not in ARITHMETIC[node.op]:
        what = f"{left} {node.op} {right} has no result."
        c.problem(node.at, "impossible-operation", what, "Convert one side, for example with number() or string().")
        return NULL
    return _RESULTS.get((node.op, left, right), left)


def _comparable(c: Checker, at: int, op: str, left: Type, right: Type) -> None:
    if not known(left, right):
        return
    same = left == right if op not in ("=", "!=") else _same_kind(left, right)
    if same and (op in ("=", "!=") or left in _ORDERED):
        return
    what = f"{left} {op} {right} is never true or false."
    c.problem(at, "impossible-comparison", what, "Compare values of one type that has an order.")


def _same_kind(left: Type, right: Type) -> bool:
    if isinstance(left, ListType | RangeType | ContextType | FunctionType):
        return type(left) is type(right)
    return left == right


@rule(n.Between)
def _between(c: Checker, node: n.Between) -> Type:
    value = c.infer(node.value)
    _comparable(c, node.low.at, ">=", value, c.infer(node.low))
    _comparable(c, node.high.at, "<=", value, c.infer(node.high))
    return BOOLEAN


@rule(n.In)
def _in(c: Checker, node: n.In) -> Type:
    value = c.infer(node.value)
    for test in node.tests:
        check_test(c, value, test)
    return BOOLEAN


def check_test(c: Checker, value: Type, test: n.Node) -> None:
    """Check that a value of a type may pass a test."""
    if isinstance(test, n.Comparison):
        _comparable(c, test.at, test.op, value, c.infer(test.value))
        return
    found = c.infer(test)
    if isinstance(found, RangeType) and not isinstance(value, RangeType):
        _comparable(c, test.at, ">=", value, found.item)
    elif isinstance(found, ListType) and not isinstance(value, ListType):
        if not isinstance(found.item, RangeType):
            _comparable(c, test.at, "=", value, found.item)
    elif not isinstance(found, ListType):
        _comparable(c, test.at, "=", value, found)


@rule(n.UnaryTests)
def _unary_tests(c: Checker, node: n.UnaryTests) -> Type:
    value = c.lookup("?") or ANY
    for test in node.tests:
        if "?" in n.names_used(test):
            c.condition(test, "a test that uses ?")
        elif isinstance(test, n.Comparison | n.RangeLiteral | n.Literal) or value == BOOLEAN:
            check_test(c, value, test)
        elif c.infer(test) != BOOLEAN:
            silent = len(c.problems)
            check_test(c, value, test)
            # The problems inside the test itself were found by the first look already.
            c.problems[silent:] = [found for found in c.problems[silent:] if found not in c.problems[:silent]]
    return BOOLEAN


@rule(n.Path)
def _path(c: Checker, node: n.Path) -> Type:
    base = c.infer(node.base)
    if isinstance(base, ListType):
        return list_of(_entry(c, node, base.item))
    return _entry(c, node, base)


def _entry(c: Checker, node: n.Path, base: Type) -> Type:
    if not known(base):
        return ANY
    if isinstance(base, ContextType):
        found = base.get(node.name)
        if found is None and not base.open:
            names = ", ".join(name for name, _ in base.entries)
            c.problem(node.at, "unknown-entry", f"there is no entry {node.name}.", f"There are: {names}.")
        return found or ANY
    if isinstance(base, ListType):
        return list_of(_entry(c, node, base.item))
    kind = Range if isinstance(base, RangeType) else _PYTHON.get(base, object)
    if node.name not in PROPERTIES.get(kind, {}):
        c.problem(node.at, "unknown-entry", f"a {base} has no property {node.name}.", "Use one of its properties.")
    return _PROPERTY_TYPES.get(node.name, NUMBER if kind is not Range else ANY)


_PROPERTY_TYPES = {
    "time offset": DAYS_DURATION,
    "timezone": STRING,
    "start included": BOOLEAN,
    "end included": BOOLEAN,
}


@rule(n.Call)
def _call(c: Checker, node: n.Call) -> Type:
    args = [c.infer(arg) for arg in node.args]
    if isinstance(node.function, n.Name) and c.lookup(node.function.name) is None:
        builtin = BUILTINS.get(node.function.name)
        if builtin is not None:
            return _call_builtin(c, node, builtin, args)
    function = c.infer(node.function)
    if known(function) and not isinstance(function, FunctionType):
        c.problem(node.at, "not-a-function", f"a {function} cannot be called.", "Remove the brackets.")
    elif isinstance(function, FunctionType):
        _check_call(c, node, function, args)
    return function_result(function)


def _check_call(c: Checker, node: n.Call, function: FunctionType, args: list[Type]) -> None:
    if len(args) != len(function.params):
        what = f"the function takes {len(function.params)} arguments, not {len(args)}."
        c.problem(node.at, "wrong-arity", what, "Give as many as it has parameters.")
        return
    if node.names is not None:
        unknown = [name for name in node.names if function.names and name not in function.names]
        if unknown:
            what = f"the function has no parameter {unknown[0]}."
            c.problem(node.at, "wrong-parameter", what, f"It has: {', '.join(function.names)}.")
        return
    for index, (given, wanted) in enumerate(zip(args, function.params, strict=True)):
        if not _may_fit(given, wanted):
            what = f"argument {index + 1} is a {given}, not a {wanted}."
            c.problem(node.args[index].at, "wrong-argument", what, f"Give a {wanted}.")


def _call_builtin(c: Checker, node: n.Call, builtin: Builtin, args: list[Type]) -> Type:
    arranged = [(signature, _arranged(signature, node, args)) for signature in builtin.signatures]
    possible = [(signature, given) for signature, given in arranged if given is not None]
    if not possible:
        forms = "; ".join(", ".join(param.name for param in signature.params) for signature in builtin.signatures)
        what = f"{builtin.name} cannot be called with these {len(args)} arguments."
        c.problem(node.at, "wrong-arity", what, f"Its parameters: {forms or 'none'}.")
        return ANY
    fitting = [signature for signature, given in possible if _all_fit(signature, given)]
    if not fitting:
        signature, given = possible[0]
        c.problem(node.at, "wrong-argument", _misfit(builtin.name, signature, given), "Convert the argument.")
        return NULL
    return _result(fitting, args)


def _arranged(signature: Signature, node: n.Call, args: list[Type]) -> list[Type] | None:
    if node.names is None:
        return args if signature.takes(len(args)) else None
    ordered = signature.arrange(node.names, args)
    return None if ordered is None else [given if isinstance(given, Type) else ANY for given in ordered]


def _param(signature: Signature, index: int) -> Param:
    return signature.params[min(index, len(signature.params) - 1)]


def _all_fit(signature: Signature, args: list[Type]) -> bool:
    return all(_may_fit(given, _param(signature, index).type) for index, given in enumerate(args))


def _misfit(name: str, signature: Signature, args: list[Type]) -> str:
    for index, given in enumerate(args):
        param = _param(signature, index)
        if not _may_fit(given, param.type):
            return f"{name}: {param.name} is a {given}, not a {param.type}."
    return f"{name} does not take these arguments."


def _may_fit(given: Type, wanted: Type) -> bool:
    """Tell whether some value of one type may be used as the other, implicit conversions included."""
    if not known(given, wanted) or conforms(given, wanted):
        return True
    if isinstance(wanted, ListType):
        return _may_fit(item_of(given), wanted.item)
    if isinstance(given, ListType):
        return _may_fit(given.item, wanted)
    if wanted.name in _LOOSE:
        return given.name == wanted.name and not isinstance(given, ListType)
    return (given, wanted) == (DATE, DATE_TIME)


# Built-ins ask for "a context", "a function" or "a range" without saying of what.
_LOOSE = frozenset({"context", "function", "range"})


def _result(fitting: list[Signature], args: list[Type]) -> Type:
    result = join([signature.result for signature in fitting])
    if result.name in _LOOSE:
        return ANY
    if isinstance(result, ListType) and result.item is ANY and args and isinstance(args[0], ListType):
        return ANY
    return result
