"""What this chapter announces. Fields hold ids, codes and dates only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class ReportConfirmed(Event):
    """The contractor's manager confirmed a report; from then on it stands."""

    name: ClassVar[str] = "insight.report_confirmed"
    report: int
    contract: int
    kind: str
    first_day: date


@dataclass(frozen=True, kw_only=True)
class ReportReplied(Event):
    """The city accepted a report or returned it."""

    name: ClassVar[str] = "insight.report_replied"
    report: int
    contract: int
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class AuditSigned(Event):
    """A monthly self-audit was signed; `incidents` are the dealings its findings became."""

    name: ClassVar[str] = "insight.audit_signed"
    sheet: int
    contract: int
    month: date
    incidents: tuple[int, ...]
