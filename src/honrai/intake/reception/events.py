"""What happens at reception."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class VisitorIdentified(Event):
    """Who came was identified: by which kinds of documents, acting for themselves or for somebody."""

    name: ClassVar[str] = "reception.identified"
    application: int
    manner: str
    documents: tuple[str, ...]
    acting: str


@dataclass(frozen=True, kw_only=True)
class MailRegistered(Event):
    """Paper came by post and waits to be keyed."""

    name: ClassVar[str] = "reception.mail_registered"
    mail: int
    procedure: str


@dataclass(frozen=True, kw_only=True)
class DuplicateFound(Event):
    """A second application for the same matter was submitted; people look at both."""

    name: ClassVar[str] = "reception.duplicate_found"
    duplicate: int
    earlier: int
    later: int


@dataclass(frozen=True, kw_only=True)
class DuplicateDecided(Event):
    """Two applications are separate, or one of them is withdrawn as the applicant wishes (`withdrawn`, else None)."""

    name: ClassVar[str] = "reception.duplicate_decided"
    duplicate: int
    verdict: str
    withdrawn: int | None
    kept: int | None


@dataclass(frozen=True, kw_only=True)
class BatchOrdered(Event):
    """A file of applications was checked and is to be taken in."""

    name: ClassVar[str] = "reception.batch_ordered"
    batch: int
