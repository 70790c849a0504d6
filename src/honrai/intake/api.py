"""The door to intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.intake.disposal import DRAFTS, dispose_of
from honrai.intake.models import Application
from honrai.intake.operations import Receipt, answer, attach, find_by_receipt, save, start, submit, withdraw
from honrai.intake.ports import Item, LetterToSee, Progress, ports

__all__ = [
    "DRAFTS",
    "Item",
    "LetterToSee",
    "Progress",
    "Receipt",
    "SubmittedApplication",
    "answer",
    "attach",
    "dispose_of",
    "find_by_receipt",
    "ports",
    "save",
    "start",
    "submit",
    "submitted",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class SubmittedApplication:
    """A submitted application: answers by field id, attachments as (kind, file key)."""

    id: int
    number: str
    version: int
    procedure: str
    channel: str
    arrived_on: date
    values: Mapping[str, Any]
    attachments: tuple[tuple[str, int], ...]


def submitted(application: int) -> SubmittedApplication:
    """Return a submitted application."""
    row = Application.objects.get(pk=application)
    assert row.arrived_on is not None  # set with the number, see the table's constraint
    sent = tuple(row.attachments.filter(sent=True).order_by("pk").values_list("kind", "file"))
    return SubmittedApplication(
        row.pk, row.number, row.version, row.procedure, row.channel, row.arrived_on, row.values, sent
    )
