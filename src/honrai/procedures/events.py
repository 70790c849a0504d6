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


@dataclass(frozen=True, kw_only=True)
class DraftStarted(Event):
    """A draft was begun, from the version `base` or afresh."""

    name: ClassVar[str] = "procedures.draft_started"
    draft: int
    code: str
    base: int | None


@dataclass(frozen=True, kw_only=True)
class DraftChanged(Event):
    """Files of a draft were written or taken out."""

    name: ClassVar[str] = "procedures.draft_changed"
    draft: int
    code: str
    paths: tuple[str, ...]
    lock: int


@dataclass(frozen=True, kw_only=True)
class DraftWithdrawn(Event):
    """A draft was given up."""

    name: ClassVar[str] = "procedures.draft_withdrawn"
    draft: int
    code: str
