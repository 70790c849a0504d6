"""What the city pays, for a frame of claims: equal to `rules.adjudicate` on every row, whatever the order of households."""

from __future__ import annotations

from typing import Any

import polars as pl

from honrai.claims.columns.frame import AMOUNTS
from honrai.claims.columns.high_cost import high_cost
from honrai.claims.columns.shares import others, shares
from honrai.claims.columns.values import (
    by_route,
    fiscal_year_attaining,
    looked_up,
    month_after_attaining,
    month_of,
    rounded,
)
from honrai.kernel.parameters import Parameters
from honrai.kernel.yen import Rounding

_BANDS = ("infant", "elementary", "junior", "senior", "inpatient", "pharmacy")


def adjudicate_frame(rules: Parameters, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with what each claim comes to, in the order given.

    A row that cannot be judged carries the code of the reason in `problem` and has no amounts; the others of its household are
    judged without it, as the one-case rules judge a household from which it was taken out.

    Args:
        rules: `settings.medical_aid()`, with a city's own laid over.
        frame: columns as `frame.COLUMNS`, whole households; rows of a household in the order in which caps are used up.
    """
    rows = frame.with_row_index("row")
    months = rows["months"].unique().sort().to_list()
    judged = [_month(rules, rows.filter(pl.col("months") == each), each) for each in months]
    if not judged:
        return frame.with_columns(*(pl.lit(None, pl.Int64).alias(name) for name in AMOUNTS), problem=pl.lit(""))
    amounts = pl.concat(judged).sort("row").select(*AMOUNTS, "problem")
    return pl.concat([frame, amounts], how="horizontal")


def _month(rules: Parameters, rows: pl.DataFrame, index: int) -> pl.DataFrame:
    """Return row, amounts and problem of the claims of one month."""
    month = month_of(index)
    rows = shares(rules, rows, month)
    rows = _problems(rules, rows, index)
    good = others(rules, rows.filter(pl.col("problem") == ""), month)
    good = good.with_columns(after_others=pl.col("left"))
    good = _given_back(good.with_columns(high=high_cost(rules, good, month)))
    good = _patient(rules, _supplement(rules, good, index), index)
    good = good.with_columns(city=pl.col("left") - pl.col("patient"), high_cost=pl.col("high"))
    bad = rows.filter(pl.col("problem") != "").with_columns(*(pl.lit(None, pl.Int64).alias(name) for name in AMOUNTS))
    wanted = ("row", *AMOUNTS, "problem")
    return pl.concat([good.select(wanted), bad.select(wanted)])


def _problems(rules: Parameters, rows: pl.DataFrame, index: int) -> pl.DataFrame:
    """Add to `problem` what keeps a row from being judged besides its share, in the order the one-case rules find it."""
    month = month_of(index)
    tables = [looked_up(rules, name, month) for name in ("high_cost.from70", "high_cost.under70")]
    known = sorted({name for table in tables if table for name in table})
    asks = pl.col("income") != ""
    found: Any = pl.when(pl.col("problem") != "").then(pl.col("problem"))
    found = found.when(asks & pl.lit(None in tables)).then(pl.lit("dated-no-value"))
    found = found.when(asks & ~pl.col("income").is_in(known)).then(pl.lit("income-class"))
    child = pl.col("scheme") == "child"
    grade = index_fiscal(index) - fiscal_year_attaining(pl.col("birth"), 6)
    found = found.when(child & (grade >= 13)).then(pl.lit("child-too-old"))
    for name in _BANDS:
        if looked_up(rules, f"child.cap.{name}", month) is None:
            found = found.when(child & (_band(index) == name)).then(pl.lit("dated-no-value"))
    return rows.with_columns(problem=found.otherwise(pl.lit("")))


def index_fiscal(index: int) -> int:
    """Return the fiscal year of a month index."""
    return (index - 3) // 12


def _band(index: int) -> pl.Expr:
    """Return the copay band of a child's row: by care, and for outpatients by age."""
    birth = pl.col("birth")
    grade = index_fiscal(index) - fiscal_year_attaining(birth, 6)
    age: Any = pl.when(grade >= 10).then(pl.lit("senior")).when(grade >= 7).then(pl.lit("junior"))
    age = age.when(index < month_after_attaining(birth, 3)).then(pl.lit("infant")).otherwise(pl.lit("elementary"))
    return pl.when(pl.col("care") == "outpatient").then(age).otherwise(pl.col("care"))


def _given_back(rows: pl.DataFrame) -> pl.DataFrame:
    """Take off 高額療養費: as decided by the insurer, else as worked out; never more than what is borne."""
    high = pl.min_horizontal("left", pl.coalesce("high_cost_decided", "high"))
    return rows.with_columns(high=high).with_columns(left=pl.col("left") - pl.col("high"))


def _supplement(rules: Parameters, rows: pl.DataFrame, index: int) -> pl.DataFrame:
    """Take off 附加給付: as decided, else by the insurer's plan: what is over the deduction, in hundreds."""
    left, plans = pl.col("left"), looked_up(rules, "supplement.plans", month_of(index)) or {}
    paid: pl.Expr = pl.lit(0, pl.Int64)
    for name, plan in plans.items():
        over = left - plan["deduct"]
        by_plan = pl.when(over < plan["least"]).then(0).otherwise(over // 100 * 100)
        paid = pl.when(pl.col("supplement") == name).then(by_plan).otherwise(paid)
    decided = pl.col("supplement_decided")
    paid = pl.when(decided.is_not_null()).then(pl.min_horizontal(left, decided)).otherwise(paid)
    rows = rows.with_columns(supplement_paid=paid.cast(pl.Int64))
    return rows.with_columns(left=left - pl.col("supplement_paid"))


def _patient(rules: Parameters, rows: pl.DataFrame, index: int) -> pl.DataFrame:
    """Add what the scheme leaves to the patient: nothing, a third, or the child's copay up to the cap of the place and month."""
    left, scheme = pl.col("left"), pl.col("scheme")
    thirds = by_route(looked_up(rules, "thirds.rounding", month_of(index)), _third)
    cap: pl.Expr = pl.lit(0, pl.Int64)
    for name in _BANDS:
        amount = looked_up(rules, f"child.cap.{name}", month_of(index))
        cap = pl.when(_band(index) == name).then(pl.lit(amount, pl.Int64)).otherwise(cap)
    rows = rows.with_columns(cap=pl.when(scheme == "child").then(cap).otherwise(None))
    child = rows.filter(pl.col("cap").is_not_null() & (left > 0))
    place = ("household", "person", "institution", "care")
    upto = left.cum_sum().over(place)
    capped = pl.min_horizontal("cap", upto) - pl.min_horizontal(pl.col("cap"), upto - left)
    child = child.sort("row").select("row", copay=capped)
    rows = rows.join(child, on="row", how="left", maintain_order="left")
    patient = pl.when(scheme == "disabled_full").then(0).when(scheme == "child").then(pl.col("copay").fill_null(0))
    return rows.with_columns(patient=patient.otherwise(thirds).cast(pl.Int64))


def _third(rule: str) -> pl.Expr:
    """Return the patient's third of `left`, by a rule such as `patient half-up-10`."""
    side, _, name = rule.partition(" ")
    left, rounding = pl.col("left"), Rounding(name)
    if side == "patient":
        return pl.min_horizontal(left, rounded(left, 3, rounding))
    return left - rounded(2 * left, 3, rounding)
