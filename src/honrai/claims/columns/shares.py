"""The patient's share by insurance and what other public payers leave of it, on columns."""

from __future__ import annotations

from typing import Any

import polars as pl

from honrai.claims.columns.values import (
    by_route,
    fiscal_year_attaining,
    has_birthday,
    looked_up,
    month_after_attaining,
    month_index,
    month_of,
    rounded,
)
from honrai.kernel.parameters import Parameters
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Rounding

_PERCENTS = ("share.preschool", "share.standard", "share.from_70")


def shares(rules: Parameters, rows: pl.DataFrame, month: YearMonth) -> pl.DataFrame:
    """Return the rows with `cost`, `share`, `left` (the share) and `problem` ("" or the code of the reason).

    Every visit is rounded by itself; a row that tells one visit is not taken apart.
    """
    whole = rows["amounts"].list.len()
    if (whole == 1).all():
        visits = rows.with_columns(
            _amount=pl.col("amounts").list.first(), _unit=pl.col("units").list.first(), _on=pl.col("days").list.first()
        )
        return _judged(rules, visits, month).with_columns(left=pl.col("share")).drop("_amount", "_unit", "_on")
    renamed = rows.with_columns(_amount=pl.col("amounts"), _unit=pl.col("units"), _on=pl.col("days"))
    visits = _judged(rules, renamed.explode("_amount", "_unit", "_on"), month)
    summed = visits.group_by("row").agg(
        pl.col("cost").sum(), pl.col("share").sum(), problem=pl.col("problem").sort_by(pl.col("problem") == "").first()
    )
    return rows.join(summed, on="row", how="left", maintain_order="left").with_columns(
        pl.col("cost", "share").fill_null(0), pl.col("problem").fill_null(""), left=pl.col("share").fill_null(0)
    )


def _judged(rules: Parameters, visits: pl.DataFrame, month: YearMonth) -> pl.DataFrame:
    """Return visits with cost, share and problem; the share is null where there is a problem."""
    visits = visits.with_columns(
        _on=pl.coalesce("_on", pl.lit(month.first)), cost=pl.col("_amount") * pl.col("_unit")
    ).with_columns(_month=month_index(pl.col("_on")))
    rates = visits["_month"].unique().to_list()
    card, birth, on = pl.col("card_percent"), pl.col("birth"), pl.col("_on")
    late = pl.col("insurer").str.starts_with("39") | has_birthday(birth, 75, on)
    elder = pl.col("_month") >= month_after_attaining(birth, 70)
    small = (pl.col("_month") - 3) // 12 <= fiscal_year_attaining(birth, 6)
    preschool, standard, from_70 = (_by_month(rules, name, rates) for name in _PERCENTS)
    rate: Any = pl.when(late).then(card).when(elder).then(pl.coalesce(card, from_70))
    rate = rate.when(small).then(preschool).otherwise(standard)
    problem: Any = pl.when(card.is_not_null() & ~card.is_in([10, 20, 30])).then(pl.lit("share-card"))
    problem = problem.when(late & card.is_null()).then(pl.lit("share-needed"))
    visits = visits.with_columns(_rate=rate).with_columns(
        problem=problem.when(pl.col("_rate").is_null()).then(pl.lit("dated-no-value")).otherwise(pl.lit(""))
    )
    routes = looked_up(rules, "share.rounding", month)
    if routes is None:
        unknown = pl.when(pl.col("problem") == "").then(pl.lit("dated-no-value")).otherwise(pl.col("problem"))
        return visits.with_columns(problem=unknown, share=pl.lit(None, pl.Int64)).drop("_rate", "_month")
    share = by_route(routes, lambda name: rounded(pl.col("cost") * pl.col("_rate"), 100, Rounding(name)))
    return visits.with_columns(share=share).drop("_rate", "_month")


def _by_month(rules: Parameters, name: str, months: list[int]) -> pl.Expr:
    """Return a parameter's value in each row's month of the visit."""
    values = {index: looked_up(rules, name, month_of(index)) for index in months}
    if len(set(values.values())) == 1:
        return pl.lit(next(iter(values.values())), pl.Int64)
    return pl.col("_month").replace_strict(values, default=None, return_dtype=pl.Int64)


def others(rules: Parameters, rows: pl.DataFrame, month: YearMonth) -> pl.DataFrame:
    """Return the rows with `left` brought down to what other public payers leave."""
    have = rows.filter(pl.col("other_pays").list.len() > 0)
    if have.is_empty():
        return rows
    payers = have.select("row", "cost", "route", "other_rates", "other_limits", "other_pays").explode(
        "other_rates", "other_limits", "other_pays"
    )
    numerator, denominator = (pl.col("other_rates").list.get(place) for place in (0, 1))
    routes = looked_up(rules, "share.rounding", month)
    by_rate = by_route(routes, lambda name: rounded(pl.col("cost") * numerator, denominator, Rounding(name)))
    pays = pl.coalesce("other_pays", pl.min_horizontal(by_rate, pl.col("other_limits")))
    least = payers.group_by("row").agg(_pays=pays.min())
    rows = rows.join(least, on="row", how="left", maintain_order="left")
    return rows.with_columns(left=pl.min_horizontal("left", "_pays")).drop("_pays")
