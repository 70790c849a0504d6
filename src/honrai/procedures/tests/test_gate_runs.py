"""The gate as a job: step by step, stopped, stale, with the approver's word; each of the nine points can fail on the page."""

import json
import re
from collections.abc import Mapping

import pytest

from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api
from honrai.procedures.models import ClosedExample, Draft, GateRun
from honrai.procedures.operations.gating import take_step
from honrai.procedures.reports import report_of
from honrai.procedures.testing import consult, keep_files_in, next_draft, run_gate, wards

from .packs import pack

LIMIT = ("parameters.yaml", "- {from: 2023-12-01, value: 18}", "- {from: 2023-12-01, value: 17}")
APPROVE = 'honrai:act="bound-decision" honrai:delegable="no" honrai:decides="proposal"'
#: Point -> an edit that breaks it, and a word the page then shows.
BREAKS = {
    1: (("flow.bpmn", "exclusiveGateway", "parallelGateway"), "赤い所"),
    2: (("flow.bpmn", 'honrai:act="assisting"', 'honrai:act="certifying"'), "委託できません"),
    3: (("flow.bpmn", 'honrai:check="second" honrai:checks="receive_check"', 'honrai:check="second"'), "checks"),
    4: (("decisions.dmn", '"市外"</text></inputEntry>', '"確認できない"</text></inputEntry>'), "市外"),
    5: (("flow.bpmn", "case.deficiencies &gt; 0", "case.faults &gt; 0"), "case.faults"),
    6: (("flow.bpmn", ' honrai:minutes="2"', ""), "標準時間"),
    7: (LIMIT, "N-02"),
}


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    keep_files_in(tmp_path, monkeypatch)
    return wards(city)


def plain(value):
    """Return values as casework keeps them."""
    return json.loads(json.dumps(value, default=lambda one: dict(one) if isinstance(one, Mapping) else str(one)))


def points(draft):
    return {point.number: point for point in report_of(Draft.objects.get(pk=draft)).points}


@pytest.mark.parametrize("number", BREAKS)
@pytest.mark.usefixtures("stopped_clock")
def test_each_point_fails_with_file_place_and_remedy(town, number):
    edit, word = BREAKS[number]
    draft = next_draft(town, edit)
    run = api.start_gate(draft=draft, actor=town.people.clerk, now=NOW)
    GateRun.objects.filter(pk=run).update(done=number, report={"points": {}})  # straight to the point
    take_step(run=run, now=NOW)
    point = points(draft)[number]
    assert point.state == "fails"
    assert all(problem.message and problem.remedy for problem in point.problems)
    page = signed_in(town.people.clerk).get(f"/procedures/draft/{draft}/gate/").content.decode()
    section = re.search(rf'<li id="point{number}">.*?(?=<li id="point|</ol>)', page, re.S)
    assert section
    assert word in section[0]
    assert ("<svg" in section[0]) == (number == 1)


def test_point_eight_replays_closed_cases_and_shows_what_changes(town):
    for case, one in enumerate(pack("kodomo-iryo").precedents, 1):
        api.remember_closed(
            api.Closed(
                case=case,
                version=town.version,
                values=plain(one.values),
                facts=plain(one.facts),
                attachments=one.attachments,
                received_on=one.received,
                channel=one.channel,
                outcome=one.expect.outcome,
            ),
            now=NOW,
        )
    kept = ClosedExample.objects.filter(outcome="認定").first()
    assert "本来" not in str(kept.values)
    draft = next_draft(town, LIMIT, ("procedure.yaml", "days: 14", "days: 10"))
    run_gate(draft, town.people.clerk)
    replay = report_of(Draft.objects.get(pk=draft)).replay
    assert replay["cases"] == ClosedExample.objects.count()
    assert replay["changed_count"] == 2
    assert replay["deadlines_count"] == replay["cases"]
    page = signed_in(town.people.clerk).get(f"/procedures/draft/{draft}/gate/").content.decode()
    assert "結果が変わる案件" in page
    api.forget_closed(case=kept.case)
    assert not ClosedExample.objects.filter(case=kept.case).exists()


def test_point_nine_fails_until_everybody_answered(town):
    draft = next_draft(town)
    assert points(draft)[9].state == "fails"
    consult(town, draft)
    assert points(draft)[9].state == "holds"


def test_a_run_is_taken_in_steps_and_stops_when_the_draft_changes_or_somebody_stops_it(town):
    clerk = town.people.clerk
    draft = next_draft(town)
    run = api.start_gate(draft=draft, actor=clerk, now=NOW)
    assert take_step(run=run, now=NOW)
    assert GateRun.objects.get(pk=run).done == 1
    api.cancel_gate(run=run, actor=clerk, now=NOW)
    assert not take_step(run=run, now=NOW)
    stale = api.start_gate(draft=draft, actor=clerk, now=NOW)
    api.write_file(draft=draft, path="manual.md", content=b"# x", expected=None, actor=clerk, now=NOW)
    assert not take_step(run=stale, now=NOW)
    assert GateRun.objects.get(pk=stale).cancelled
    with pytest.raises(Denied):
        api.start_gate(draft=draft, actor=town.people.personnel, now=NOW)


def test_a_pack_that_cannot_be_read_says_why_and_does_not_pass(town):
    draft = next_draft(town)
    api.write_file(
        draft=draft, path="form.yaml", content=b"sections: 1", expected=None, actor=town.people.clerk, now=NOW
    )
    run_gate(draft, town.people.clerk)
    report = report_of(Draft.objects.get(pk=draft))
    assert report.unreadable
    assert not report.passes


def test_a_change_of_practice_is_accepted_by_who_may_decide_and_counts_for_this_change_only(town):
    people = town.people
    draft = next_draft(town, LIMIT)
    word = {"draft": draft, "precedent": "N-02", "accepted": True, "now": NOW}
    with pytest.raises(Conflict):
        api.judge_change(actor=people.head, reason="x", **word)
    run_gate(draft, people.clerk)
    for actor in (people.clerk, people.second, people.personnel, people.manager):
        with pytest.raises(Denied):
            api.judge_change(actor=actor, reason="x", **word)
    with pytest.raises(Invalid):
        api.judge_change(actor=people.head, reason=" ", **word)
    with pytest.raises(NotFound):
        api.judge_change(actor=people.head, reason="x", **(word | {"precedent": "N-01"}))
    api.judge_change(actor=people.head, reason="条例の改正による", **word)
    api.judge_change(actor=people.head, reason="経過措置を", **(word | {"precedent": "N-04", "accepted": False}))
    said = {one.change.case: one.accepted for one in report_of(Draft.objects.get(pk=draft)).changes}
    assert said == {"N-02": True, "N-04": False}
    assert LogEntry.objects.filter(name="procedures.change_judged", subject_id=draft).count() == 2
    left = {problem.element: problem.message for problem in points(draft)[7].problems if problem.file == "precedents"}
    assert "経過措置を" in left["N-04"]
    assert "N-02" not in left


def test_an_editor_of_the_draft_does_not_accept_its_changes(town):
    head = town.people.head
    draft = next_draft(town, LIMIT)
    manual = api.draft_files(draft, head)["manual.md"] + b"\n"
    api.write_file(draft=draft, path="manual.md", content=manual, expected=None, actor=head, now=NOW)
    run_gate(draft, head)
    with pytest.raises(Denied):
        api.judge_change(draft=draft, precedent="N-02", accepted=True, reason="x", actor=head, now=NOW)
