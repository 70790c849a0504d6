"""The door to intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.intake.disposal import DRAFTS, dispose_of
from honrai.intake.life_events.disposal import DRAFTS as COMBINED_DRAFTS
from honrai.intake.life_events.publishing import publish as publish_life_event
from honrai.intake.life_events.queries import TogetherView, submission_of, submission_view, together
from honrai.intake.models import Application
from honrai.intake.operations import Receipt, answer, attach, find_by_receipt, save, start, submit, withdraw
from honrai.intake.ports import Item, LetterToSee, Progress, ports
from honrai.intake.reception.batching import order, remap, take_some, upload
from honrai.intake.reception.doubling import decide, open_pairs, side_by_side
from honrai.intake.reception.mailing import register
from honrai.intake.reception.models import Reception
from honrai.intake.reception.receiving import (
    PAGE,
    Incomplete,
    SentPaper,
    apply,
    begin,
    drop,
    identify,
    keep,
    take_from_register,
    take_in,
)
from honrai.intake.reception.rules import Visitor

__all__ = [
    "COMBINED_DRAFTS",
    "DRAFTS",
    "PAGE",
    "Incomplete",
    "Item",
    "LetterToSee",
    "Progress",
    "Receipt",
    "SentPaper",
    "SubmittedApplication",
    "TogetherView",
    "Visitor",
    "answer",
    "apply",
    "attach",
    "begin",
    "decide",
    "dispose_of",
    "drop",
    "find_by_receipt",
    "identify",
    "keep",
    "open_pairs",
    "order",
    "ports",
    "publish_life_event",
    "register",
    "remap",
    "save",
    "side_by_side",
    "start",
    "submission_of",
    "submission_view",
    "submit",
    "submitted",
    "take_from_register",
    "take_in",
    "take_some",
    "together",
    "upload",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class SubmittedApplication:
    """A submitted application: answers by field id, attachments as (kind, file key), 宛名番号 of the subject where known."""

    id: int
    number: str
    version: int
    procedure: str
    channel: str
    arrived_on: date
    values: Mapping[str, Any]
    attachments: tuple[tuple[str, int], ...]
    party: str = ""


def submitted(application: int) -> SubmittedApplication:
    """Return a submitted application."""
    row = Application.objects.get(pk=application)
    assert row.arrived_on is not None  # set with the number, see the table's constraint
    sent = tuple(row.attachments.filter(sent=True).order_by("pk").values_list("kind", "file"))
    party = Reception.objects.filter(application=row).values_list("party", flat=True).first() or ""
    return SubmittedApplication(
        row.pk, row.number, row.version, row.procedure, row.channel, row.arrived_on, row.values, sent, party
    )
