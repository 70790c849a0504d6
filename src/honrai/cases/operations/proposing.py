"""What the decision tables propose for a case, as plain values that are kept with it."""

from collections.abc import Mapping
from typing import Any

from honrai.cases.models import Case
from honrai.procedures import api as procedures


def make_proposal(case: Case, run: procedures.Runnable) -> dict[str, Any]:
    """Return the proposal for a case: `outcome`, `kind`, `reasons`, `rules`, `results`, `basis`, `missing`.

    The decision uses the version in force on its basis date and the parameters of that day.
    """
    made = procedures.propose(
        run.pack,
        case.values,
        case.facts,
        case.received_on,
        channel=case.channel,
        attached=[item["id"] for item in case.attachments],
    )
    proposal: dict[str, Any] = plain(
        {
            "outcome": made.outcome,
            "kind": made.kind,
            "reasons": [{"text": reason.text, "basis": reason.basis} for reason in made.reasons],
            "rules": [reason.row for reason in made.reasons],
            "results": dict(made.results),
            "basis": made.basis,
            "missing": [fact.label for fact in made.missing],
        }
    )
    return proposal


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it: dates as 2026-04-01, decimals as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if isinstance(value, str | int | bool | None) else str(value)
