"""What happens to life events."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class DefinitionPublished(Event):
    """A version of a life event is offered from a day on."""

    name: ClassVar[str] = "life_events.published"
    definition: int
    code: str
    number: int
    address: str


@dataclass(frozen=True, kw_only=True)
class SubmissionSent(Event):
    """A combined form was sent; its applications and cases stand in the same transaction."""

    name: ClassVar[str] = "life_events.sent"
    submission: int
    code: str
    applications: tuple[int, ...]
