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
    label,
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
_MOMENTS = frozenset({DATE, TIME, DATE_TIME})
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
        c.condition(node.left, f"{node.op} の左")
        c.condition(node.right, f"{node.op} の右")
        return BOOLEAN
    left, right = c.infer(node.left), c.infer(node.right)
    if node.op in ARITHMETIC:
        return _arithmetic(c, node, left, right)
    _comparable(c, node.at, node.op, left, right)
    return BOOLEAN


def _arithmetic(c: Checker, node: n.Binary, left: Type, right: Type) -> Type:
    if not known(left, right):
        # Whatever is added to a date, the result is a date or null.
        return next((side for side in (left, right) if node.op == "+" and side in _MOMENTS), ANY)
    pair = _PYTHON.get(left, object), _PYTHON.get(right, object)
    if pair not in ARITHMETIC[node.op]:
        what = f"{label(left)} {node.op} {label(right)} は計算できません。"
        c.problem(node.at, "impossible-operation", what, "number() や string() で型を揃えてください。")
        return NULL
    return _RESULTS.get((node.op, left, right), left)


def _comparable(c: Checker, at: int, op: str, left: Type, right: Type) -> None:
    if not known(left, right):
        return
    same = left == right if op not in ("=", "!=") else _same_kind(left, right)
    if same and (op in ("=", "!=") or left in _ORDERED):
        return
    what = f"{label(left)} {op} {label(right)} は真にも偽にもなりません。"
    c.problem(at, "impossible-comparison", what, "順序のある同じ型の値どうしを比べてください。")


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
            c.condition(test, "? を使う条件")
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
            c.problem(node.at, "unknown-entry", f"「{node.name}」という項目はありません。", f"項目: {names}")
        return found or ANY
    if isinstance(base, ListType):
        return list_of(_entry(c, node, base.item))
    kind = Range if isinstance(base, RangeType) else _PYTHON.get(base, object)
    if node.name not in PROPERTIES.get(kind, {}):
        c.problem(
            node.at, "unknown-entry", f"{label(base)}に「{node.name}」はありません。", "型にある項目を使ってください。"
        )
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
        c.problem(node.at, "not-a-function", f"{label(function)}は呼び出せません。", "かっこを外してください。")
    elif isinstance(function, FunctionType):
        _check_call(c, node, function, args)
    return function_result(function)


def _check_call(c: Checker, node: n.Call, function: FunctionType, args: list[Type]) -> None:
    if len(args) != len(function.params):
        what = f"この関数の引数は {len(function.params)} 個です（{len(args)} 個あります）。"
        c.problem(node.at, "wrong-arity", what, "引数の数を合わせてください。")
        return
    if node.names is not None:
        unknown = [name for name in node.names if function.names and name not in function.names]
        if unknown:
            what = f"この関数に引数「{unknown[0]}」はありません。"
            c.problem(node.at, "wrong-parameter", what, f"引数: {', '.join(function.names)}")
        return
    for index, (given, wanted) in enumerate(zip(args, function.params, strict=True)):
        if not _may_fit(given, wanted):
            what = f"{index + 1} 番目の引数が{label(given)}です。"
            c.problem(node.args[index].at, "wrong-argument", what, f"{label(wanted)}を渡してください。")


def _call_builtin(c: Checker, node: n.Call, builtin: Builtin, args: list[Type]) -> Type:
    arranged = [(signature, _arranged(signature, node, args)) for signature in builtin.signatures]
    possible = [(signature, given) for signature, given in arranged if given is not None]
    if not possible:
        forms = "; ".join(", ".join(param.name for param in signature.params) for signature in builtin.signatures)
        what = f"{builtin.name} はこの {len(args)} 個の引数では呼べません。"
        c.problem(node.at, "wrong-arity", what, f"引数: {forms or 'なし'}")
        return ANY
    fitting = [signature for signature, given in possible if _all_fit(signature, given)]
    if not fitting:
        signature, given = possible[0]
        c.problem(node.at, "wrong-argument", _misfit(builtin.name, signature, given), "引数の型を変換してください。")
        return NULL
    return _result(builtin.name, fitting, args)


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
            return f"{name}: {param.name} が{label(given)}です（{label(param.type)}が必要です）。"
    return f"{name} はこの引数を取りません。"


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


def _result(name: str, fitting: list[Signature], args: list[Type]) -> Type:
    if name in _SAME_AS_FIRST and isinstance(args[0], ListType):
        return args[0]
    if name in ("min", "max"):
        return join([item_of(arg) for arg in args]) if args[0] is not ANY else ANY
    result = join([signature.result for signature in fitting])
    return ANY if result.name in _LOOSE or result == list_of() else result


# What these give has the type of their list.
_SAME_AS_FIRST = frozenset({"distinct values", "remove", "reverse", "sort", "sublist"})
