"""Reads the shape of the made-up population (`data/population.yaml`) and draws from weighted tables."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Generic, TypeVar

import yaml

_T = TypeVar("_T")
_BATCH = 4096


@lru_cache(maxsize=1)
def shape() -> dict[str, Any]:
    """Return the shape as written in the data file."""
    text = (files("honrai.site.demo") / "data" / "population.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


class Draw(Generic[_T]):
    """Draws items by weight, many at a time, because a city needs millions of draws."""

    def __init__(self, rng: random.Random, items: Sequence[_T], weights: Sequence[float] | None = None) -> None:
        self._rng = rng
        self._items = items
        self._sums = list(accumulate(weights)) if weights else list(range(1, len(items) + 1))
        self._drawn: Iterator[_T] = iter(())

    @classmethod
    def by_share(cls, rng: random.Random, shares: Mapping[_T, float]) -> Draw[_T]:
        """Make a draw from a table of item to weight."""
        return cls(rng, list(shares), list(shares.values()))

    def next(self) -> _T:
        """Draw one item."""
        for item in self._drawn:
            return item
        self._drawn = iter(self._rng.choices(self._items, cum_weights=self._sums, k=_BATCH))
        return next(self._drawn)
