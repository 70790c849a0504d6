"""A contractor tries to decide, certify, end or move a case by every operation there is: refused, and nothing changed."""

import pytest

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases.models import CaseDecision
from honrai.cases.testing import apply, jobs, open_task, work
from honrai.platform.authority.api import Denied
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW

PDF = b"%PDF-1.7\n" + b"x" * 100


@pytest.fixture
def waiting(town):
    """A case with its decider, and the document."""
    _, case = apply(papers=[("insurance", PDF)])
    work(case, town.operator, "receive_check")
    jobs(case)
    work(case, town.operator2, "second_check", "一致")
    work(case, town.clerk, "draft")
    return case, open_task(case, "approve")


def _tries(case, task, actor):
    """Everything that would decide, certify, end, move or take the city's steps."""
    return {
        "claim the decision": lambda: cases.claim(task=task.pk, actor=actor, now=NOW),
        "complete it": lambda: cases.complete(task=task.pk, result="承認", actor=actor, now=NOW),
        "issue": lambda: cases.issue(task=task.pk, actor=actor, now=NOW),
        "approve": lambda: approvals.approve(document=task.document, actor=actor, now=NOW),
        "send back": lambda: approvals.send_back(document=task.document, reason="x", actor=actor, now=NOW),
        "draw up": lambda: approvals.withdraw_draft(document=task.document, actor=actor, now=NOW),
        "withdraw": lambda: cases.withdraw_for_applicant(case=case.pk, evidence="x", actor=actor, now=NOW),
        "transfer": lambda: cases.transfer(case=case.pk, unit=1, reason="x", actor=actor, now=NOW),
        "reopen": lambda: cases.reopen(case=case.pk, reason="x", actor=actor, now=NOW),
        "correct": lambda: cases.correct_decision(case=case.pk, cause="訂正", reason="x", actor=actor, now=NOW),
        "move": lambda: cases.move_case(case=case.pk, version=case.version, plan=None, actor=actor, now=NOW),
    }


@pytest.mark.parametrize("who", ["operator", "manager"])
def test_no_operation_lets_a_contractor_decide(town, waiting, who):
    case, task = waiting
    before = LogEntry.objects.filter(case_id=case.pk).count()
    for name, attempt in _tries(case, task, getattr(town, who)).items():
        with pytest.raises(Exception) as refused:
            attempt()
        expected = refused.type.__name__ in {"Denied", "AgainstContract"}
        lease = name in {"complete it", "issue"} and refused.type.__name__ == "Conflict"
        assert expected or lease, (name, refused.value)
    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.closed_at, case.outcome, task.state, task.claimed_by) == (None, "", "open", None)
    assert not CaseDecision.objects.exists()
    assert LogEntry.objects.filter(case_id=case.pk).count() == before


def test_a_lease_forged_in_the_database_helps_nothing(town, waiting):
    """Even with the lease written by hand the act is checked again when the step is finished."""
    from datetime import timedelta

    _, task = waiting
    task.claimed_by, task.lease_until = town.operator.person, NOW + timedelta(hours=1)
    task.save()
    with pytest.raises(Denied):
        cases.complete(task=task.pk, result="承認", actor=town.operator, now=NOW)


def test_the_next_key_never_gives_a_contractor_a_step_of_the_city(town, waiting):
    assert cases.claim_next(actor=town.operator, now=NOW) is None
    assert cases.claim_next(actor=town.manager, now=NOW) is None
