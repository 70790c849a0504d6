"""FEEL on columns: the tree of a formula or cell as a Polars expression.

What is constant (literals, `p` and what is computed from them) is worked out by FEEL itself, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import polars as pl

from honrai.engines.decision.columns import values as v
from honrai.engines.decision.columns.stages import Stages
from honrai.engines.decision.formula import constant
from honrai.engines.decision.run import Run
from honrai.engines.feel import nodes as n
from honrai.engines.feel.builtins import BUILTINS
from honrai.engines.feel.nodes import names_used
from honrai.engines.feel.values import Range

Names = Mapping[str, v.Value]
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_MODES = {
    "floor": "floor",
    "ceiling": "ceiling",
    "round up": "up",
    "round down": "down",
    "round half up": "half up",
    "round half down": "half down",
    "decimal": "half even",
}


class Translator:
    """Turns trees into columns.

    Args:
        parameters: the dated parameters, as FEEL values; None where none are given.
        stages: the steps of the plan, for comparisons that several cells share.
    """

    def __init__(self, parameters: Mapping[str, object] | None, stages: Stages) -> None:
        self.stages = stages
        self._shared: dict[tuple[object, ...], tuple[str, pl.Expr]] | None = None
        self._scope: dict[str, object] = {} if parameters is None else {"p": dict(parameters)}
        self._run = Run.start()
        self.functions: dict[str, Callable[[list[v.Value], tuple[str, ...] | None], v.Value]] = {}
        self._translate: dict[type[n.Node], Callable[..., v.Value]] = {
            n.Name: self._name,
            n.Path: self._path,
            n.Negation: self._negation,
            n.Binary: self._binary,
            n.Between: self._between,
            n.In: self._in,
            n.If: self._if,
            n.Call: self._call,
            n.ContextLiteral: self._context,
        }

    def value(self, node: n.Node, names: Names) -> v.Value:
        """Return the column of a formula.

        Raises:
            ColumnsError: a part cannot run exactly on columns; it is named.
        """
        if self.is_constant(node, names):
            return v.constant(self.constant(node))
        translate = self._translate.get(type(node))
        if translate is None:
            raise v.refuse(f"式の中の「{_NAMES.get(type(node), type(node).__name__)}」は列では計算できません。")
        return translate(node, names)

    def is_constant(self, node: n.Node, names: Names) -> bool:
        """Tell whether a tree rests on nothing but literals, `p` and built-in functions without the clock."""
        used = names_used(node)
        if used & {"now", "today", "?"} or used & names.keys() or used & self.functions.keys():
            return False
        return used <= (BUILTINS.keys() | self._scope.keys())

    def constant(self, node: n.Node) -> object:
        """Return the value of a constant tree."""
        return constant(node, self._scope, self._run)

    def condition(self, node: n.Node, names: Names) -> pl.Expr:
        """Return a boolean column; anything that is not a boolean counts as null.

        Raises:
            ColumnsError: see `value`.
        """
        found = self.value(node, names)
        return found.expr if found.kind == "boolean" else pl.lit(None, pl.Boolean)

    def tests(self, tree: n.UnaryTests, value: v.Value, names: Names) -> pl.Expr:
        """Return the boolean column that tells where `value` passes the unary tests.

        Raises:
            ColumnsError: see `value`.
        """
        if not tree.tests:
            return pl.lit(True)
        names = {**names, "?": value}
        found = [self._test(test, value, names) for test in tree.tests]
        any_of = found[0]
        for each in found[1:]:
            any_of = any_of | each
        return ~any_of if tree.negated else any_of

    def _test(self, test: n.Node, value: v.Value, names: Names) -> pl.Expr:
        if isinstance(test, n.Comparison):
            return self._compared(test.op, value, test.value, names)
        if isinstance(test, n.RangeLiteral):
            low = self._compared(">=" if test.start_included else ">", value, test.start, names)
            return low & self._compared("<=" if test.end_included else "<", value, test.end, names)
        if "?" in names_used(test):
            return self.condition(test, names)
        if isinstance(test, n.Literal):
            return self._against("=", value, test.value)
        if self.is_constant(test, names):
            return self._tested(value, self.constant(test))
        found = self.value(test, names)
        return (
            self._condition_or(value, found.expr) if found.kind == "boolean" else v.compare("=", value, found, "セル")
        )

    def _condition_or(self, value: v.Value, found: pl.Expr) -> pl.Expr:
        """Return what a condition without `?` gives: itself, unless it is null or the value a boolean to compare it with."""
        missing = value.expr.is_null()
        known = found if value.kind != "boolean" else pl.when(missing).then(found).otherwise(value.expr == found)
        return pl.when(found.is_null()).then(missing).otherwise(known)

    def share(self) -> None:
        """From here on, make the same comparison of a column with a constant only once."""
        self._shared = {}

    def keep_shared(self) -> None:
        """Make the comparisons shared since `share` columns of the plan."""
        if self._shared is not None:
            self.stages.add([expr.alias(name) for name, expr in self._shared.values()])
        self._shared = None

    def _compared(self, op: str, value: v.Value, node: n.Node, names: Names) -> pl.Expr:
        if self.is_constant(node, names):
            return self._against(op, value, self.constant(node))
        return v.compare(op, value, self.value(node, names), "セル")

    def _against(self, op: str, value: v.Value, found: object) -> pl.Expr:
        made = against(op, value, found)
        if self._shared is None or not value.expr.meta.is_column() or isinstance(found, list | dict):
            return made
        key = (value.expr.meta.output_name(), op, type(found), found)
        if key not in self._shared:
            self._shared[key] = (self.stages.fresh(), made)
        return pl.col(self._shared[key][0])

    def _tested(self, value: v.Value, found: object) -> pl.Expr:
        """Return whether a value passes a constant test: a list to be in, a range, or an equal value."""
        if isinstance(found, list):
            inside = [self._against("=", value, x) if isinstance(x, bool) else self._tested(value, x) for x in found]
            # Being in a list is never unknown.
            return pl.any_horizontal(each.fill_null(False) for each in inside) if inside else pl.lit(False)
        if isinstance(found, Range):
            return self._within(value, found)
        if isinstance(found, bool):
            return self._condition_or(value, pl.lit(found))
        return self._against("=", value, found)

    def _within(self, value: v.Value, within: Range) -> pl.Expr:
        if within.op:
            return self._against(within.op, value, within.end if within.op in ("<", "<=") else within.start)
        low = self._against(">=" if within.start_included else ">", value, within.start)
        return low & self._against("<=" if within.end_included else "<", value, within.end)

    def _name(self, node: n.Name, names: Names) -> v.Value:
        found = names.get(node.name)
        if found is None:
            raise v.refuse(f"「{node.name}」という列や判断がありません。", "名前を確かめてください。")
        return found

    def _path(self, node: n.Path, names: Names) -> v.Value:
        base = self.value(node.base, names)
        if base.kind == "context":
            found = base.field(node.name)
            return found if found is not None else v.NULL
        part = _DATE_PARTS.get(node.name)
        if base.kind in ("date", "date and time") and part:
            take, low, high = part
            return v.number(take(base.expr).cast(pl.Int64), 0, low, high, node.name)
        raise v.refuse(f"「.{node.name}」は列では取り出せません。")

    def _negation(self, node: n.Negation, names: Names) -> v.Value:
        value = self.value(node.operand, names)
        return v.negate(value) if value.kind == "number" else self._null_or_refuse([value], "-")

    def _binary(self, node: n.Binary, names: Names) -> v.Value:
        if node.op in ("and", "or"):
            left, right = self.condition(node.left, names), self.condition(node.right, names)
            return v.Value("boolean", left & right if node.op == "and" else left | right)
        if node.op in _COMPARISONS:
            return v.Value("boolean", self._comparison(node, names))
        left_value, right_value = self.value(node.left, names), self.value(node.right, names)
        kinds = {left_value.kind, right_value.kind}
        if node.op == "+" and kinds == {"string"}:
            return v.Value("string", left_value.expr + right_value.expr)
        if kinds != {"number"}:
            return self._null_or_refuse([left_value, right_value], node.op)
        if node.op == "+":
            return v.add(left_value, right_value, "和")
        if node.op == "-":
            return v.add(left_value, v.negate(right_value), "差")
        if node.op == "*":
            return v.multiply(left_value, right_value, "積")
        if node.op == "/":
            raise v.refuse("割り算は、floor・decimal などの端数処理のすぐ内側でだけ列で計算できます。")
        raise v.refuse(f"「{node.op}」は列では計算できません。")

    def _comparison(self, node: n.Binary, names: Names) -> pl.Expr:
        if self.is_constant(node.right, names):
            return against(node.op, self.value(node.left, names), self.constant(node.right))
        return v.compare(node.op, self.value(node.left, names), self.value(node.right, names), "式")

    def _null_or_refuse(self, values: list[v.Value], op: str) -> v.Value:
        if any(each.kind == "null" for each in values):
            return v.NULL
        kinds = "・".join(each.kind for each in values)
        raise v.refuse(f"「{op}」は列では、型 {kinds} について計算できません。")

    def _between(self, node: n.Between, names: Names) -> v.Value:
        value = self.value(node.value, names)
        low = self._compared(">=", value, node.low, names)
        return v.Value("boolean", low & self._compared("<=", value, node.high, names))

    def _in(self, node: n.In, names: Names) -> v.Value:
        value = self.value(node.value, names)
        return v.Value("boolean", self.tests(n.UnaryTests(node.at, node.tests), value, names))

    def _if(self, node: n.If, names: Names) -> v.Value:
        then, otherwise = self.value(node.then_, names), self.value(node.else_, names)
        return v.choose([self.condition(node.condition, names)], [then], otherwise, "if の結果")

    def _context(self, node: n.ContextLiteral, names: Names) -> v.Value:
        fields: list[tuple[str, v.Value]] = []
        for entry in node.entries:
            names = {**names, **dict(fields)}
            fields.append((entry.key, self.value(entry.value, names)))
        return v.Value("context", pl.lit(None), fields=tuple(fields))

    def _call(self, node: n.Call, names: Names) -> v.Value:
        name = node.function.name if isinstance(node.function, n.Name) else ""
        if name in self.functions:
            return self.functions[name]([self.value(arg, names) for arg in node.args], node.names)
        if name in _MODES and node.names is None:
            return self._rounded(name, node.args, names)
        make = _FUNCTIONS.get(name)
        if make is None or node.names is not None:
            raise v.refuse(f"関数「{name}」は列では計算できません。")
        found = [self.value(arg, names) for arg in node.args]
        if any(each.kind == "null" for each in found):
            return v.NULL
        made = make(found)
        if made is None:
            raise v.refuse(f"関数「{name}」は、この型の引数では列で計算できません。")
        return made

    def _rounded(self, name: str, args: tuple[n.Node, ...], names: Names) -> v.Value:
        places = self._places(args, names)
        inner = args[0]
        if isinstance(inner, n.Binary) and inner.op == "/":
            top, bottom = self.value(inner.left, names), self.value(inner.right, names)
        else:
            top, bottom = self.value(inner, names), v.constant(Decimal(1))
        if top.kind != "number" or bottom.kind != "number":
            return self._null_or_refuse([top, bottom], name)
        if bottom.low == bottom.high == 1 and bottom.scale == 0 and top.scale <= places:
            return top
        return v.divide(top, bottom, places, _MODES[name], name)

    def _places(self, args: tuple[n.Node, ...], names: Names) -> int:
        if len(args) == 1:
            return 0
        places = self.constant(args[1]) if len(args) == 2 and self.is_constant(args[1], names) else None
        if not isinstance(places, Decimal) or places != int(places) or abs(places) > v.MOST_PLACES:
            raise v.refuse("端数処理の桁は、12 桁までの整数の定数でなければ列で計算できません。")
        return int(places)


def against(op: str, value: v.Value, found: object) -> pl.Expr:
    """Return a comparison with a constant; a number is compared at the column's own scale, so nothing grows.

    Raises:
        ColumnsError: the types can never be compared.
    """
    if not isinstance(found, Decimal) or value.kind != "number":
        return v.compare(op, value, v.constant(found), "定数との比較")
    exact = found.scaleb(value.scale)
    whole = int(exact.to_integral_value("ROUND_FLOOR"))
    if op in ("=", "!="):
        if whole != exact or not value.low <= whole <= value.high:
            return pl.lit(op == "!=")
        return value.expr.eq_missing(whole) if op == "=" else value.expr.ne_missing(whole)
    if op in ("<", ">=") and whole != exact:
        op = {"<": "<=", ">=": ">"}[op]
    if not value.low <= whole <= value.high:
        always = (op in ("<", "<=")) == (whole > value.high)
        return pl.when(value.expr.is_not_null()).then(pl.lit(always))
    compared = {"<": value.expr.lt, "<=": value.expr.le, ">": value.expr.gt, ">=": value.expr.ge}[op]
    return compared(whole)


def _strings(values: list[v.Value], count: int) -> bool:
    return len(values) == count and all(each.kind == "string" for each in values)


def _contains(values: list[v.Value]) -> v.Value | None:
    if not _strings(values, 2):
        return None
    return v.Value("boolean", values[0].expr.str.contains(values[1].expr, literal=True))


def _starts(values: list[v.Value]) -> v.Value | None:
    return v.Value("boolean", values[0].expr.str.starts_with(values[1].expr)) if _strings(values, 2) else None


def _ends(values: list[v.Value]) -> v.Value | None:
    return v.Value("boolean", values[0].expr.str.ends_with(values[1].expr)) if _strings(values, 2) else None


def _length(values: list[v.Value]) -> v.Value | None:
    if not _strings(values, 1):
        return None
    return v.number(values[0].expr.str.len_chars().cast(pl.Int64), 0, 0, 2**40, "string length")


def _not(values: list[v.Value]) -> v.Value | None:
    if len(values) != 1:
        return None
    return v.Value("boolean", ~values[0].expr) if values[0].kind == "boolean" else v.NULL


def _abs(values: list[v.Value]) -> v.Value | None:
    return v.absolute(values[0]) if len(values) == 1 and values[0].kind == "number" else None


def _extreme(values: list[v.Value], op: str) -> v.Value | None:
    """Return the least or greatest of numbers; null where one is null, as in FEEL."""
    if not values or any(each.kind != "number" for each in values):
        return None
    values = v.same_kind(values, op)
    best = values[0]
    for each in values[1:]:
        first = best.expr <= each.expr if op == "min" else best.expr >= each.expr
        both = v.wide(best), v.wide(each)
        expr = pl.when(first).then(both[0]).when(~first).then(both[1])
        pick = min if op == "min" else max
        best = replace(best, expr=expr, low=pick(best.low, each.low), high=pick(best.high, each.high))
    return best


_FUNCTIONS: dict[str, Callable[[list[v.Value]], v.Value | None]] = {
    "contains": _contains,
    "starts with": _starts,
    "ends with": _ends,
    "string length": _length,
    "not": _not,
    "abs": _abs,
    "min": lambda values: _extreme(values, "min"),
    "max": lambda values: _extreme(values, "max"),
}
_DATE_PARTS: dict[str, tuple[Callable[[pl.Expr], pl.Expr], int, int]] = {
    "year": (lambda e: e.dt.year(), -262_144, 262_143),
    "month": (lambda e: e.dt.month(), 1, 12),
    "day": (lambda e: e.dt.day(), 1, 31),
    "weekday": (lambda e: e.dt.weekday(), 1, 7),
}
_NAMES: dict[type[n.Node], str] = {
    n.For: "for",
    n.Quantified: "some・every",
    n.Filter: "絞り込み [ ]",
    n.ListLiteral: "リスト",
    n.RangeLiteral: "範囲",
    n.FunctionLiteral: "関数の定義",
    n.InstanceOf: "instance of",
}
