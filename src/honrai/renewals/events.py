"""What happens to a yearly renewal. Fields hold ids, codes and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """A run was started; `rehearsal` says that nothing may come of it."""

    name: ClassVar[str] = "renewals.started"
    run: int
    procedure: str
    rehearsal: bool


@dataclass(frozen=True, kw_only=True)
class RunJudged(Event):
    """Everybody was judged."""

    name: ClassVar[str] = "renewals.judged"
    run: int
    total: int
    same: int
    changes: int
    unknown: int
    check: int


@dataclass(frozen=True, kw_only=True)
class Submitted(Event):
    """The list and everything that must be opened was drawn up for one decision; `sampled` are unchanged ones to be opened."""

    name: ClassVar[str] = "renewals.submitted"
    run: int
    documents: int
    sampled: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Approved(Event):
    """Everything of a run is decided."""

    name: ClassVar[str] = "renewals.approved"
    run: int


@dataclass(frozen=True, kw_only=True)
class Prepared(Event):
    """Letters and cards are made, nothing has left the house."""

    name: ClassVar[str] = "renewals.prepared"
    run: int
    batches: int


@dataclass(frozen=True, kw_only=True)
class Issued(Event):
    """The ledger's changes are written for the core system, letters and cards may go out, exceptions are cases."""

    name: ClassVar[str] = "renewals.issued"
    run: int
    entries: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Undone(Event):
    """A run was taken back whole, before anything left the house."""

    name: ClassVar[str] = "renewals.undone"
    run: int
