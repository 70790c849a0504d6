"""Deficiencies from finding to settling: asked once, answered one by one, reminded, called about, accepted for good."""

from datetime import timedelta

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Case, Contact, Deficiency, Timer
from honrai.cases.tasks import fire_due
from honrai.cases.testing import APPLICANT, VALUES, apply, jobs, open_task, work
from honrai.intake import api as intake
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.events.models import Change, LogEntry
from honrai.platform.organisations.testing import NOW

PDF = b"%PDF-1.7\n" + b"x" * 100


def _names(case: Case) -> list[str]:
    return list(LogEntry.objects.filter(case_id=case.pk).order_by("pk").values_list("name", flat=True))


def _asked(town, values=None, channel="web"):
    receipt, case = apply(values, channel=channel)
    work(case, town.operator, "receive_check")
    jobs(case)
    return receipt, case


def _send(receipt, case, values, papers=(), now=NOW):
    for kind in papers:
        intake.attach(application=receipt.application, kind=kind, content=PDF, name="a.pdf", who=APPLICANT, now=now)
    intake.answer(application=receipt.application, case=case.pk, values=values, who=APPLICANT, now=now)
    case.refresh_from_db()


def test_the_clock_runs_again_only_when_everything_that_stops_it_is_answered(town):
    receipt, case = _asked(town, VALUES | {"consent.signed": None})
    assert set(case.deficiencies.exclude(channel="").values_list("code", "state", "channel")) == {
        ("F-consent.signed", "asked", "web"),
        ("D-103", "asked", "web"),
        ("A-insurance", "asked", "web"),
    }
    assert case.paused_since is not None
    _send(receipt, case, {"consent.signed": True}, now=NOW + timedelta(days=2))
    assert case.paused_since is not None
    assert case.deficiencies.get(code="F-consent.signed").state == "settled"
    assert case.deficiencies.get(code="D-103").state == "asked"
    assert LogEntry.objects.filter(name="cases.deficiencies_answered").last().data["left"] == ["A-insurance", "D-103"]
    due = case.due_on
    _send(receipt, case, {}, ["insurance"], now=NOW + timedelta(days=6))
    assert case.paused_since is None
    assert case.due_on > due
    assert open_task(case, "receive_check")


def test_what_was_not_asked_is_not_changed_by_an_answer(town):
    receipt, case = _asked(town)
    with pytest.raises(Invalid, match="お願いしていない"):
        _send(receipt, case, {"account.number": "7654321"})
    case.refresh_from_db()
    assert case.values["account.number"] == VALUES["account.number"]


def test_an_answer_that_does_not_mend_is_asked_again_an_accepted_one_never(town):
    receipt, case = _asked(town, VALUES | {"child.born": "2026-05-10"})
    late = case.deficiencies.get(code="D-102")
    _send(receipt, case, {"child.born": "2026-05-11"}, ["insurance"])
    late.refresh_from_db()
    assert late.state == "answered"
    task = open_task(case, "receive_check")
    cases.claim(task=task.pk, actor=town.operator, now=NOW)
    cases.complete(task=task.pk, result="", actor=town.operator, now=NOW)
    jobs(case)
    late.refresh_from_db()
    assert late.state == "asked", "the same thing is still lacking"
    _send(receipt, case, {"child.born": "2026-05-12"})
    work(case, town.operator, "receive_check", settled=(late.pk,))
    jobs(case)
    late.refresh_from_db()
    assert (late.state, late.accepted_by) == ("settled", town.operator.person)
    assert case.deficiencies.filter(code="D-102").count() == 1, "accepted: never asked again"
    assert open_task(case, "second_check")
    assert "cases.deficiencies_accepted" in _names(case)


def test_a_clerk_adds_from_the_list_and_only_at_work(town):
    _, case = apply()
    with pytest.raises(Denied, match="作業を始めて"):
        cases.add_deficiency(case=case.pk, code="X-insurance", actor=town.operator, now=NOW)
    task = open_task(case, "receive_check")
    cases.claim(task=task.pk, actor=town.operator, now=NOW)
    with pytest.raises(Invalid):
        cases.add_deficiency(case=case.pk, code="Z-1", actor=town.operator, now=NOW)
    key = cases.add_deficiency(
        case=case.pk, code="X-insurance", note="右下が切れています", actor=town.operator, now=NOW
    )
    with pytest.raises(Conflict):
        cases.add_deficiency(case=case.pk, code="X-insurance", actor=town.operator, now=NOW)
    with pytest.raises(Denied):
        cases.add_deficiency(case=case.pk, code="D-101", actor=town.personnel, now=NOW)
    cases.complete(task=task.pk, result="", actor=town.operator, now=NOW)
    jobs(case)
    row = Deficiency.objects.get(pk=key)
    assert (row.state, row.source, row.added_by) == ("asked", "clerk", town.operator.person)
    assert "右下が切れています" in row.message
    assert "右下" not in str(list(LogEntry.objects.values_list("data", flat=True)))


def test_reminders_go_out_as_the_pack_says_and_end_with_the_answer(town):
    receipt, case = _asked(town)
    assert Timer.objects.filter(case=case, node="remind").count() == 2
    assert fire_due(now=NOW + timedelta(days=6)) == 0
    assert fire_due(now=NOW + timedelta(days=7)) == 1
    entry = LogEntry.objects.get(name="cases.reminded")
    assert entry.data == {"application": receipt.application, "channel": "web", "letter": "hosei"}
    assert case.deficiencies.first().reminders == 1
    _send(receipt, case, {}, ["insurance"], now=NOW + timedelta(days=8))
    assert fire_due(now=NOW + timedelta(days=12)) == 0


def test_silence_goes_to_an_official_and_never_decides(town):
    _, case = _asked(town)
    fire_due(now=NOW + timedelta(days=15))
    fire_due(now=NOW + timedelta(days=15))
    task = open_task(case, "non_reply")
    assert task.unit == town.unit
    with pytest.raises(Denied):
        cases.claim(task=task.pk, actor=town.operator, now=NOW)
    work(
        case,
        town.clerk,
        "non_reply",
        next(r for r in cases.workplace(task.pk, town.clerk, now=NOW)[1].results if "求め" not in r),
    )
    assert case.closed_at is None
    assert case.outcome == ""
    assert (case.proposal["outcome"], case.proposal["non_reply"]) == ("却下", True)
    assert "行政手続" in case.proposal["reasons"][0]["basis"]
    assert open_task(case, "draft").unit == town.unit
    assert case.paused_since is None


def test_calls_are_written_in_two_keys_and_turn_into_a_letter(town):
    _, case = _asked(town, channel="phone", values=VALUES)
    asked = LogEntry.objects.get(name="cases.deficiencies_asked")
    assert (asked.data["letter"], asked.data["channels"]) == ("", ["phone"])
    assert case.call_on == NOW.date()
    with pytest.raises(Denied):
        cases.record_contact(case=case.pk, reach="absent", result="no-answer", actor=town.personnel, now=NOW)
    with pytest.raises(Invalid, match="結果を選んで"):
        cases.record_contact(case=case.pk, reach="absent", result="heard", actor=town.operator, now=NOW)
    again = cases.record_contact(case=case.pk, reach="absent", result="no-answer", actor=town.operator, now=NOW)
    assert again == NOW.date() + timedelta(days=1)
    cases.record_contact(case=case.pk, reach="busy", result="again", actor=town.operator, now=NOW)
    assert not LogEntry.objects.filter(name="cases.reminded").exists()
    cases.record_contact(case=case.pk, reach="absent", result="message", actor=town.operator, now=NOW)
    case.refresh_from_db()
    assert case.call_on is None
    assert LogEntry.objects.get(name="cases.reminded").data["channel"] == "post"
    assert Contact.objects.filter(case=case).count() == 3


def test_what_was_heard_is_mended_and_logged_but_never_an_account(town):
    _, case = _asked(town, VALUES | {"insurer.symbol": "", "account.holder": "ホンライ ジロウ"}, channel="phone")
    assert {"F-insurer.symbol", "D-105"} <= set(case.deficiencies.values_list("code", flat=True))
    with pytest.raises(Invalid, match="口座名義"):
        cases.record_contact(
            case=case.pk, reach="spoke", result="heard", values={"account.holder": "ホンライ タロウ"},
            actor=town.operator, now=NOW,
        )  # fmt: skip
    cases.record_contact(
        case=case.pk, reach="spoke", result="heard", values={"insurer.symbol": "12-34"}, actor=town.operator, now=NOW
    )
    case.refresh_from_db()
    assert case.values["insurer.symbol"] == "12-34"
    assert case.deficiencies.get(code="F-insurer.symbol").state == "settled"
    assert case.paused_since is not None, "the account is still open"
    change = Change.objects.get(entry__name="cases.deficiencies_answered")
    assert (change.before, change.after) == ({"insurer.symbol": None}, {"insurer.symbol": "12-34"})


def test_a_late_answer_is_kept(town):
    receipt, case = _asked(town)
    fire_due(now=NOW + timedelta(days=15))
    fire_due(now=NOW + timedelta(days=15))
    assert open_task(case, "non_reply")
    _send(receipt, case, {}, ["insurance"], now=NOW + timedelta(days=16))
    assert [one["id"] for one in case.attachments] == ["insurance"]
    assert open_task(case, "non_reply")
    assert case.paused_since is None
