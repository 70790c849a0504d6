"""What happens to approval documents. Fields hold ids, codes and dates only; reasons are asked of `api.decision_of`."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class Drawn(Event):
    """A document was drawn up; `rank` is the 職位 that decides."""

    name: ClassVar[str] = "approvals.drawn"
    document: int
    procedure: str
    outcome: str
    rank: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class Agreed(Event):
    """A step of the route was agreed to; `finished` where it was the last one."""

    name: ClassVar[str] = "approvals.agreed"
    document: int
    step: int
    finished: bool


@dataclass(frozen=True, kw_only=True)
class DocumentDecided(Event):
    """A document was approved (`accepted`), or goes back to whoever drew it up (returned or withdrawn).

    `medium` says where: screen, paper, archive. The wording of the reason can name people, so it is not in the log for
    ever; subscribers read it with `api.decision_of(document)`.
    """

    name: ClassVar[str] = "approvals.decided"
    document: int
    case: int | None
    outcome: str
    accepted: bool
    changed: bool
    medium: str


@dataclass(frozen=True, kw_only=True)
class PulledUp(Event):
    """A document was handed up to a higher 職位."""

    name: ClassVar[str] = "approvals.pulled_up"
    document: int
    rank: int


@dataclass(frozen=True, kw_only=True)
class SeenAfterwards(Event):
    """The holder of the post saw what a deputy had decided (後閲)."""

    name: ClassVar[str] = "approvals.seen_afterwards"
    document: int
    post: int


@dataclass(frozen=True, kw_only=True)
class StackFormed(Event):
    """Like documents were laid together; `sampled` are those drawn with `seed`."""

    name: ClassVar[str] = "approvals.stack_formed"
    stack: int
    group: str
    size: int
    seed: int
    sampled: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PulledOut(Event):
    """A document was taken out of its stack to be decided by itself."""

    name: ClassVar[str] = "approvals.pulled_out"
    document: int
    stack: int


@dataclass(frozen=True, kw_only=True)
class StackOrdered(Event):
    """The decider approved a large stack; a job carries it out. The reason of a 代決 stands beside the log (`absence`)."""

    name: ClassVar[str] = "approvals.stack_ordered"
    stack: int


@dataclass(frozen=True, kw_only=True)
class StackApproved(Event):
    """A stack was approved by one act; `left` are documents its approver may not decide."""

    name: ClassVar[str] = "approvals.stack_approved"
    stack: int
    approved: int
    left: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MediumChanged(Event):
    """A document went to paper or to the city's 文書管理, or came back to the screen."""

    name: ClassVar[str] = "approvals.medium_changed"
    document: int
    medium: str
