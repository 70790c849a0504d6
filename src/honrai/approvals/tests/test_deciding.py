"""Drafting and deciding on real PostgreSQL: state, log, event, and who may."""

from dataclasses import replace

import pytest

from honrai.approvals import api
from honrai.approvals.models import Document, State
from honrai.approvals.testing import NOW, draft, drawn, office
from honrai.platform.authority.api import (
    Act,
    Conflict,
    Denied,
    Doer,
    Invalid,
    NotFound,
    Rank,
    robot_actor,
    system_actor,
)
from honrai.platform.events.models import Change, LogEntry


@pytest.fixture
def at(city):
    return office(city)


@pytest.fixture
def people(at):
    return at.people


def _log(document, name):
    return LogEntry.objects.filter(name=f"approvals.{name}", subject_kind="document", subject_id=document)


def test_a_draft_lies_on_the_desk_that_may_decide_and_is_approved(people):
    document = drawn(people, case=7, parties=frozenset({"P1"}))
    row = Document.objects.get(pk=document)
    assert (row.state, row.rank, row.drawn_by, row.worked_by) == (
        State.WAITING,
        Rank.SECTION_HEAD,
        people.clerk.person,
        [people.clerk.person],
    )
    with pytest.raises(Conflict, match="決裁待ち"):
        api.check_decided(document)
    api.approve(document=document, actor=people.head, now=NOW)
    api.check_decided(document)
    decision = api.decision_of(document)
    assert (decision.accepted, decision.outcome, decision.changed, decision.case) == (True, "認定", False, 7)
    assert (decision.decided_by, decision.decided_on) == (people.head.person, people.day)
    [entry] = _log(document, "decided")
    assert entry.data == {
        "document": document,
        "case": 7,
        "outcome": "認定",
        "accepted": True,
        "changed": False,
        "medium": "screen",
    }
    assert (entry.case_id, entry.who_person) == (7, people.head.person)
    with pytest.raises(Conflict):
        api.approve(document=document, actor=people.head, now=NOW)
    assert _log(document, "decided").count() == 1


def test_another_outcome_needs_a_reason_which_stays_out_of_the_log(people):
    document = drawn(people)
    with pytest.raises(Invalid, match="理由"):
        api.approve(document=document, actor=people.head, now=NOW, changed_outcome="却下")
    api.approve(document=document, actor=people.head, now=NOW, changed_outcome="却下", reason="所得の認定が誤り")
    decision = api.decision_of(document)
    assert (decision.outcome, decision.changed, decision.reason) == ("却下", True, "所得の認定が誤り")
    entry = _log(document, "decided").get()
    assert "所得" not in str(entry.data)
    assert Change.objects.get(entry_id=entry.pk).after == {"reason": "所得の認定が誤り"}


def test_a_returned_draft_is_announced_and_nothing_may_be_issued(people):
    document = drawn(people)
    with pytest.raises(Invalid, match="理由"):
        api.send_back(document=document, reason=" ", actor=people.head, now=NOW)
    api.send_back(document=document, reason="添付がない", actor=people.head, now=NOW)
    assert _log(document, "decided").get().data["accepted"] is False
    assert api.decision_of(document).reason == "添付がない"
    with pytest.raises(Conflict, match="差戻し"):
        api.check_decided(document)
    for late in (
        lambda: api.approve(document=document, actor=people.head, now=NOW),
        lambda: api.send_back(document=document, reason="x", actor=people.head, now=NOW),
        lambda: api.withdraw_draft(document=document, actor=people.clerk, now=NOW),
    ):
        with pytest.raises(Conflict):
            late()


def test_the_drafter_takes_a_draft_back_and_nobody_else(people):
    document = drawn(people)
    with pytest.raises(Denied, match="本人だけ"):
        api.withdraw_draft(document=document, actor=people.second, now=NOW)
    api.withdraw_draft(document=document, actor=people.clerk, now=NOW)
    assert api.decision_of(document).state == State.WITHDRAWN
    assert _log(document, "decided").get().data["accepted"] is False
    by_system = drawn(people, actor=system_actor(people.city, people.day))
    api.withdraw_draft(document=by_system, actor=people.second, now=NOW, reason="二重起案")
    assert api.decision_of(by_system).reason == "二重起案"


def test_nobody_decides_own_draft_own_work_or_own_case(people):
    own_draft = drawn(people, actor=people.head)
    own_work = drawn(people, before=(Doer(people.head.person), Doer(None)))
    for document in (own_draft, own_work):
        with pytest.raises(Denied, match="本人"):
            api.approve(document=document, actor=people.head, now=NOW)
        with pytest.raises(Denied, match="本人"):
            api.send_back(document=document, reason="x", actor=people.head, now=NOW)
    own_case = drawn(people, parties=frozenset({"P9"}))
    with pytest.raises(Denied, match="除斥"):
        api.approve(document=own_case, actor=replace(people.head, recused=frozenset({"P9"})), now=NOW)


def test_the_rank_follows_the_amount_and_a_lower_one_is_refused(at, people):
    document = drawn(people, amount=1_000_001)
    assert Document.objects.get(pk=document).rank == Rank.BUREAU_HEAD
    with pytest.raises(Denied, match="局長"):
        api.approve(document=document, actor=people.head, now=NOW)
    api.approve(document=document, actor=at.bureau_head, now=NOW)
    for nobody in (people.second, people.personnel):
        with pytest.raises(Denied):
            api.approve(document=drawn(people), actor=nobody, now=NOW)


def test_a_document_handed_up_is_out_of_the_lower_hands(at, people):
    document = drawn(people)
    with pytest.raises(Invalid):
        api.pull_up(document=document, rank=Rank.SECTION_HEAD, reason="異例", actor=people.head, now=NOW)
    api.pull_up(document=document, rank=Rank.BUREAU_HEAD, reason="異例", actor=people.head, now=NOW)
    with pytest.raises(Denied, match="引き上げ"):
        api.approve(document=document, actor=people.head, now=NOW)
    api.approve(document=document, actor=at.bureau_head, now=NOW)
    assert _log(document, "pulled_up").get().data["rank"] == Rank.BUREAU_HEAD


def test_a_deputy_decides_in_absence_and_the_holder_sees_it_afterwards(at, people):
    document = drawn(people)
    with pytest.raises(Invalid, match="不在"):
        api.approve(document=document, actor=at.acting, now=NOW)
    api.approve(document=document, actor=at.acting, now=NOW, absence="出張")
    row = Document.objects.get(pk=document)
    assert (row.stands_for, row.absence) == (people.posts["head"], "出張")
    for other in (at.acting, at.bureau_head):
        with pytest.raises(Denied, match="本人"):
            api.see_afterwards(document=document, actor=other, now=NOW)
    api.see_afterwards(document=document, actor=people.head, now=NOW)
    assert _log(document, "seen_afterwards").get().data["post"] == people.posts["head"]
    with pytest.raises(Conflict):
        api.see_afterwards(document=document, actor=people.head, now=NOW)
    own = drawn(people)
    api.approve(document=own, actor=people.head, now=NOW)
    assert Document.objects.get(pk=own).stands_for is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": " "},
        {"text": ""},
        {"proposal": {}},
        {"act": Act.CERTIFYING},
    ],
)
def test_an_incomplete_draft_is_refused(people, wrong):
    with pytest.raises(Invalid):
        drawn(people, **wrong)


def test_unknown_documents(people):
    for call in (api.check_decided, api.decision_of):
        with pytest.raises(NotFound):
            call(999_999)
    with pytest.raises(NotFound):
        api.approve(document=999_999, actor=people.head, now=NOW)


@pytest.mark.parametrize("who", ["operator", "manager", "deputy", "robot"])
def test_no_contractor_and_no_robot_touches_a_document(people, who):
    actor = robot_actor(people.city, people.day) if who == "robot" else getattr(people, who)
    document = drawn(people)
    tries = (
        lambda: api.draw_up(draft(people.unit), actor=actor, now=NOW),
        lambda: api.approve(document=document, actor=actor, now=NOW),
        lambda: api.approve(document=document, actor=actor, now=NOW, changed_outcome="却下", reason="x"),
        lambda: api.send_back(document=document, reason="x", actor=actor, now=NOW),
        lambda: api.agree(document=document, actor=actor, now=NOW),
        lambda: api.withdraw_draft(document=document, actor=actor, now=NOW),
        lambda: api.pull_up(document=document, rank=Rank.BUREAU_HEAD, reason="x", actor=actor, now=NOW),
    )
    for attempt in tries:
        with pytest.raises(Denied):
            attempt()
    assert Document.objects.get(pk=document).state == State.WAITING


def test_only_an_outcome_that_can_be_chosen_is_decided(people):
    document = drawn(people)
    with pytest.raises(Invalid, match="「認定」「却下」"):
        api.approve(document=document, actor=people.head, now=NOW, changed_outcome="保留", reason="様子を見る")
    free = drawn(people, outcomes=())
    api.approve(document=free, actor=people.head, now=NOW, changed_outcome="一部認定", reason="期間を限る")
    assert api.decision_of(free).outcome == "一部認定"
