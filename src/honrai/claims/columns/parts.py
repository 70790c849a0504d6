"""The seam for more machines: a frame is divided by household, the parts are judged anywhere, and put together again.

An engine that spreads DataFrames (Dask, Ray, Spark) gives its own `spread`: it gets the function and the parts and returns what
the function gives for each, in order. Nothing else of the rules knows that there is more than one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

Judge = Callable[[pl.DataFrame], pl.DataFrame]
Spread = Callable[[Judge, Iterable[pl.DataFrame]], Iterable[pl.DataFrame]]


def in_parts(frame: pl.DataFrame, number: int, judge: Judge, spread: Spread = map) -> pl.DataFrame:
    """Return what `judge` gives for the whole frame, worked out in parts of whole households, in the order of the frame.

    Args:
        frame: claims as `frame.COLUMNS`.
        number: how many parts.
        judge: `adjudicate_frame` with its rules; called with frames of whole households.
        spread: maps the function over the parts; one after another unless told.
    """
    rows = frame.with_row_index("_place")
    part = pl.col("household").hash(seed=1) % number
    divided = [rows.filter(part == each) for each in range(number)]
    done = spread(judge, [each.drop("_place") for each in divided])
    placed = [each.with_columns(old["_place"]) for each, old in zip(done, divided, strict=True) if each.height]
    return pl.concat(placed).sort("_place").drop("_place") if placed else judge(frame)
