"""What others may learn from a closed case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.cases.models import Case


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case as it closed: raw answers and facts, ids of its attachments, outcome, the version it ended on."""

    case: int
    version: int
    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    attachments: tuple[str, ...]
    received_on: date
    channel: str
    outcome: str


def closed_case(case: int) -> ClosedCase | None:
    """Return a closed case; None where it is open (again)."""
    row = Case.objects.filter(pk=case, closed_at__isnull=False).first()
    if row is None:
        return None
    papers = tuple(sorted({item["id"] for item in row.attachments}))
    return ClosedCase(row.pk, row.version, row.values, row.facts, papers, row.received_on, row.channel, row.outcome)
