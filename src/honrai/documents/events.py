"""What happens to paper."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class ContainerRegistered(Event):
    """A box, an envelope or a bundle has its label."""

    name: ClassVar[str] = "documents.registered"
    container: int
    kind: str
    count: int


@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """One side counted and gave paper away."""

    name: ClassVar[str] = "documents.handed_over"
    container: int
    to: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Received(Event):
    """The other side counted and took it."""

    name: ClassVar[str] = "documents.received"
    container: int
    at: str
    count: int


@dataclass(frozen=True, kw_only=True)
class CountDiffers(Event):
    """A count is not what it was before: an incident."""

    name: ClassVar[str] = "documents.count_differs"
    incident: int
    container: int
    expected: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(Event):
    """The city knows why a count differed and what the right one is."""

    name: ClassVar[str] = "documents.incident_resolved"
    incident: int
    agreed: int


@dataclass(frozen=True, kw_only=True)
class Disposed(Event):
    """The paper of a container was destroyed."""

    name: ClassVar[str] = "documents.disposed"
    container: int
    certificate: str


@dataclass(frozen=True, kw_only=True)
class Scanned(Event):
    """A file from a scanner became sheets."""

    name: ClassVar[str] = "documents.scanned"
    scan: int
    container: int
    sheets: int


@dataclass(frozen=True, kw_only=True)
class Quarantined(Event):
    """A file could not be taken in; nothing of it was kept."""

    name: ClassVar[str] = "documents.quarantined"
    scan: int
    container: int
    fault: str


@dataclass(frozen=True, kw_only=True)
class FilingRead(Event):
    """The fields of a filing were read; so many wait for a person."""

    name: ClassVar[str] = "documents.filing_read"
    filing: int
    fields: int
    doubtful: int


@dataclass(frozen=True, kw_only=True)
class FieldKeyed(Event):
    """A person keyed or confirmed one field."""

    name: ClassVar[str] = "documents.field_keyed"
    reading: int
    settled: bool


@dataclass(frozen=True, kw_only=True)
class FilingVerified(Event):
    """Every field of a filing stands: by proof or by people."""

    name: ClassVar[str] = "documents.filing_verified"
    filing: int
    version: int | None


@dataclass(frozen=True, kw_only=True)
class TemplatePublished(Event):
    """A drawn template is in use from now on."""

    name: ClassVar[str] = "documents.template_published"
    template: int
    code: str
    number: int
