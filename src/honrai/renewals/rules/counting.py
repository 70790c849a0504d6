"""The counts of a run, and what two runs differ in."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from honrai.renewals.rules.classes import Class

_BANDS = ((0, "0〜17歳"), (18, "18〜39歳"), (40, "40〜64歳"), (65, "65〜74歳"), (75, "75歳以上"))
UNKNOWN_WARD = "区が不明"


def count(frame: pl.DataFrame) -> dict[str, Any]:
    """Return how many fall into what: `class` -> number, and tables ward, age, change, reason -> class -> number.

    Every recipient is counted once in `class` and once in each table: the sums are the total.
    Expects columns `class`, `change`, `exception`, `reason`, `ward`, `age`, `answered`.
    """
    col = pl.col
    why = (
        pl.when(col("exception") != "").then(col("exception"))
        .when(~col("answered")).then(pl.lit("届が出ていません"))
        .otherwise(col("reason"))
    )  # fmt: skip
    band = pl.lit("年齢が不明")
    for lowest, label in _BANDS:
        band = pl.when(col("age") >= lowest).then(pl.lit(label)).otherwise(band)
    shaped = frame.select(
        "class",
        pl.when(col("ward").fill_null("") == "").then(pl.lit(UNKNOWN_WARD)).otherwise(col("ward")).alias("ward"),
        pl.when(col("change") == "").then(pl.lit("なし")).otherwise(col("change")).alias("change"),
        why.alias("reason"),
        band.alias("age"),
    )
    found: dict[str, Any] = {"class": {each.value: 0 for each in Class}}
    found["class"] |= dict(shaped.group_by("class").len().iter_rows())
    for name in ("ward", "age", "change", "reason"):
        table: dict[str, dict[str, int]] = {}
        for group, each, number in shaped.group_by(name, "class").len().sort(name, "class").iter_rows():
            table.setdefault(group, {})[each] = number
        found[name] = table
    return found


def table_rows(table: Mapping[str, Mapping[str, int]]) -> list[tuple[str, list[int], int]]:
    """Return a breakdown as rows: what, the number in each class in order, their sum; the largest first."""
    rows = [
        (name, [counts.get(each.value, 0) for each in Class], sum(counts.values())) for name, counts in table.items()
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def differences(
    first: Mapping[str, Mapping[str, int]], second: Mapping[str, Mapping[str, int]]
) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """Return a breakdown of two runs side by side: what, and per class (first, second, difference); only what differs."""
    found = []
    for name in sorted({*first, *second}):
        before, after = first.get(name, {}), second.get(name, {})
        cells = [(before.get(c.value, 0), after.get(c.value, 0)) for c in Class]
        if any(old != new for old, new in cells):
            found.append((name, [(old, new, new - old) for old, new in cells]))
    return found
