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


@dataclass(frozen=True, kw_only=True)
class ConsultationAsked(Event):
    """Offices were asked for their opinion of a draft."""

    name: ClassVar[str] = "procedures.consultation_asked"
    draft: int
    code: str
    offices: int


@dataclass(frozen=True, kw_only=True)
class ConsultationAnswered(Event):
    """An office answered, with a comment or without."""

    name: ClassVar[str] = "procedures.consultation_answered"
    draft: int
    inquiry: int
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class CommentDisposed(Event):
    """It was decided what becomes of a comment."""

    name: ClassVar[str] = "procedures.comment_disposed"
    draft: int
    comment: int
    disposition: str


@dataclass(frozen=True, kw_only=True)
class GateAsked(Event):
    """A gate run over a draft was asked for."""

    name: ClassVar[str] = "procedures.gate_asked"
    draft: int
    run: int


@dataclass(frozen=True, kw_only=True)
class GateFinished(Event):
    """A gate run came to its end."""

    name: ClassVar[str] = "procedures.gate_finished"
    draft: int
    run: int


@dataclass(frozen=True, kw_only=True)
class ChangeJudged(Event):
    """An approver accepted a changed precedent or sent it back."""

    name: ClassVar[str] = "procedures.change_judged"
    draft: int
    precedent: str
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class DraftSubmitted(Event):
    """A draft that passed the gate was put before the decider."""

    name: ClassVar[str] = "procedures.draft_submitted"
    draft: int
    code: str
    document: int


@dataclass(frozen=True, kw_only=True)
class DraftReturned(Event):
    """The decider sent a draft back, or its document was withdrawn."""

    name: ClassVar[str] = "procedures.draft_returned"
    draft: int
    document: int


@dataclass(frozen=True, kw_only=True)
class VariantImported(Event):
    """A ward's way of doing a procedure was laid beside a draft."""

    name: ClassVar[str] = "procedures.variant_imported"
    draft: int
    variant: int


@dataclass(frozen=True, kw_only=True)
class DifferenceDecided(Event):
    """It was decided whether a ward keeps a difference."""

    name: ClassVar[str] = "procedures.difference_decided"
    draft: int
    decision: int
    keep: bool


@dataclass(frozen=True, kw_only=True)
class MovePlanned(Event):
    """A plan to move running cases was made or its map changed."""

    name: ClassVar[str] = "procedures.move_planned"
    plan: int
    source: int
    target: int


@dataclass(frozen=True, kw_only=True)
class MoveStarted(Event):
    """Running cases are being moved by a plan."""

    name: ClassVar[str] = "procedures.move_started"
    plan: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class MoveFinished(Event):
    """Every case of a plan was looked at."""

    name: ClassVar[str] = "procedures.move_finished"
    plan: int
    moved: int
    kept: int
