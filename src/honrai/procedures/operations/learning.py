"""The replay corpus: what is kept of a case when it closes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.procedures.models import ClosedExample
from honrai.procedures.queries import runnable
from honrai.procedures.rules.unnamed import unnamed


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A case as it closed: raw answers and facts, ids of the attachments, how it ended, the version it was decided on."""

    case: int
    version: int
    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    attachments: Iterable[str]
    received_on: date
    channel: str
    outcome: str


def remember_closed(closed: Closed, *, now: datetime) -> None:
    """Keep a closed case for the replay of later drafts, without names; closed twice, it is kept as it closed last.

    An outcome no table gives (a withdrawal) is left out: there is nothing to compare.
    """
    run = runnable(closed.version)
    kinds = {outcome.id: outcome.kind for outcome in run.pack.identity.outcomes}
    if kinds.get(closed.outcome, "withdraw") == "withdraw":
        return
    values, facts = unnamed(run.pack, closed.values, closed.facts)
    ClosedExample.objects.update_or_create(
        case=closed.case,
        defaults={
            "code": run.version.code,
            "version": closed.version,
            "values": values,
            "facts": facts,
            "attachments": sorted(closed.attachments),
            "received_on": closed.received_on,
            "channel": closed.channel,
            "outcome": closed.outcome,
            "closed_at": now,
        },
    )


def forget_closed(*, case: int) -> None:
    """Drop a case from the corpus, e.g. when the case itself is disposed of."""
    ClosedExample.objects.filter(case=case).delete()
