"""Withdrawal, transfer, reopening, decisions changed, refused, corrected."""

from datetime import timedelta

import pytest

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases.models import CaseDecision, ClockSpan, Task
from honrai.cases.restart_rules import points
from honrai.cases.testing import APPLICANT, VALUES, apply, jobs, open_task, work
from honrai.intake import api as intake
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.cities.models import City
from honrai.platform.events.models import Change, LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.platform.typeset import api as typeset
from honrai.procedures import api as procedures

PDF = b"%PDF-1.7\n" + b"x" * 100
APPEAL = {
    "reviewer": "本来市長",
    "defendant": "本来市",
    "representative": "本来市長",
    "review_months": 3,
    "review_limit_years": 1,
    "suit_months": 6,
    "suit_limit_years": 1,
}


def to_decider(town):
    """Walk a case to its decider; returns case and document."""
    receipt, case = apply(papers=[("insurance", PDF)])
    work(case, town.operator, "receive_check")
    jobs(case)
    work(case, town.operator2, "second_check", "一致")
    work(case, town.clerk, "draft")
    return receipt, case, open_task(case, "approve").document


def decided(town, **how):
    """Walk a case to its end."""
    _, case, document = to_decider(town)
    approvals.approve(document=document, actor=town.head, now=NOW, **how)
    case.refresh_from_db()
    task = open_task(case, "issue")
    cases.claim(task=task.pk, actor=town.clerk, now=NOW)
    cases.issue(task=task.pk, actor=town.clerk, now=NOW)
    if case.outcome == "認定":
        work(case, town.operator, "dispatch")
        jobs(case)
        work(case, town.clerk, "core_entry")
    case.refresh_from_db()
    return case


def _allow_appeal():
    City.objects.update(settings={"authorities": {"市長": {"office": "本来市", "name": "本来 一郎", "appeal": APPEAL}}})


def test_an_applicant_withdraws_before_the_decision_even_from_the_decider(town):
    receipt, case, document = to_decider(town)
    intake.withdraw(application=receipt.application, case=case.pk, who=APPLICANT, now=NOW)
    case.refresh_from_db()
    assert (case.outcome, case.stage, case.closed_at) == ("取下げ", "完結", NOW)
    assert not Task.objects.filter(case=case, state__in=("open", "held")).exists()
    assert approvals.decision_of(document).state == "withdrawn"
    assert LogEntry.objects.get(name="cases.withdrawn").data["by"] == "web"
    assert not CaseDecision.objects.exists()
    with pytest.raises(Conflict):
        intake.withdraw(application=receipt.application, case=case.pk, who=APPLICANT, now=NOW)


def test_while_the_flow_waits_the_message_of_the_flow_ends_it(town):
    _, case = apply()
    work(case, town.operator, "receive_check")
    jobs(case)
    assert case.paused_since is not None
    cases.withdraw_for_applicant(
        case=case.pk, evidence="取下書（4月15日）", actor=town.clerk, now=NOW + timedelta(days=1)
    )
    case.refresh_from_db()
    assert (case.outcome, case.paused_since) == ("取下げ", None)
    assert not case.timers.exists()


def test_staff_need_evidence_and_contractors_may_not(town):
    _, case = apply()
    with pytest.raises(Invalid, match="資料"):
        cases.withdraw_for_applicant(case=case.pk, evidence=" ", actor=town.clerk, now=NOW)
    for stranger in (town.operator, town.manager, town.personnel):
        with pytest.raises(Denied):
            cases.withdraw_for_applicant(case=case.pk, evidence="書面", actor=stranger, now=NOW)
    cases.withdraw_for_applicant(case=case.pk, evidence="取下書", file=5, actor=town.clerk, now=NOW)
    change = Change.objects.get(entry__name="cases.withdrawn")
    assert change.after == {"evidence": "取下書", "file": 5}


def test_a_decided_case_is_not_withdrawn(town):
    receipt, case, document = to_decider(town)
    approvals.approve(document=document, actor=town.head, now=NOW)
    with pytest.raises(Conflict):
        intake.withdraw(application=receipt.application, case=case.pk, who=APPLICANT, now=NOW)


def test_after_a_transfer_the_old_office_sees_nothing_and_the_clock_knows_the_holder(town):
    _, case = apply(papers=[("insurance", PDF)])
    work(case, town.operator, "receive_check")
    jobs(case)
    work(case, town.operator2, "second_check", "一致")
    task = open_task(case, "draft")
    cases.claim(task=task.pk, actor=town.clerk, now=NOW)
    for stranger in (town.operator, town.personnel):
        with pytest.raises(Denied):
            cases.transfer(case=case.pk, unit=town.other, reason="所管が違う", actor=stranger, now=NOW)
    with pytest.raises(Invalid, match="理由"):
        cases.transfer(case=case.pk, unit=town.other, reason="", actor=town.clerk, now=NOW)
    with pytest.raises(Invalid, match="移送先"):
        cases.transfer(case=case.pk, unit=town.unit, reason="x", actor=town.clerk, now=NOW)
    cases.transfer(case=case.pk, unit=town.other, reason="所管が違う", actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        cases.check_can_see(town.clerk, case.pk, NOW)
    assert cases.check_can_see(town.personnel, case.pk, NOW)
    task.refresh_from_db()
    assert (task.unit, task.section, task.claimed_by) == (town.other, town.other, None)
    assert ClockSpan.objects.get(case=case, until=None).unit == town.other
    entry = LogEntry.objects.get(name="cases.transferred")
    assert entry.data == {"before": town.unit, "unit": town.other}


def test_a_case_with_its_decider_is_not_transferred(town):
    _, case, _ = to_decider(town)
    with pytest.raises(Conflict, match="決裁"):
        cases.transfer(case=case.pk, unit=town.other, reason="所管が違う", actor=town.clerk, now=NOW)


def test_a_withdrawn_case_is_reopened_by_an_official_with_a_reason(town):
    _, case = apply()
    cases.withdraw_for_applicant(case=case.pk, evidence="取下書", actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        cases.reopen(case=case.pk, reason="誤って取下げとした", actor=town.manager, now=NOW)
    with pytest.raises(Invalid):
        cases.reopen(case=case.pk, reason="", actor=town.clerk, now=NOW)
    cases.reopen(case=case.pk, reason="誤って取下げとした", actor=town.clerk, now=NOW + timedelta(days=3))
    case.refresh_from_db()
    assert (case.closed_at, case.outcome, case.round, case.round_cause) == (None, "", 2, "再開")
    work(case, town.operator, "receive_check")
    with pytest.raises(Conflict):
        cases.reopen(case=case.pk, reason="もう一度", actor=town.clerk, now=NOW)


def test_a_decision_changed_with_a_reason_is_the_reason_of_the_letter(town, monkeypatch):
    told = {}
    real = typeset.pdf
    monkeypatch.setattr(
        "honrai.cases.operations.issuing.typeset.pdf",
        lambda source, data, library: told.update(data) or real(source, data, library=library),
    )
    _, case, document = to_decider(town)
    with pytest.raises(Invalid, match="理由"):
        approvals.approve(document=document, actor=town.head, now=NOW, changed_outcome="却下")
    approvals.approve(
        document=document, actor=town.head, now=NOW, changed_outcome="却下", reason="条例第3条の要件を満たさない。"
    )
    case.refresh_from_db()
    row = CaseDecision.objects.get()
    assert (row.outcome, row.kind, row.changed, row.decided_by) == ("却下", "refuse", True, town.head.person)
    assert row.proposal["outcome"] == "認定", "the proposal stays in the record"
    assert LogEntry.objects.get(name="cases.decided").data["changed"] is True
    task = open_task(case, "issue")
    cases.claim(task=task.pk, actor=town.clerk, now=NOW)
    with pytest.raises(Conflict, match="教示"):
        cases.issue(task=task.pk, actor=town.clerk, now=NOW)
    _allow_appeal()
    cases.issue(task=task.pk, actor=town.clerk, now=NOW)
    assert told["reasons"] == [{"text": "条例第3条の要件を満たさない。", "basis": ""}]
    assert told["appeal"] == APPEAL


def test_a_returned_draft_comes_back_to_the_same_decider(town):
    _, case, document = to_decider(town)
    approvals.send_back(document=document, reason="住所を確かめる", actor=town.head, now=NOW)
    case.refresh_from_db()
    assert not CaseDecision.objects.exists()
    work(case, town.clerk, "draft")
    approvals.approve(document=open_task(case, "approve").document, actor=town.head, now=NOW)
    case.refresh_from_db()
    assert case.outcome == "認定"


def test_a_correction_is_a_new_decision_beside_the_old_one(town, monkeypatch):
    told = []
    real = typeset.pdf
    monkeypatch.setattr(
        "honrai.cases.operations.issuing.typeset.pdf",
        lambda source, data, library: told.append(data) or real(source, data, library=library),
    )
    case = decided(town)
    assert case.outcome == "認定"
    run = procedures.runnable(case.version)
    assert "staff_confirm" in dict(points(run.flow))
    with pytest.raises(Conflict, match="訂正・取消し"):
        cases.reopen(case=case.pk, reason="誤り", actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        cases.correct_decision(case=case.pk, cause="取消し", reason="転出していた", actor=town.operator, now=NOW)
    with pytest.raises(Invalid):
        cases.correct_decision(
            case=case.pk, cause="取消し", at="issue", reason="転出していた", actor=town.clerk, now=NOW
        )
    cases.correct_decision(
        case=case.pk, cause="取消し", at="staff_confirm", reason="転出していた", actor=town.clerk, now=NOW
    )
    case.refresh_from_db()
    assert (case.closed_at, case.round) == (None, 2)
    place = cases.workplace(open_task(case, "staff_confirm").pk, town.clerk, now=NOW)[1]
    work(case, town.clerk, "staff_confirm", place.results[-1], values={"account.kind": "当座"})
    work(case, town.clerk, "draft")
    document = open_task(case, "approve").document
    _allow_appeal()
    approvals.approve(document=document, actor=town.head, now=NOW, changed_outcome="喪失", reason="転出したため。")
    case.refresh_from_db()
    task = open_task(case, "issue")
    cases.claim(task=task.pk, actor=town.clerk, now=NOW)
    cases.issue(task=task.pk, actor=town.clerk, now=NOW)
    new, old = case.decisions.order_by("-pk")
    assert (old.outcome, new.outcome, new.replaces, new.cause) == ("認定", "喪失", old.pk, "取消し")
    assert "令和8年4月15日付けの決定（認定）を取り消し" in told[-1]["reasons"][0]["text"]
    assert case.letters.count() == 3
    assert VALUES["account.kind"] == "普通"
