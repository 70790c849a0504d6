"""こども医療費 資格認定 from the web form to the issued letter, with one deficiency, a second check and an approval."""

from datetime import timedelta

import pytest
from conftest import CITY_A

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.cases.models import Case, Deficiency, Task
from honrai.cases.tasks import send_request
from honrai.cases.testing import APPLICANT, apply, jobs, work
from honrai.intake import api as intake
from honrai.intake.models import Application
from honrai.kernel.personal_number import has_personal_number_check
from honrai.platform.authority.api import Denied, Invalid
from honrai.platform.events.api import Announced
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW

PDF = b"%PDF-1.7\n" + b"x" * 100


def test_from_the_web_form_to_the_letter(town):
    receipt, case = apply()
    assert receipt.number == "08-000001"
    assert intake.submit(application=receipt.application, who=APPLICANT, now=NOW).number == receipt.number
    assert Case.objects.count() == 1

    work(case, town.operator, "receive_check")
    jobs(case)
    case.refresh_from_db()
    assert list(Deficiency.objects.values_list("code", "state")) != []
    assert case.paused_for == "補正"

    intake.attach(
        application=receipt.application, kind="insurance", content=PDF, name="shikaku.pdf", who=APPLICANT, now=NOW
    )
    later = NOW + timedelta(days=6)
    intake.answer(application=receipt.application, case=case.pk, values={}, who=APPLICANT, now=later)
    due = case.due_on
    case.refresh_from_db()
    assert case.due_on > due
    assert case.paused_since is None

    work(case, town.operator, "receive_check")
    jobs(case)
    with pytest.raises(Denied, match="本人"):
        cases.claim(task=Task.objects.get(node="second_check", state="open").pk, actor=town.operator, now=NOW)
    work(case, town.operator2, "second_check", "一致")
    case.refresh_from_db()
    assert case.proposal["outcome"] == "認定", case.proposal

    work(case, town.clerk, "draft")
    document = Task.objects.get(node="approve", state="open").document
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=town.operator, now=NOW)
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=town.clerk, now=NOW)
    approvals.approve(document=document, actor=town.head, now=NOW)
    case.refresh_from_db()
    assert case.outcome == "認定"

    issue = Task.objects.get(node="issue", state="open")
    with pytest.raises(Denied):
        cases.claim(task=issue.pk, actor=town.operator, now=NOW)
    cases.claim(task=issue.pk, actor=town.clerk, now=NOW)
    letters = cases.issue(task=issue.pk, actor=town.clerk, now=NOW)
    assert len(letters) == 2
    assert case.letters.get(pk=letters[0]).number.endswith("号")
    work(case, town.operator, "dispatch")
    jobs(case)
    work(case, town.clerk, "core_entry")  # nobody was found in the register: the house leaves the entry to people
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("完結", "認定")
    assert case.closed_at == NOW
    assert not Task.objects.filter(state="open").exists()


def test_nobody_gets_the_same_task_twice(town):
    apply()
    first = cases.claim_next(actor=town.operator, now=NOW)
    assert first is not None
    assert cases.claim_next(actor=town.operator2, now=NOW) is None
    assert cases.claim_next(actor=town.operator2, now=NOW + timedelta(minutes=31)) == first


def test_the_request_letter_is_made(town):
    _, case = apply()
    work(case, town.operator, "receive_check")
    jobs(case)
    entry = LogEntry.objects.get(name="cases.deficiencies_asked")
    send_request(Announced(entry.pk, entry.name, entry.data, entry.at, APPLICANT, ("case", case.pk), case.pk))
    assert case.letters.get().letter == "hosei"
    assert case.city_id == CITY_A


def test_a_personal_number_is_neither_taken_from_an_applicant_nor_from_staff(town):
    likely = next(n for n in (f"{i:012}" for i in range(900000000000, 900000000100)) if has_personal_number_check(n))
    application = intake.start(procedure="kodomo-iryo", channel="web", token="t2", who=APPLICANT, now=NOW)
    with pytest.raises(Invalid, match="個人番号"):
        intake.save(application=application, values={"guardian.address": f"本町 {likely}"}, now=NOW)
    assert Application.objects.get(pk=application).values == {}
    receipt, case = apply()
    with pytest.raises(Invalid, match="個人番号"):
        intake.answer(
            application=receipt.application, case=case.pk, values={"child.name": likely}, who=APPLICANT, now=NOW
        )
    with pytest.raises(Invalid, match="個人番号"):
        work(case, town.operator, "receive_check", values={"guardian.address": f"番号 {likely}"})
    assert Task.objects.get(node="receive_check").state == "open"
    assert likely not in str([Case.objects.values_list("values", flat=True), LogEntry.objects.values_list("data")])
