"""Columns with what is known about them: type, scale and range.

A number is an int64 column that holds the value times 10^scale; `low` and `high` bound that integer. Every operation says
beforehand what range its result has, and refuses what could leave int64. Nothing is ever a float or a Polars decimal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import polars as pl

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.values import Date, DateTime, to_python

MOST = 2**63 - 1
MOST_PLACES = 12
"""Beyond twelve places a quotient of 34 digits and the exact one may round to different sides."""


class ColumnsError(DecisionError):
    """The model, or a part of it, cannot run exactly on columns; the message names the part."""


def refuse(what: str, remedy: str = "一件ずつの判断（evaluate）を使うか、式を直してください。") -> ColumnsError:
    """Return the error for a part that cannot run on columns."""
    return ColumnsError(what, remedy)


@dataclass(frozen=True, slots=True)
class Value:
    """A column in the making.

    Attributes:
        kind: FEEL type name: number, string, boolean, date, date and time, context, or null for a column of nulls.
        expr: the Polars expression.
        scale: for numbers, how many decimal places the integers carry.
        low: for numbers, the least integer there can be.
        high: for numbers, the greatest.
        fields: for contexts, the columns of their entries.
    """

    kind: str
    expr: pl.Expr
    scale: int = 0
    low: int = 0
    high: int = 0
    fields: tuple[tuple[str, Value], ...] = ()

    def field(self, name: str) -> Value | None:
        """Return an entry of a context."""
        return dict(self.fields).get(name)


NULL = Value("null", pl.lit(None))


def number(expr: pl.Expr, scale: int, low: int, high: int, what: str) -> Value:
    """Return a number column.

    Raises:
        ColumnsError: the range does not fit int64.
    """
    if low < -MOST or high > MOST:
        raise refuse(
            f"{what} は {low / 10**scale:.3g} から {high / 10**scale:.3g} までになり得て、64 ビットの整数に収まりません。",
            "入力の範囲（allowedValues）を宣言するか、狭めてください。",
        )
    return Value("number", expr, scale, low, high)


def constant(value: object) -> Value:
    """Return a column that holds one value everywhere.

    Raises:
        ColumnsError: the value has no column type.
    """
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Value("boolean", pl.lit(value))
    if isinstance(value, Decimal):
        scale, unscaled = scaled(value)
        return number(pl.lit(unscaled, pl.Int64), scale, unscaled, unscaled, f"定数 {value}")
    if isinstance(value, str):
        return Value("string", pl.lit(value))
    kind, literal = temporal(value)
    return Value(kind, literal)


def temporal(value: object) -> tuple[str, pl.Expr]:
    """Return the type and literal of a date or date and time.

    Raises:
        ColumnsError: another type, or a moment with a zone or beyond microseconds.
    """
    if isinstance(value, Date) and 1 <= value.year <= 9999:
        return "date", pl.lit(to_python(value), pl.Date)
    if isinstance(value, DateTime) and value.utc_offset is None and 1 <= value.date.year <= 9999:
        if value.time.nanos % 1000:
            raise refuse(f"日時「{value}」は細かすぎて列では扱えません。")
        return "date and time", pl.lit(to_python(value), pl.Datetime("us"))
    raise refuse(f"値「{value}」は列では扱えません。")


def scaled(value: Decimal) -> tuple[int, int]:
    """Return the scale of a number and the number times 10^scale: 1.50 is (1, 15)."""
    sign, digits, exponent = value.normalize().as_tuple()
    unscaled = int("".join(map(str, digits)))
    assert isinstance(exponent, int), "FEEL numbers are finite"
    unscaled *= 10 ** max(exponent, 0)
    return max(-exponent, 0), -unscaled if sign else unscaled


def at_scale(value: Value, scale: int, what: str = "桁をそろえた値") -> Value:
    """Return a number with more decimal places; the value is the same."""
    if value.kind == "null" or value.scale == scale:
        return value
    factor = 10 ** (scale - value.scale)
    return number(wide(value) * factor, scale, value.low * factor, value.high * factor, what)


def wide(value: Value) -> pl.Expr:
    """Return a number's integers as int64."""
    return value.expr.cast(pl.Int64)


def add(one: Value, other: Value, what: str) -> Value:
    """Return a sum: at the larger scale."""
    scale = max(one.scale, other.scale)
    one, other = at_scale(one, scale, what), at_scale(other, scale, what)
    return number(wide(one) + wide(other), scale, one.low + other.low, one.high + other.high, what)


def negate(value: Value) -> Value:
    """Return the number with its sign turned."""
    return replace(value, expr=-wide(value), low=-value.high, high=-value.low)


def multiply(one: Value, other: Value, what: str) -> Value:
    """Return a product: its scale is the sum of the scales."""
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return number(wide(one) * wide(other), one.scale + other.scale, min(corners), max(corners), what)


def absolute(value: Value) -> Value:
    """Return the number without its sign."""
    low = 0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    return replace(value, expr=wide(value).abs(), low=low, high=max(abs(value.low), abs(value.high)))


def divide(top: Value, bottom: Value, places: int, mode: str, what: str) -> Value:
    """Return a quotient rounded to `places`; null where the divisor is zero.

    Args:
        top: the dividend.
        bottom: the divisor.
        places: decimal places of the result, may be negative.
        mode: floor, ceiling, up, down, half up, half down or half even.
        what: for messages.

    Raises:
        ColumnsError: an intermediate result may leave int64, or more than twelve places are asked for.
    """
    if places > MOST_PLACES:
        raise refuse(f"{what} は {places} 桁まで求めますが、列で正確に丸められるのは {MOST_PLACES} 桁までです。")
    shift = places + bottom.scale - top.scale
    above, below = 10 ** max(shift, 0), 10 ** max(-shift, 0)
    edge = max(abs(top.low), abs(top.high)) * above * 2 + max(abs(bottom.low), abs(bottom.high)) * below * 2
    number(top.expr, 0, -edge, edge, what)
    a, b = wide(top) * above, wide(bottom) * below
    smallest = max(min(abs(bottom.low), abs(bottom.high)) if bottom.low * bottom.high > 0 else 1, 1) * below
    bound = max(abs(top.low), abs(top.high)) * above // smallest + 1
    low = 0 if top.low >= 0 and bottom.low >= 0 else -bound
    exact = _ROUND[mode](a, b)
    found = pl.when(b != 0).then(exact) if bottom.low <= 0 <= bottom.high else exact
    if places >= 0:
        return number(found, places, low, bound, what)
    factor = 10**-places
    return number(found * factor, 0, low * factor, bound * factor, what)


def _sign(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return pl.when((a < 0) != (b < 0)).then(-1).otherwise(1)


def _up(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return _sign(a, b) * ((a.abs() + b.abs() - 1) // b.abs())


def _half_even(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    whole, rest = a.abs() // b.abs(), a.abs() % b.abs()
    more = (rest * 2 > b.abs()) | ((rest * 2 == b.abs()) & (whole % 2 == 1))
    return _sign(a, b) * (whole + more.cast(pl.Int64))


_ROUND: dict[str, Any] = {
    "floor": lambda a, b: a // b,
    "ceiling": lambda a, b: -((-a) // b),
    "down": lambda a, b: _sign(a, b) * (a.abs() // b.abs()),
    "up": _up,
    "half up": lambda a, b: _sign(a, b) * ((a.abs() * 2 + b.abs()) // (b.abs() * 2)),
    "half down": lambda a, b: _sign(a, b) * ((a.abs() * 2 + b.abs() - 1) // (b.abs() * 2)),
    "half even": _half_even,
}


def compare(op: str, one: Value, other: Value, what: str) -> pl.Expr:
    """Return a comparison as FEEL means it: null where there is no order, equality with null known.

    Raises:
        ColumnsError: the two can never be compared.
    """
    if one.kind != other.kind and "null" not in (one.kind, other.kind):
        raise refuse(f"{what} は、型の違う値（{one.kind} と {other.kind}）を比べています。")
    if op in ("=", "!="):
        return _equal(op, one, other, what)
    if one.kind == "null" or other.kind == "null" or one.kind in ("boolean", "context"):
        return pl.lit(None, pl.Boolean)
    left, right = _aligned(one, other, what)
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    return left > right if op == ">" else left >= right


def _equal(op: str, one: Value, other: Value, what: str) -> pl.Expr:
    if "null" in (one.kind, other.kind):
        if one.kind == other.kind:
            return pl.lit(op == "=")
        known = one if other.kind == "null" else other
        missing = known.expr.is_null()
        return missing if op == "=" else ~missing
    if one.kind == "context":
        raise refuse(f"{what} は、コンテキスト同士を比べています。")
    left, right = _aligned(one, other, what)
    return left.eq_missing(right) if op == "=" else left.ne_missing(right)


def _aligned(one: Value, other: Value, what: str) -> tuple[pl.Expr, pl.Expr]:
    if one.kind != "number" or one.scale == other.scale:
        return one.expr, other.expr
    scale = max(one.scale, other.scale)
    return at_scale(one, scale, what).expr, at_scale(other, scale, what).expr


def same_kind(values: list[Value], what: str) -> list[Value]:
    """Return values that can stand in one column: of one type, numbers at one scale.

    Raises:
        ColumnsError: they are of different types.
    """
    kinds = {each.kind for each in values} - {"null"}
    if len(kinds) > 1:
        raise refuse(f"{what} は、場合によって型の違う値（{'・'.join(sorted(kinds))}）になります。")
    if kinds == {"number"}:
        scale = max(each.scale for each in values if each.kind == "number")
        return [at_scale(each, scale, what) for each in values]
    if kinds == {"context"}:
        raise refuse(f"{what} は、場合によって違うコンテキストになります。")
    return values


def choose(conditions: list[pl.Expr], values: list[Value], otherwise: Value, what: str) -> Value:
    """Return the first value whose condition is true, else `otherwise`."""
    values = same_kind([*values, otherwise], what)
    known = [each for each in values if each.kind != "null"]
    if not known:
        return NULL
    chain: Any = pl
    for condition, value in zip(conditions, values, strict=False):
        chain = chain.when(condition).then(_column(value, known[0]))
    expr = chain.otherwise(_column(values[-1], known[0])) if conditions else values[-1].expr
    if known[0].kind != "number":
        return replace(known[0], expr=expr)
    low, high = min(each.low for each in known), max(each.high for each in known)
    return Value("number", expr, known[0].scale, low, high)


def pick(row: pl.Expr, values: list[Value], otherwise: Value, what: str) -> Value:
    """Return `values[row]`, `otherwise` where `row` is -1, null where it is null; constants are looked up in a list."""
    values = same_kind([*values, otherwise], what)
    known = [each for each in values if each.kind != "null"]
    if not known:
        return NULL
    if all(each.expr.meta.is_literal() for each in values):
        cells = [pl.select(_column(each, known[0]).alias("")).to_series() for each in values]
        # Row -1 reads the last one, which is `otherwise`.
        expr = pl.lit(pl.concat([each.cast(_DTYPES[known[0].kind]) for each in cells])).gather(row)
    else:
        chain: Any = pl
        for number, value in enumerate(values[:-1]):
            chain = chain.when(row == number).then(_column(value, known[0]))
        expr = chain.when(row == -1).then(_column(values[-1], known[0]))
    if known[0].kind != "number":
        return replace(known[0], expr=expr)
    low, high = min(each.low for each in known), max(each.high for each in known)
    return Value("number", expr, known[0].scale, low, high)


_DTYPES: dict[str, pl.DataType] = {
    "number": pl.Int64(),
    "string": pl.String(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "date and time": pl.Datetime("us"),
}


def _column(value: Value, like: Value) -> pl.Expr:
    if value.kind == "null":
        return pl.lit(None)
    return wide(value) if like.kind == "number" else value.expr
