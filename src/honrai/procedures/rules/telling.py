"""What entries.yaml of a pack may read of one decided case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.procedures.rules.contexts import case_values, context, fill, read_facts
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.proposing import propose


@dataclass(frozen=True)
class CoreFacts:
    """What the house knows of a case beside its form (`core.…`); what is not known is None.

    Attributes:
        receipt: 受付番号.
        decided: the day it was decided.
        outcome: the outcome decided.
        person: 宛名番号 of the subject.
        held: key the person has in the ledger that proves the landing.
        held_since: first day of that line.
        given: number given to the case.
        premises: key of the premises the form names.
    """

    receipt: str
    decided: date
    outcome: str
    person: str | None = None
    held: str | None = None
    held_since: date | None = None
    given: str | None = None
    premises: str | None = None


def seen_by_entries(
    pack: Pack,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    received: date,
    core: CoreFacts,
    *,
    channel: str = "",
    attached: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the context of entries.yaml: the names of rules, `result` with every decision, and `core`.

    Args: as for `proposing.propose`, and what the house knows.
    """
    handed = tuple(attached)
    worked = propose(pack, values, facts, received, channel=channel, attached=handed)
    answers = fill(pack.form, values).values
    at = case_values(received, channel, worked.basis)
    seen = context(pack, answers, read_facts(pack, facts), at, handed, pack.parameters.at(worked.basis))
    told = {name: getattr(core, name) for name in CoreFacts.__dataclass_fields__}
    return {**seen, "result": dict(worked.results), "core": told}
