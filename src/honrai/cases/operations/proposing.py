"""What the decision tables propose for a case, as plain values that are kept with it."""

from collections.abc import Mapping
from typing import Any

from honrai.cases.asking_rules import may_refuse
from honrai.cases.models import Case, DeficiencyState
from honrai.procedures import api as procedures


def make_proposal(case: Case, run: procedures.Runnable) -> dict[str, Any]:
    """Return the proposal for a case: `outcome`, `kind`, `reasons`, `rules`, `results`, `basis`, `missing`, `non_reply`.

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
            "non_reply": case.deficiencies.filter(state=DeficiencyState.ASKED).exclude(severity="notice").exists(),
        }
    )
    return _after_silence(proposal, run) if proposal["non_reply"] else proposal


def _after_silence(proposal: dict[str, Any], run: procedures.Runnable) -> dict[str, Any]:
    """Turn what silence leaves open into a proposal of 却下 to an official, or into a question to one where none may be.

    Asking once more is the official's choice before; here the case would only be asked for the same again.
    """
    refusing = may_refuse(run.pack.identity.nature)
    if proposal["kind"] not in {"complete", "refuse", "decline"} or (refusing and proposal["kind"] == "refuse"):
        return proposal
    kind, ground = ("refuse", _SILENT) if refusing else ("escalate", _NEVER_ALONE)
    outcome = next((one for one in run.pack.identity.outcomes if one.kind == kind), None)
    if outcome is None:
        return proposal | {"outcome": "", "kind": "hold"}
    reasons = [ground, *proposal["reasons"]] if refusing else [ground]
    return proposal | {"outcome": outcome.id, "kind": kind, "reasons": reasons, "rules": proposal["rules"]}


_SILENT = {
    "text": "補正を求めましたが、定めた期限までに補正がなく、申請の要件を確かめることができません。",
    "basis": "行政手続法第7条（条例に基づく処分では市行政手続条例の同じ定め）",
}
_NEVER_ALONE = {"text": "回答がないことだけを理由に断ることはできません。職員が確かめてください。", "basis": ""}


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it: dates as 2026-04-01, decimals as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if isinstance(value, str | int | bool | None) else str(value)
