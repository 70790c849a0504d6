"""What happens in exchange. Fields hold ids, codes, counts and dates only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class LoadApplied(Event):
    """A load was delivered; the present records of its source are now those of `as_of`."""

    name: ClassVar[str] = "exchange.load_applied"
    load: int
    source: str
    as_of: date
    new: int
    changed: int
    gone: int


@dataclass(frozen=True, kw_only=True)
class LoadUndone(Event):
    """A load was taken back; everything it changed is as it was before."""

    name: ClassVar[str] = "exchange.load_undone"
    load: int
    source: str


@dataclass(frozen=True, kw_only=True)
class EntriesHandedOver(Event):
    """Entries went to the core system; `way` is copy, sheet, form or bulk."""

    name: ClassVar[str] = "exchange.entries_handed_over"
    batch: int
    layout: str
    way: str
    entries: int


@dataclass(frozen=True, kw_only=True)
class EntryLanded(Event):
    """The core system's extract holds what was handed over."""

    name: ClassVar[str] = "exchange.entry_landed"
    entry: int
    case: int | None
    as_of: date


@dataclass(frozen=True, kw_only=True)
class EntryMissing(Event):
    """The core system's extract lacks what was handed over, or holds something else in `fields`."""

    name: ClassVar[str] = "exchange.entry_missing"
    entry: int
    case: int | None
    as_of: date
    fields: tuple[str, ...]
