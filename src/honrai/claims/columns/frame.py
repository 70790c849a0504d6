"""The frame of claims: one row a claim, its columns and their types, and how `Claim` values become rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from honrai.claims.rules.claim import Claim, OtherPayer

#: Columns of a frame of claims. `household` names who is counted together for 高額療養費 (one insurer); rows of one household
#: stand in the order in which monthly caps are used up. `months` is year * 12 + month - 1. Yen and points are whole numbers.
COLUMNS: dict[str, Any] = {
    "key": pl.String,
    "household": pl.String,
    "person": pl.String,
    "birth": pl.Date,
    "scheme": pl.String,
    "months": pl.Int32,
    "care": pl.String,
    "institution": pl.String,
    "amounts": pl.List(pl.Int64),
    "units": pl.List(pl.Int64),
    "days": pl.List(pl.Date),
    "route": pl.String,
    "insurer": pl.String,
    "card_percent": pl.Int64,
    "income": pl.String,
    "frequent": pl.Boolean,
    "prescriber": pl.String,
    "other_rates": pl.List(pl.List(pl.Int64)),
    "other_limits": pl.List(pl.Int64),
    "other_pays": pl.List(pl.Int64),
    "supplement": pl.String,
    "high_cost_decided": pl.Int64,
    "supplement_decided": pl.Int64,
}
#: What adjudication adds. `problem` is the code of what keeps a row from being judged, "" for none; its amounts are then null.
AMOUNTS = ("share", "after_others", "high_cost", "supplement_paid", "patient", "city")
_AS_IS = (
    "key",
    "person",
    "birth",
    "institution",
    "insurer",
    "card_percent",
    "income",
    "frequent",
    "prescriber",
    "supplement",
)


def one_visit_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the frame of claims that tell one total each, as claim files do.

    Args:
        rows: `total`, `unit` and `other_pays` (what other public payers leave, null for none) in the place of `amounts`, `units`,
            `days` and the three columns of other payers; what else is missing is empty.
    """
    given = pl.col("other_pays").is_not_null()
    no_list = pl.lit([], pl.List(pl.Int64))
    rows = rows.with_columns(
        amounts=pl.concat_list(pl.col("total").cast(pl.Int64)),
        units=pl.concat_list(pl.col("unit").cast(pl.Int64)),
        days=pl.concat_list(pl.lit(None, pl.Date)),
        other_rates=pl.when(given)
        .then(pl.lit([[0, 1]], pl.List(pl.List(pl.Int64))))
        .otherwise(no_list.cast(pl.List(pl.List(pl.Int64)))),
        other_limits=pl.when(given).then(pl.lit([None], pl.List(pl.Int64))).otherwise(no_list),
        other_pays=pl.when(given).then(pl.concat_list(pl.col("other_pays").cast(pl.Int64))).otherwise(no_list),
    )
    empty = {"prescriber": "", "high_cost_decided": None, "supplement_decided": None, "route": "combined"}
    missing = [pl.lit(value, COLUMNS[name]).alias(name) for name, value in empty.items() if name not in rows.columns]
    return rows.with_columns(missing).select([pl.col(name).cast(kind) for name, kind in COLUMNS.items()])


def frame_of(claims: Iterable[tuple[str, Claim]]) -> pl.DataFrame:
    """Return the frame of claims, each given with the name of its household."""
    return pl.DataFrame([_row(household, claim) for household, claim in claims], schema=COLUMNS, orient="row")


def _row(household: str, claim: Claim) -> dict[str, Any]:
    decided, supplement = claim.high_cost_decided, claim.supplement_decided
    return {name: getattr(claim, name) for name in _AS_IS} | {
        "household": household,
        "scheme": claim.scheme.value,
        "months": claim.month.year * 12 + claim.month.month - 1,
        "care": claim.care.value,
        "route": claim.route.value,
        "amounts": [visit.amount for visit in claim.visits],
        "units": [visit.unit_yen for visit in claim.visits],
        "days": [visit.on for visit in claim.visits],
        "other_rates": [_rate(other) for other in claim.others],
        "other_limits": [other.limit.amount if other.limit is not None else None for other in claim.others],
        "other_pays": [other.pays.amount if other.pays is not None else None for other in claim.others],
        "high_cost_decided": decided.amount if decided is not None else None,
        "supplement_decided": supplement.amount if supplement is not None else None,
    }


def _rate(other: OtherPayer) -> list[int]:
    return [other.rate.numerator, other.rate.denominator] if other.rate else [0, 1]
