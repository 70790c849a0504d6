"""Steps of a plan: columns that are made side by side, each step on top of the one before."""

from __future__ import annotations

import polars as pl


class Stages:
    """Collects the steps and hands out names for the columns made on the way."""

    def __init__(self) -> None:
        self.stages: list[tuple[pl.Expr, ...]] = []
        self._count = 0

    def fresh(self) -> str:
        """Return a column name not used before."""
        self._count += 1
        return f"__honrai_{self._count}"

    def add(self, exprs: list[pl.Expr]) -> None:
        """Add a step of named expressions."""
        if exprs:
            self.stages.append(tuple(exprs))

    def keep(self, exprs: list[pl.Expr]) -> list[pl.Expr]:
        """Make expressions columns of a new step and return how to read them; columns and literals stay as they are."""
        kept, step = [], []
        for expr in exprs:
            if expr.meta.is_column() or expr.meta.is_literal():
                kept.append(expr)
                continue
            name = self.fresh()
            step.append(expr.alias(name))
            kept.append(pl.col(name))
        self.add(step)
        return kept
