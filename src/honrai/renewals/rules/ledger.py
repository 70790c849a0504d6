"""What the ledger holds after the renewal: period, category and state of each recipient; nothing for those still open."""

from datetime import date, timedelta

import polars as pl

from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.plan import Plan


def after_columns(plan: Plan, basis: date) -> list[pl.Expr]:
    """Return the columns `after.since`, `.until`, `.category`, `.state`; the state is "" where the ledger stays as it is.

    Who goes on, is suspended or starts again has the new period; who loses the benefit keeps the first day and ends on the day
    before the new period. Expects columns `class`, `kind`, `outcome`, `will`, `was`, `since`.
    """
    start, end = plan.period(basis)
    col = pl.col
    decided = col("class").is_in([Class.SAME.value, Class.CHANGES.value])
    outcomes = {**{key: value for key, value in plan.states.items() if key != "grant"}}
    state = col("outcome").replace_strict(list(outcomes), list(outcomes.values()), default=None, return_dtype=pl.String)
    state = pl.when(col("kind") == "grant").then(pl.lit(plan.states["grant"])).otherwise(state.fill_null("喪失"))
    lost = state == "喪失"
    return [
        pl.when(decided).then(state).otherwise(pl.lit("")).alias("after.state"),
        pl.when(lost).then(col("since")).otherwise(pl.lit(start)).alias("after.since"),
        pl.when(lost).then(pl.lit(start - timedelta(days=1))).otherwise(pl.lit(end)).alias("after.until"),
        pl.when(col("kind") == "grant").then(col("will")).otherwise(col("was")).alias("after.category"),
    ]
