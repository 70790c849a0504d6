"""What happens in parties. Fields hold ids, codes and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class SearchAlert(Event):
    """Somebody searched for people more often than the work explains (`reason`: often or same-person)."""

    name: ClassVar[str] = "parties.search_alert"
    search: int
    reason: str
