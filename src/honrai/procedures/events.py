"""What happens to packs."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class VersionPublished(Event):
    """A version became the one in force from a day on."""

    name: ClassVar[str] = "procedures.version_published"
    version: int
    code: str
    number: int
    address: str
