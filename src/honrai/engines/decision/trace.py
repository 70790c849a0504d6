"""Collects, while a case is worked out, which decisions ran and what their tables found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honrai.engines.decision.program import Unit
    from honrai.engines.decision.run import Run, Scope
    from honrai.engines.decision.tables import Hits, Table


@dataclass(slots=True)
class TableSeen:
    """One table at work: for which element, in which scope, with what outcome."""

    element: str
    table: Table
    hits: Hits
    scope: Scope


@dataclass(slots=True)
class Seen:
    """One decision at work."""

    unit: Unit
    scope: Scope
    value: object = None
    tables: list[TableSeen] = field(default_factory=list)


class Trace:
    """The decisions worked out so far, each after those it needs."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._open: list[Seen] = []

    def enter(self, unit: Unit, scope: Scope) -> None:
        """Note that a decision begins."""
        self._open.append(Seen(unit, scope))

    def leave(self, unit: Unit, value: object) -> None:
        """Note that it ends with this value."""
        seen = self._open.pop()
        seen.value = value
        self.seen.append(seen)

    def table(self, table: Table, hits: Hits, scope: Scope, run: Run) -> None:
        """Note what a table found."""
        if self._open:
            self._open[-1].tables.append(TableSeen(run.element, table, hits, scope))
