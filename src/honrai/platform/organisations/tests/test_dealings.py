"""Dealings between city and contractor: numbers, states, both sides' agreement, waiting for a manager, no path around."""

from dataclasses import fields
from datetime import date, timedelta

import pytest

from honrai.platform.authority.acts import Channel
from honrai.platform.authority.permissions import AgainstContract
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api
from honrai.platform.organisations.dealing_rules import ENDED, OPENINGS, STATES, STEPS, DealingKind, Side, steps_open
from honrai.platform.organisations.forms import MessageForm
from honrai.platform.organisations.models import ContractMessage, Dealing, DealingStep
from honrai.platform.organisations.testing import DAY, NOW, small_city


@pytest.fixture
def people(city):
    return small_city(city)


@pytest.fixture
def on_duty(people):
    api.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=8))


def terms(people, kind=DealingKind.ORDER, **more):
    given = {"contract": people.contract, "kind": kind, "title": "4月分", "due": date(2026, 4, 30)}
    if kind in (DealingKind.ORDER, DealingKind.CHANGE):
        given |= {"activity": "kodomo-iryo", "since": DAY, "until": date(2026, 4, 30), "quantity": 500}
    return api.Terms(**given | more)


def opened(people, kind=DealingKind.ORDER, by=None, **more):
    return api.open_dealing(actor=by or people.personnel, now=NOW, terms=terms(people, kind, **more))


def step(people, dealing, key, by=None, **more):
    api.take_step(actor=by or people.manager, now=NOW, dealing=dealing, key=key, **more)


def test_every_state_can_be_reached_and_left_or_is_an_end():
    for kind, steps in STEPS.items():
        reached = {"passed", "failed"} if kind is DealingKind.INSPECTION else {"open"}
        for _ in steps:
            reached |= {one.end for one in steps if one.end and one.begin & reached}
        assert {state for one in steps for state in one.begin} <= reached <= STATES.keys()
        for state in reached - ENDED:
            assert [one for side in Side for one in steps_open(kind, state, side, next(iter(OPENINGS[kind])))]


def test_an_order_waits_for_a_manager_and_is_numbered(people):
    first, second = opened(people), opened(people)
    assert [api.dealing(people.clerk, one).number for one in (first, second)] == ["発注 R8-001", "発注 R8-002"]
    assert api.dealing(people.clerk, first).steps[0].waits
    assert api.dealings_of(people.manager, people.contract) == []
    with pytest.raises(NotFound):
        api.dealing(people.manager, first)
    with pytest.raises(NotFound):
        step(people, first, "accept")
    api.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=1))
    step(people, first, "accept")
    assert api.dealing(people.manager, first).state == "accepted"
    assert LogEntry.objects.filter(name="organisations.dealing_stepped", subject_id=first).count() == 1


@pytest.mark.parametrize(
    "kind", [DealingKind.STOP, DealingKind.COMPLAINT, DealingKind.INFORMATION, DealingKind.INCIDENT]
)
def test_what_is_no_new_order_does_not_wait(people, kind):
    found = opened(people, kind, by=people.clerk)
    assert not api.dealing(people.clerk, found).steps[0].waits
    assert api.dealing(people.manager, found).state == "open"


def test_a_change_needs_both_sides_and_writes_the_order(people, on_duty):
    order = opened(people)
    step(people, order, "object", words="件数が多すぎます")
    change = opened(
        people, DealingKind.CHANGE, by=people.manager, concerns=order, quantity=300, activity="", since=None, until=None
    )
    with pytest.raises(Conflict):
        step(people, change, "agree")  # not one's own proposal
    assert api.dealing(people.clerk, order).quantity == 500
    with pytest.raises(Denied):
        step(people, change, "agree", by=people.clerk)
    step(people, change, "agree", by=people.personnel)
    after, order_after = api.dealing(people.clerk, change), api.dealing(people.clerk, order)
    assert after.state == "agreed"
    assert set(after.facts["agreed"]) == {"city", "contractor"}
    assert (order_after.quantity, order_after.state, order_after.facts["changed_by"]) == (300, "accepted", [change])
    assert order_after.since == DAY, "what was not talked about stays"


def test_an_order_ends_only_after_inspection_and_redo(people, on_duty):
    order = opened(people)
    step(people, order, "accept")
    with pytest.raises(Conflict, match="検収"):
        step(people, order, "close", by=people.personnel)
    failed = opened(people, DealingKind.INSPECTION, concerns=order, passed=False)
    redo = opened(people, DealingKind.REDO, concerns=failed, facts={"cases": [1, 2]})
    opened(people, DealingKind.INSPECTION, concerns=order, passed=True)
    with pytest.raises(Conflict, match="再履行"):
        step(people, order, "close", by=people.personnel)
    step(people, redo, "redone", words="2件をやり直しました")
    step(people, redo, "close", by=people.personnel)
    step(people, order, "close", by=people.personnel)
    assert api.dealing(people.clerk, order).state == "closed"


def test_a_query_is_answered_and_may_become_a_precedent(people):
    query = opened(people, DealingKind.QUERY, by=people.manager, title="1日生まれの始期", activity="kodomo-iryo")
    with pytest.raises(Invalid):
        step(people, query, "answer", by=people.clerk)
    step(people, query, "answer", by=people.clerk, words="出生日から", candidate=True)
    step(people, query, "close")
    found = api.dealing(people.manager, query)
    assert found.candidate
    assert (found.state, found.steps[1].body) == ("closed", "出生日から")


def test_a_stop_reaches_the_activity_at_once(people):
    opened(people, DealingKind.STOP, by=people.clerk, activity="kodomo-iryo")
    with pytest.raises(Conflict, match="作業停止 R8-001"):
        api.check_not_stopped(contract=people.contract, activity="kodomo-iryo")
    api.check_not_stopped(contract=people.contract, activity="judo-iryo")
    stop = Dealing.objects.get(kind="stop")
    step(people, stop.pk, "close", by=people.clerk, words="原因を確かめた")
    api.check_not_stopped(contract=people.contract, activity="kodomo-iryo")


#: Who may open what: everybody not named is refused.
MATRIX = {
    DealingKind.ORDER: {"personnel"},
    DealingKind.CHANGE: {"personnel", "manager", "deputy"},
    DealingKind.INSPECTION: {"personnel"},
    DealingKind.REDO: {"personnel"},
    DealingKind.QUERY: {"manager", "deputy"},
    DealingKind.CITY_QUERY: {"personnel", "clerk", "head"},
    DealingKind.INFORMATION: {"personnel", "clerk", "head", "manager", "deputy"},
    DealingKind.COMPLAINT: {"personnel", "clerk", "head"},
    DealingKind.INCIDENT: {"personnel", "clerk", "head", "manager", "deputy"},
    DealingKind.STOP: {"personnel", "clerk", "head"},
}


@pytest.mark.parametrize("kind", DealingKind)
def test_who_may_open_what(people, on_duty, kind):
    order = opened(people)
    about = {"concerns": order, "passed": True} if kind in (DealingKind.CHANGE, DealingKind.INSPECTION) else {}
    if kind is DealingKind.REDO:
        about = {"concerns": opened(people, DealingKind.INSPECTION, concerns=order, passed=False)}
    for who in ("personnel", "clerk", "head", "manager", "deputy", "operator", "operator2"):
        if who in MATRIX[kind]:
            opened(people, kind, by=getattr(people, who), **about)
        else:
            with pytest.raises(Denied):
                opened(people, kind, by=getattr(people, who), **about)


def test_nobody_of_the_city_can_name_a_person_of_the_contractor(people, on_duty):
    """Below the screen: neither the values nor the form have a place for one, and what is written has nobody in it."""
    for written in (api.Terms, api.Message):
        assert not [
            one.name for one in fields(written) if "person" in one.name or "assign" in one.name or one.name == "to"
        ]
    assert not [name for name in MessageForm(channels=list(Channel)).fields if "person" in name]
    order = opened(people)
    message = DealingStep.objects.get(dealing=order).message_id
    for who in (people.personnel, people.clerk, people.head):
        with pytest.raises(AgainstContract):
            api.assign_message(actor=who, now=NOW, message=message, person=people.operator.person)
    assert not ContractMessage.objects.filter(assigned_to__isnull=False).exists()
    api.assign_message(actor=people.manager, now=NOW, message=message, person=people.operator.person)
    assert "operator" not in str(api.dealing(people.clerk, order)), "the city does not read who works on it"


def test_operators_and_strangers_read_nothing(people, on_duty):
    order = opened(people)
    from dataclasses import replace

    for who in (people.operator, replace(people.manager, contract=people.contract + 1)):
        with pytest.raises(Denied):
            api.dealing(who, order)
        with pytest.raises(Denied):
            api.dealings_of(who, people.contract)


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"due": None}, {"quantity": None}, {"activity": ""}, {"until": DAY - timedelta(days=1)}]
)
def test_an_order_says_what_how_much_and_when(people, wrong):
    with pytest.raises(Invalid):
        opened(people, **wrong)
