"""高額療養費 on columns: the same order of caps as `rules.high_cost`, for all households of a month at once."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from honrai.claims.columns.values import capped, has_birthday, looked_up, month_after_attaining
from honrai.claims.rules.high_cost import ELDER, YOUNG, halved
from honrai.kernel.parameters import Parameters
from honrai.kernel.year_month import YearMonth

_NONE = 1 << 60


def high_cost(rules: Parameters, rows: pl.DataFrame, month: YearMonth) -> pl.Series:
    """Return what is given back for each row; 0 where the income class is not known.

    Args:
        rules: parameters.
        rows: rows without problems, with `cost` and `left` (what other payers left).
        month: their month.
    """
    elders, young = (looked_up(rules, name, month) for name in ("high_cost.from70", "high_cost.under70"))
    known = rows.filter(pl.col("income") != "")
    if not known.is_empty():
        known = _could_reach(known, elders, young)
    if known.is_empty():
        return pl.Series("high", [0], pl.Int64).new_from_index(0, rows.height)
    bills = _bills(known, month)
    bills = _elders(bills.with_columns(_limits(elders, ELDER)), elders)
    bills = _together(bills, looked_up(rules, "high_cost.row", month), young)
    found = rows.select("row").join(bills.select("row", "high"), on="row", how="left", maintain_order="left")
    return found["high"].fill_null(0)


def _could_reach(rows: pl.DataFrame, *tables: Mapping[str, Mapping[str, int]]) -> pl.DataFrame:
    """Leave out households that bear less than the lowest limit there is: most of them."""
    lowest = min(
        halved(row).get(name, _NONE)
        for table in tables
        for row in table.values()
        for name in ("base", "outpatient", "frequent")
    )
    return rows.filter(pl.col("left").sum().over("household") > lowest)


def _bills(rows: pl.DataFrame, month: YearMonth) -> pl.DataFrame:
    """Return the rows as 高額療養費 sees them; income class and 多数回 are those of the household's first row."""
    birth, first, last = pl.col("birth"), pl.lit(month.first), pl.lit(month.last)
    inside = pl.col("care") == "inpatient"
    place = pl.when(pl.col("prescriber") != "").then(pl.col("prescriber")).otherwise(pl.col("institution"))
    index = month.year * 12 + month.month - 1
    return rows.sort("row").select(
        "row", "household", "person", "cost", "left",
        borne=pl.col("left"),
        high=pl.lit(0, pl.Int64),
        outpatient=~inside,
        group=place + pl.when(inside).then(pl.lit("/入院")).otherwise(pl.lit("/外来")),
        elder=index >= month_after_attaining(birth, 70),
        half=has_birthday(birth, 75, last) & ~has_birthday(birth, 75, first),
        income=pl.col("income").first().over("household"),
        frequent=pl.col("frequent").first().over("household"),
    )  # fmt: skip


def _limits(table: Mapping[str, Mapping[str, int]], same: Mapping[str, str]) -> list[pl.Expr]:
    """Return columns `base`, `start`, `often` and `visits` of each row's class; without a value a limit nobody reaches."""
    known = {name: table[same.get(name, name)] for name in {*table, *same} if same.get(name, name) in table}
    columns = {"base": "base", "start": "start", "often": "frequent", "visits": "outpatient"}
    return [
        pl.col("income")
        .replace_strict(
            {name: row.get(key, _NONE) for name, row in known.items()}, default=_NONE, return_dtype=pl.Int64
        )
        .alias(column)
        for column, key in columns.items()
    ]


def _limit(cost: pl.Expr, part: int = 1) -> pl.Expr:
    """Return the limit of each row's class for a cost: flat from the fourth month on, else base and 1 % over the start."""
    base, start, often = (pl.col(name) // part for name in ("base", "start", "often"))
    above = ((cost - start).clip(lower_bound=0) + 50) // 100
    return pl.when(pl.col("frequent") & (pl.col("often") < _NONE)).then(often).otherwise(base + above)


def _elders(bills: pl.DataFrame, table: Mapping[str, Mapping[str, int]]) -> pl.DataFrame:
    """Cap the rows from 70 on: outpatients by person, the month of the 75th birthday, the household."""
    old = bills.filter(pl.col("elder"))
    if old.is_empty():
        return bills
    person, cost = ("household", "person"), pl.col("cost")
    visits = pl.when(pl.col("half")).then(pl.col("visits") // 2).otherwise(pl.col("visits"))
    parts = old.partition_by("outpatient", as_dict=True)
    out = [capped(part, person, visits) if flag[0] else part for flag, part in parts.items()]
    old = pl.concat(out).sort("row")
    if old["half"].any():
        own = capped(old.filter("half"), person, _limit(cost.sum().over(person), 2))
        old = pl.concat([own, old.filter(~pl.col("half"))]).sort("row")
    old = capped(old, ("household",), _limit(cost.sum().over("household")))
    return pl.concat([old, bills.filter(~pl.col("elder"))]).sort("row")


def _together(bills: pl.DataFrame, least: int, table: Mapping[str, Mapping[str, int]]) -> pl.DataFrame:
    """Cap what is left together with the rows under 70 whose group reaches 21,000 yen."""
    group = ("household", "person", "group", "elder")
    counts = pl.col("elder") | (pl.col("borne").sum().over(group) >= least)
    bills = bills.with_columns(_counts=counts)
    some_young = (pl.col("_counts") & ~pl.col("elder")).any().over("household")
    mine = bills.filter("_counts").filter(some_young)
    if mine.is_empty():
        return bills
    mine = mine.with_columns(_limits(table, YOUNG))
    mine = capped(mine, ("household",), _limit(pl.col("cost").sum().over("household")))
    return pl.concat([mine.select("row", "high"), bills.join(mine, on="row", how="anti").select("row", "high")])
