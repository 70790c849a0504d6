"""From proposal to decision: the draft goes through `approvals`, and what was decided there moves the case on."""

from datetime import datetime

from honrai.approvals import api as approvals
from honrai.cases import rules
from honrai.cases.events import Decided
from honrai.cases.models import Case, CaseDecision, Task, TaskState
from honrai.cases.operations.completing import finish, lock_case
from honrai.cases.restart_rules import REVOKED
from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor, Conflict, Doer, Invalid
from honrai.platform.events.api import Who, announce
from honrai.procedures import api as procedures

ACCEPTED, RETURNED = "承認", "差戻し"


def draw_up(*, task: int, actor: Actor, now: datetime) -> int:
    """Draw up the approval document for a case whose decision step `task` is open; return the document's key.

    The document carries the proposal with its reasons and the rules behind them; nobody who worked on the case may approve it.
    """
    row = Task.objects.select_for_update().get(pk=task)
    if row.document is not None:
        return row.document
    case = row.case
    run = procedures.runnable(case.version)
    row.document = approvals.draw_up(_draft(case, run, row), actor=actor, now=now)
    row.save(update_fields=["document"])
    return row.document


def _draft(case: Case, run: procedures.Runnable, row: Task) -> approvals.Draft:
    proposal = case.proposal
    return approvals.Draft(
        subject=f"{case.title}（{case.number}）{_cause(case)}について",
        text=f"受付番号 {case.number} の申請について、次のとおり「{proposal['outcome']}」としてよろしいか伺います。",
        basis=tuple(str(basis.reference) for basis in run.pack.identity.legal),
        proposal=proposal,
        outcomes=tuple(
            one.id for one in run.pack.identity.outcomes if one.kind not in {*procedures.OPEN_KINDS, "withdraw"}
        ),
        attachments=tuple(item["file"] for item in case.attachments),
        procedure=case.procedure,
        act=rules.step_of(run.flow, row.node).act,
        unit=case.unit,
        amount=None,
        case=case.pk,
        parties=frozenset({case.party}) if case.party else frozenset(),
        before=tuple(_doers(case)),
        flagged=case.protected or proposal.get("kind") == "refuse" or bool(proposal.get("non_reply")),
        group=f"{case.procedure}/{case.version}/{proposal['outcome']}",
    )


def _cause(case: Case) -> str:
    return f"の決定の{case.round_cause}" if case.decisions.exists() else ""


def _doers(case: Case) -> list[Doer]:
    """Who worked on the case in this round; deciding is not working on it, so a returned draft comes back to its decider."""
    rows = case.tasks.filter(state=TaskState.DONE, done_by__isnull=False, document__isnull=True, round=case.round)
    return [Doer(row.done_by, row.done_contract, row.done_contractor) for row in rows]


def take_decision(*, decision: approvals.Decision, who: Who, now: datetime) -> None:
    """Take what was decided on a case's document and let the case go on.

    Raises:
        Conflict: the case no longer waits for this document.
    """
    row = Task.objects.select_for_update().filter(document=decision.document, state=TaskState.OPEN).first()
    if row is None:
        raise Conflict("この案件はこの起案文書を待っていません。案件の画面を確かめてください")
    case = lock_case(row.case_id)
    if decision.accepted:
        _keep_decision(case, decision, now)
    event = Decided(
        outcome=case.outcome,
        document=decision.document,
        accepted=decision.accepted,
        changed=decision.changed,
        round=case.round,
    )
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)
    row.done_by = who.person
    finish(row, case, ACCEPTED if decision.accepted else RETURNED, who=who, now=now)


def _keep_decision(case: Case, decision: approvals.Decision, now: datetime) -> None:
    """Write the decision beside those before it; letters give its reasons."""
    outcomes = {one.id: one for one in procedures.runnable(case.version).pack.identity.outcomes}
    if decision.outcome not in outcomes:
        raise Invalid("この手続にない結果です。結果を選び直してください")
    old = case.decisions.order_by("-pk").first()
    CaseDecision.objects.create(
        case=case,
        round=case.round,
        document=decision.document,
        outcome=decision.outcome,
        kind=outcomes[decision.outcome].kind,
        changed=decision.changed,
        reason=decision.reason if decision.changed else "",
        proposal=case.proposal,
        decided_on=decision.decided_on or now.date(),
        decided_by=decision.decided_by,
        replaces=old.pk if old else None,
        cause=case.round_cause if old else "",
    )
    case.outcome = decision.outcome
    reasons = case.proposal.get("reasons", [])
    if decision.changed:
        reasons = [{"text": decision.reason, "basis": ""}]
    if old is not None:
        reasons = [_instead_of(old, case.round_cause), *reasons]
    changed = {"outcome": decision.outcome, "kind": outcomes[decision.outcome].kind, "reasons": reasons}
    case.proposal = case.proposal | changed


def _instead_of(old: CaseDecision, cause: str) -> dict[str, str]:
    verb = "取り消し" if cause == REVOKED else "訂正し"
    text = f"{format_wareki(old.decided_on)}付けの決定（{old.outcome}）を{verb}、次のとおり改めて決定したものです。"
    return {"text": text, "basis": ""}
