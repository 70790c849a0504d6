"""Declared types on columns: what a frame's column becomes, and how allowed values bound it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import polars as pl

from honrai.engines.decision.columns import values as v
from honrai.engines.decision.columns.formulas import Translator
from honrai.engines.decision.kinds import ContextKind, Kind
from honrai.engines.decision.proof.cells import conjuncts
from honrai.engines.feel import nodes as n
from honrai.engines.feel.types import ANY

_INTEGERS: dict[object, tuple[int, int]] = {
    pl.Int8: (-(2**7), 2**7 - 1),
    pl.Int16: (-(2**15), 2**15 - 1),
    pl.Int32: (-(2**31), 2**31 - 1),
    pl.Int64: (-v.MOST, v.MOST),
    pl.UInt8: (0, 2**8 - 1),
    pl.UInt16: (0, 2**16 - 1),
    pl.UInt32: (0, 2**32 - 1),
    pl.UInt64: (0, v.MOST),
}


def column(expr: pl.Expr, dtype: pl.DataType, name: str) -> v.Value:
    """Return a column of the frame as a value.

    Raises:
        ColumnsError: floats and other types that cannot be exact.
    """
    base = dtype.base_type()
    if base in _INTEGERS:
        low, high = _INTEGERS[base]
        return v.Value("number", expr.cast(pl.Int64) if base == pl.UInt64 else expr, 0, low, high)
    if isinstance(dtype, pl.Decimal):
        most = min(10 ** (dtype.precision or 38) - 1, v.MOST)
        # The integers behind a decimal column are taken as they are: no decimal arithmetic, no rounding.
        return v.Value("number", expr.to_physical().cast(pl.Int64), dtype.scale, -most, most)
    if base in (pl.String, pl.Categorical, pl.Enum):
        return v.Value("string", expr if base == pl.String else expr.cast(pl.String))
    if base == pl.Boolean:
        return v.Value("boolean", expr)
    if base == pl.Date:
        return v.Value("date", expr)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None and dtype.time_unit != "ns":
        return v.Value("date and time", expr.cast(pl.Datetime("us")))
    if isinstance(dtype, pl.Struct):
        fields = (
            (each.name, column(expr.struct.field(each.name), _instance(each.dtype), name)) for each in dtype.fields
        )
        return v.Value("context", expr, fields=tuple(fields))
    if base == pl.Null:
        return v.NULL
    remedy = (
        "整数か Decimal（円・銭など）の列に直して渡してください。"
        if base in (pl.Float32, pl.Float64)
        else "型を直してください。"
    )
    raise v.refuse(f"列「{name}」の型 {dtype} は、判断に正確には使えません。", remedy)


def _instance(dtype: object) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()  # type: ignore[operator]


def fitted(value: v.Value, kind: Kind, translator: Translator) -> v.Value:
    """Return a value of a declared type: null where its allowed values do not include it, with the range they leave.

    Raises:
        ColumnsError: the column is of another type, or the allowed values cannot be asked on columns.
    """
    if value.kind == "null":
        return value
    if kind.feel != ANY and not _same(value, kind):
        raise v.refuse(
            f"型「{kind.feel}」と宣言された値が、列では「{value.kind}」です。", "列か宣言の型を直してください。"
        )
    if isinstance(kind, ContextKind):
        value = replace(value, fields=tuple(_fields(value, kind, translator)))
    for limit in kind.limits:
        if not limit.cell.ast.tests:
            continue
        passes = translator.tests(limit.cell.ast, value, {}).fill_null(False)
        value = _bounded(replace(value, expr=pl.when(passes).then(value.expr)), limit.cell.ast, translator)
    return value


def _same(value: v.Value, kind: Kind) -> bool:
    return kind.feel.name == value.kind


def _fields(value: v.Value, kind: ContextKind, translator: Translator) -> Iterator[tuple[str, v.Value]]:
    for name, field in value.fields:
        yield name, fitted(field, kind.entries[name], translator) if name in kind.entries else field
    missing = kind.entries.keys() - dict(value.fields).keys()
    if missing:
        raise v.refuse(f"項目「{'・'.join(sorted(missing))}」の列がありません。", "列を足してください。")


def _bounded(value: v.Value, tree: n.UnaryTests, translator: Translator) -> v.Value:
    """Narrow the range of a number to the hull of its allowed values."""
    if value.kind != "number" or tree.negated:
        return value
    least, most = _any_of(tree.tests, translator)
    unit = Decimal(10) ** value.scale
    low = value.low if least is None else max(value.low, int((least * unit).to_integral_value("ROUND_FLOOR")))
    high = value.high if most is None else min(value.high, int((most * unit).to_integral_value("ROUND_CEILING")))
    return replace(value, low=low, high=max(low, high))


Hull = tuple[Decimal | None, Decimal | None]


def _any_of(tests: tuple[n.Node, ...], translator: Translator) -> Hull:
    """Return the least and greatest number that one of several tests allows."""
    hulls = [_hull(test, translator) for test in tests]
    lows = [low for low, _ in hulls if low is not None]
    highs = [high for _, high in hulls if high is not None]
    return (min(lows) if len(lows) == len(hulls) else None), (max(highs) if len(highs) == len(hulls) else None)


def _hull(test: n.Node, translator: Translator) -> Hull:
    """Return the least and greatest number a test allows, None where it sets no bound."""
    low: Decimal | None = None
    high: Decimal | None = None
    for part in conjuncts(test):
        below, above = _part(part, translator)
        low = below if low is None or (below is not None and below > low) else low
        high = above if high is None or (above is not None and above < high) else high
    return low, high


def _part(part: n.Node, translator: Translator) -> Hull:
    if isinstance(part, n.RangeLiteral):
        return _number(part.start, translator), _number(part.end, translator)
    if isinstance(part, n.Binary) and isinstance(part.left, n.Name) and part.left.name == "?":
        part = n.Comparison(part.at, part.op, part.right)
    if isinstance(part, n.Comparison):
        found = _number(part.value, translator)
        return (found if part.op in (">", ">=", "=") else None), (found if part.op in ("<", "<=", "=") else None)
    if isinstance(part, n.In) and isinstance(part.value, n.Name) and part.value.name == "?":
        return _any_of(part.tests, translator)
    if isinstance(part, n.Between) and isinstance(part.value, n.Name) and part.value.name == "?":
        return _number(part.low, translator), _number(part.high, translator)
    found = _number(part, translator)
    return found, found


def _number(node: n.Node, translator: Translator) -> Decimal | None:
    found = translator.constant(node) if translator.is_constant(node, {}) else None
    return found if isinstance(found, Decimal) else None
