"""回議・合議: the city's lines, the route computed from them, agreeing singly and by group."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honrai.approvals import api, rules
from honrai.approvals.models import Document, Medium, RouteStep, State, StepKind
from honrai.approvals.testing import NOW, START, drawn, office
from honrai.platform.authority.api import Conflict, Denied, Invalid, Rank, system_actor
from honrai.platform.events.models import LogEntry

LINES = (
    rules.RouteLine("circulate", None, Rank.SUBSECTION_HEAD, 1),
    rules.RouteLine("circulate", None, Rank.SECTION_HEAD, 1),
    rules.RouteLine("consult", 9, Rank.SECTION_HEAD, 2, over=500),
    rules.RouteLine("consult", 8, Rank.SECTION_HEAD, 3, refusals_only=True),
    rules.RouteLine("consult", 7, Rank.SECTION_HEAD, 1, procedure="own"),
)
RANKS = {1: (Rank.STAFF, Rank.SUBSECTION_HEAD, Rank.SECTION_HEAD)}


@pytest.mark.parametrize(
    ("procedure", "amount", "refusal", "decider", "stops"),
    [
        ("x", None, False, Rank.SECTION_HEAD, [(1, Rank.SUBSECTION_HEAD)]),
        ("x", None, False, Rank.BUREAU_HEAD, [(1, Rank.SUBSECTION_HEAD), (1, Rank.SECTION_HEAD)]),
        ("x", None, False, Rank.SUBSECTION_HEAD, []),
        ("x", 500, False, Rank.SUBSECTION_HEAD, []),
        ("x", 501, False, Rank.SUBSECTION_HEAD, [(9, Rank.SECTION_HEAD)]),
        ("x", 501, True, Rank.SUBSECTION_HEAD, [(9, Rank.SECTION_HEAD), (8, Rank.SECTION_HEAD)]),
        ("own", 501, True, Rank.BUREAU_HEAD, [(7, Rank.SECTION_HEAD)]),
    ],
)
def test_the_route_follows_the_lines(procedure, amount, refusal, decider, stops):
    question = rules.Question(procedure, 1, amount, refusal, decider)
    assert [(stop.unit, stop.rank) for stop in rules.route_of(LINES, question, RANKS)] == stops


def test_a_line_whose_post_does_not_exist_in_the_own_section_is_left_out():
    question = rules.Question("x", 1, None, False, Rank.SECTION_HEAD)
    assert rules.route_of(LINES, question, {1: (Rank.STAFF,)}) == ()


@pytest.fixture
def people(city):
    return office(city).people


def _line(people, **more):
    given = {
        "actor": people.personnel,
        "now": NOW,
        "kind": StepKind.CIRCULATE,
        "unit": None,
        "rank": Rank.STAFF,
        "turn": 1,
        "since": START,
        "source": "文書規程第20条",
    }
    return api.set_route_line(**(given | more))


def _lines(people):
    return _line(people), _line(people, kind=StepKind.CONSULT, unit=people.other, rank=Rank.SUBSECTION_HEAD, turn=2)


def test_a_document_goes_its_route_before_it_is_decided(people):
    _lines(people)
    document = drawn(people)
    row = Document.objects.get(pk=document)
    assert row.state == State.ROUTE
    assert [(s.kind, s.rank, s.current) for s in row.steps.order_by("turn")] == [
        ("circulate", Rank.STAFF, True),
        ("consult", Rank.SUBSECTION_HEAD, False),
    ]
    with pytest.raises(Conflict, match="回議中"):
        api.approve(document=document, actor=people.head, now=NOW)
    with pytest.raises(Denied, match="起案した本人"):
        api.agree(document=document, actor=people.clerk, now=NOW)
    with pytest.raises(Denied, match="担当課"):
        api.agree(document=document, actor=people.personnel, now=NOW)
    api.agree(document=document, actor=people.second, now=NOW, note="異議なし")
    assert row.steps.get(turn=1).note == "異議なし"
    assert row.steps.get(turn=2).current
    api.agree(document=document, actor=people.personnel, now=NOW)
    agreed = LogEntry.objects.filter(name="approvals.agreed", subject_id=document).order_by("pk")
    assert [entry.data["finished"] for entry in agreed] == [False, True]
    with pytest.raises(Conflict):
        api.agree(document=document, actor=people.second, now=NOW)
    api.approve(document=document, actor=people.head, now=NOW)


def test_stops_of_one_turn_are_open_together_and_all_are_waited_for(people):
    _line(people)
    _line(people, kind=StepKind.CONSULT, unit=people.other, rank=Rank.SUBSECTION_HEAD)
    document = drawn(people)
    api.agree(document=document, actor=people.personnel, now=NOW)
    assert api.decision_of(document).state == State.ROUTE
    api.agree(document=document, actor=people.second, now=NOW)
    assert api.decision_of(document).state == State.WAITING


def test_a_stop_may_send_back_and_the_own_case_is_closed_to_it(people):
    _lines(people)
    document = drawn(people, parties=frozenset({"P9"}))
    with pytest.raises(Denied, match="除斥"):
        api.agree(document=document, actor=replace(people.second, recused=frozenset({"P9"})), now=NOW)
    with pytest.raises(Denied):
        api.send_back(document=document, reason="x", actor=people.personnel, now=NOW)
    api.send_back(document=document, reason="記載もれ", actor=people.second, now=NOW)
    assert api.decision_of(document).state == State.RETURNED
    assert not RouteStep.objects.filter(current=True).exists()


def test_a_whole_group_is_agreed_to_at_once_by_the_same_few_statements(people):
    _lines(people)
    documents = [drawn(people) for _ in range(40)]
    own = drawn(people, actor=people.second)
    given = {"group": "child-medical/1/認定", "unit": people.unit, "now": NOW}
    with CaptureQueriesContext(connection) as statements:
        assert api.agree_group(**given, actor=people.second, note="確認済み") == 40
    assert len(statements) < 40 + 12
    assert RouteStep.objects.get(document=own, turn=1).current
    assert set(RouteStep.objects.filter(current=True, turn=2).values_list("document_id", flat=True)) == set(documents)
    with pytest.raises(Conflict):
        api.agree_group(**given, actor=people.second)
    assert api.agree_group(**given, actor=people.personnel) == 40
    assert Document.objects.filter(state=State.WAITING).count() == 40
    for actor in (people.operator, people.manager, system_actor(people.city, people.day)):
        with pytest.raises(Denied):
            api.agree_group(**given, actor=actor)


def test_only_the_city_setting_charge_writes_lines_and_each_stands_once(people):
    for actor in (people.head, people.operator):
        with pytest.raises(Denied):
            _line(people, actor=actor)
    with pytest.raises(Invalid):
        _line(people, source=" ")
    line = _line(people, unit=people.other)
    with pytest.raises(Conflict):
        _line(people, unit=people.other)
    with pytest.raises(Denied):
        api.end_route_line(line=line, until=date(2026, 5, 1), actor=people.head, now=NOW)
    api.end_route_line(line=line, until=date(2026, 4, 10), actor=people.personnel, now=NOW)
    with pytest.raises(Conflict):
        api.end_route_line(line=line, until=date(2026, 5, 1), actor=people.personnel, now=NOW)
    assert api.decision_of(drawn(people)).state == State.WAITING
    assert LogEntry.objects.filter(name__startswith="approvals.route_line").count() == 2


def test_a_document_out_on_paper_is_not_agreed_to_on_screen(people):
    _lines(people)
    document = drawn(people)
    Document.objects.filter(pk=document).update(medium=Medium.PAPER)
    with pytest.raises(Conflict):
        api.agree(document=document, actor=people.second, now=NOW)
