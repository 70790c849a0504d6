"""Expressions the column rules are made of: rounding by name, months and fiscal years of birth, division in proportion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from honrai.claims.rules.settings import value
from honrai.kernel.parameters import Parameters
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Rounding


def rounded(numerator: pl.Expr, denominator: int | pl.Expr, rounding: Rounding) -> pl.Expr:
    """Return `numerator / denominator` in whole yen, never negative, rounded as `Rounding` says; exact in int64."""
    unit = denominator * rounding.unit
    direction = rounding.value.rpartition("-")[0]
    if direction == "half-up":
        return (2 * numerator + unit) // (2 * unit) * rounding.unit
    return (numerator + unit - 1 if direction == "ceil" else numerator) // unit * rounding.unit


def by_route(rules: Mapping[str, str], make: Callable[[str], pl.Expr]) -> pl.Expr:
    """Return for each row what `make` gives for the rule of its route; routes of one rule share one expression."""
    found: pl.Expr = pl.lit(None, pl.Int64)
    for name in dict.fromkeys(rules.values()):
        routes = [route for route, its in rules.items() if its == name]
        found = pl.when(pl.col("route").is_in(routes)).then(make(name)).otherwise(found)
    return found


def month_index(day: pl.Expr) -> pl.Expr:
    """Return year * 12 + month - 1 of a day."""
    return day.dt.year().cast(pl.Int32) * 12 + day.dt.month().cast(pl.Int32) - 1


def month_after_attaining(birth: pl.Expr, age: int) -> pl.Expr:
    """Return the month after the day an age is attained: the birth month for one born on the 1st, else the next."""
    return month_index(birth.dt.offset_by("-1d")) + 1 + 12 * age


def fiscal_year_attaining(birth: pl.Expr, age: int) -> pl.Expr:
    """Return the fiscal year in which an age is attained, the day before the birthday."""
    return (month_index(birth.dt.offset_by("-1d")) - 3) // 12 + age


def has_birthday(birth: pl.Expr, age: int, on: pl.Expr) -> pl.Expr:
    """Return whether the birthday of an age has come on a day; March 1 for February 29 in a common year."""
    return _number(on) >= _number(birth) + age * 10_000


def _number(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 10_000 + day.dt.month().cast(pl.Int64) * 100 + day.dt.day().cast(pl.Int64)


def month_of(index: int) -> YearMonth:
    """Return the month of an index."""
    return YearMonth(index // 12, index % 12 + 1)


def looked_up(rules: Parameters, name: str, month: YearMonth) -> Any:
    """Return a parameter's value in a month, None where none holds."""
    return value(rules, name, month) if rules[name].dated.covers(month.first) else None


def capped(rows: pl.DataFrame, keys: Sequence[str], limit: pl.Expr) -> pl.DataFrame:
    """Return rows with `left` brought down to a limit for each group together, what is over divided in proportion.

    Yen left over from whole division go to the first of the largest, as `rules.high_cost.divide` does. What is given back is
    added to `high`.
    """
    borne, left = pl.col("left").sum().over(keys), pl.col("left")
    rows = rows.with_columns(_borne=borne, _over=(borne - limit).clip(lower_bound=0))
    rows = rows.with_columns(
        _part=pl.when(pl.col("_borne") > 0).then(pl.col("_over") * left // pl.col("_borne")).otherwise(0)
    )
    largest = left == left.max().over(keys)
    first = largest & (largest.cast(pl.Int32).cum_sum().over(keys) == 1)
    rest = pl.col("_over") - pl.col("_part").sum().over(keys)
    part = pl.col("_part") + pl.when(first).then(rest).otherwise(0)
    return (
        rows.with_columns(_part=part)
        .with_columns(left=left - pl.col("_part"), high=pl.col("high") + pl.col("_part"))
        .drop("_borne", "_over", "_part")
    )
