"""What happens in parties. Fields hold ids, codes and counts only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class SearchAlert(Event):
    """Somebody searched for people more often than the work explains (`reason`: often or same-person)."""

    name: ClassVar[str] = "parties.search_alert"
    search: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProtectionRegistered(Event):
    """A 支援措置 was registered."""

    name: ClassVar[str] = "parties.protection_registered"
    protection: int


@dataclass(frozen=True, kw_only=True)
class ProtectionEnded(Event):
    """A 支援措置 ends."""

    name: ClassVar[str] = "parties.protection_ended"
    protection: int
    until: date
