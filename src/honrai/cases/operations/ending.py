"""Ends and new beginnings outside the flow: withdrawal, transfer to the right office, reopening, correcting a decision."""

from datetime import datetime
from typing import Any

from honrai.approvals import api as approvals
from honrai.cases import restart_rules, rules
from honrai.cases.events import CaseReopened, CaseTransferred, Withdrawn
from honrai.cases.models import Case, Task, TaskState
from honrai.cases.operations.advancing import cancel_tasks, close, go_on, happen, settle_state, start
from honrai.cases.operations.asking import resume_clock
from honrai.cases.operations.completing import lock_case
from honrai.cases.operations.proposing import make_proposal
from honrai.cases.permissions import check_can_see
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
from honrai.platform.organisations.api import units_on
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures

_MESSAGE, _OUTCOME = "取下げが届く", "取下げ"
_WAITING = (TaskState.OPEN, TaskState.HELD)


def withdraw(*, case: int, who: Who, now: datetime) -> None:
    """End a case at the applicant's own wish (取下げ), given on the applicant's page.

    Raises:
        Conflict: it is decided or over.
        Invalid: what was applied for is nothing one withdraws (届出, 職権).
    """
    _withdraw(lock_case(case), "web", {"evidence": "申請者の画面からの申出"}, who, now)


def withdraw_for_applicant(*, case: int, evidence: str, file: int | None = None, actor: Actor, now: datetime) -> None:
    """End a case on an applicant's statement an official received.

    Args:
        case: its key.
        evidence: what shows the statement: the written 取下書 and its day, or the call in which it was confirmed.
        file: the scanned statement, where there is one.
        actor: an official of the unit.
        now: the moment.

    Raises:
        Denied: not an official of the unit; contractors bring the statement to the section.
        Invalid: no evidence, or nothing one withdraws.
        Conflict: it is decided or over.
    """
    row = _of_official(case, actor, now)
    _check_words(evidence, "取下げの申出が分かる資料（書面の日付、電話の記録など）を書いてください")
    papers = [{"id": "withdrawal", "file": file}] if file is not None else []
    row.attachments = row.attachments + papers
    _withdraw(row, "staff", {"evidence": evidence.strip(), "file": file}, actor.who, now)


def _withdraw(row: Case, by: str, evidence: dict[str, Any], who: Who, now: datetime) -> None:
    run = procedures.runnable(row.version)
    if row.closed_at is not None or row.decisions.filter(round=row.round).exists():
        raise Conflict("決定のあと、または完結した案件は取り下げられません")
    if "withdraw" not in procedures.OUTCOME_KINDS[run.pack.identity.nature]:
        raise Invalid(f"{run.pack.identity.nature}には取下げがありません。担当課に相談してください")
    documents = list(row.tasks.filter(state__in=_WAITING, document__isnull=False).values_list("document", flat=True))
    event = Withdrawn(application=row.application, by=by)
    announce(event, who=who, now=now, subject=("case", row.pk), case=row.pk, after=evidence)
    resume_clock(row, now=now)
    row.outcome = _OUTCOME
    if _MESSAGE in flow_engine.awaited(run.flow, row.state, "message"):
        happen(row, flow_engine.Message(_MESSAGE), who=who, now=now)
    else:
        _end_from_outside(row, run, who, now)
    for document in filter(None, documents):
        approvals.drop(document=document, reason="申請が取り下げられたため", who=who, now=now)


def _end_from_outside(row: Case, run: procedures.Runnable, who: Who, now: datetime) -> None:
    cancel_tasks(row.tasks.filter(state__in=_WAITING), who=who, now=now)
    row.timers.all().delete()
    row.state = restart_rules.ended(row.state, "withdrawn")
    close(row, who, now)
    settle_state(row, run, now=now)


def transfer(*, case: int, unit: int, reason: str, actor: Actor, now: datetime) -> None:
    """Hand a case to the office it belongs to (移送); the office that hands over sees it no longer.

    Raises:
        Denied: not an official of the unit that has it.
        Invalid: no such office today, the same one, or no reason.
        Conflict: over, or lying with its decider: have the draft sent back first.
    """
    row = _of_official(case, actor, now)
    _check_words(reason, "移送する理由を書いてください")
    if row.closed_at is not None:
        raise Conflict("完結した案件は移送できません")
    if unit == row.unit or unit not in {one.id for one in units_on(now.date())}:
        raise Invalid("移送先の課を選んでください")
    waiting = row.tasks.filter(state__in=_WAITING)
    if waiting.filter(document__isnull=False).exists():
        raise Conflict("決裁に回っている案件です。起案を取り下げるか、差戻しを受けてから移送してください")
    before, row.unit = row.unit, unit
    waiting.filter(unit__isnull=False).update(unit=unit, claimed_by=None, lease_until=None, assigned_to=None)
    Task.objects.filter(case=row).update(section=unit)
    event = CaseTransferred(before=before, unit=unit)
    announce(event, who=actor.who, now=now, subject=("case", row.pk), case=row.pk, after={"reason": reason.strip()})
    settle_state(row, procedures.runnable(row.version), now=now)


def reopen(*, case: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take up again a case that ended without a decision (e.g. withdrawn by mistake); it begins from the start.

    Raises:
        Denied: not an official of the unit.
        Invalid: no reason.
        Conflict: still running, or decided: a decision is corrected, not reopened.
    """
    row = _of_official(case, actor, now)
    _check_words(reason, "再開する理由を書いてください")
    if row.closed_at is None or row.decisions.exists():
        raise Conflict(
            "再開できるのは、決定のないまま完結した案件です。決定を改めるときは「訂正・取消し」を使ってください"
        )
    run = procedures.runnable(row.version)
    _begin_anew(row, run, restart_rules.REOPENED, reason, actor, now)
    start(row, who=actor.who, now=now)


def correct_decision(*, case: int, cause: str, at: str = "", reason: str, actor: Actor, now: datetime) -> None:
    """Begin to correct or revoke a decision: a new proposal, a new approval, a new letter; the old decision stays.

    Args:
        case: its key; it must be decided and over.
        cause: 訂正 or 取消し.
        at: step to begin at, one of `restart_rules.points`; "" for the start of the flow.
        reason: why.
        actor: an official of the unit.
        now: the moment.

    Raises:
        Denied: not an official of the unit.
        Invalid: another cause, a step where it cannot begin, no reason.
        Conflict: not decided, or not over.
    """
    row = _of_official(case, actor, now)
    _check_words(reason, "訂正・取消しの理由を書いてください")
    run = procedures.runnable(row.version)
    if cause not in {restart_rules.CORRECTED, restart_rules.REVOKED}:
        raise Invalid("「訂正」か「取消し」を選んでください")
    if at and at not in {identity for identity, _ in restart_rules.points(run.flow)}:
        raise Invalid("やり直しを始める作業を選んでください")
    if row.closed_at is None or not row.decisions.exists():
        raise Conflict("訂正・取消しができるのは、決定して完結した案件です")
    _begin_anew(row, run, cause, reason, actor, now)
    if not at:
        start(row, who=actor.who, now=now)
        return
    row.proposal = make_proposal(row, run)
    state, effects = restart_rules.state_at(run.flow, at)
    go_on(row, run, state, effects, actor.who, now)


def _begin_anew(row: Case, run: procedures.Runnable, cause: str, reason: str, actor: Actor, now: datetime) -> None:
    old = row.decisions.order_by("-pk").values_list("pk", flat=True).first()
    event = CaseReopened(cause=cause, round=row.round + 1, decision=old)
    announce(event, who=actor.who, now=now, subject=("case", row.pk), case=row.pk, after={"reason": reason.strip()})
    row.round, row.round_cause = row.round + 1, cause
    row.closed_at, row.outcome, row.proposal, row.results = None, "", {}, {}
    row.due_on = rules.first_due(now.date(), run.pack.identity.standard_period, city_calendar())


def _of_official(case: int, actor: Actor, now: datetime) -> Case:
    """The case, locked, for an official of the unit that has it; nobody else ends, moves or reopens one."""
    if actor.kind is not Kind.STAFF:
        raise Denied("この操作は担当課の職員だけが行えます。担当課へ連絡してください")
    check_can_see(actor, case, now)
    return lock_case(case)


def _check_words(text: str, message: str) -> None:
    if not text.strip():
        raise Invalid(message)
    check_no_personal_number({"text": text}, {"text": "理由"})
