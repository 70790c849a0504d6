"""What one evaluation carries along: the moment, the parameters, the work left, what was noticed, and the trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honrai.engines.decision.trace import Trace

Scope = dict[str, object]
Code = Callable[[Scope, "Run"], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a part of a decision became null.

    Attributes:
        element: the decision, function or service being worked out.
        line: line in the file of that part, 0 where there is none.
        what: the reason, Japanese.
    """

    element: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.element}（{self.line}行目）: {self.what}" if self.line else f"{self.element}: {self.what}"


@dataclass(slots=True)
class Run:
    """One evaluation of one case."""

    now: dt.datetime | None = None
    parameters: Mapping[str, object] | None = None
    steps: int = 1_000_000
    externals: Mapping[tuple[str, str], Callable[..., object]] | None = None
    notices: list[Notice] = field(default_factory=list)
    trace: Trace | None = None
    element: str = ""
    calls: int = 0

    def note(self, line: int, what: str) -> None:
        """Remember why something became null."""
        self.notices.append(Notice(self.element, line, what))
