"""The ten rules against 偽装請負, below the screen."""

import inspect
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from honrai.platform.authority.acts import Channel, TeamRole
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api
from honrai.platform.organisations.models import Contract, ContractMessage
from honrai.platform.organisations.operations import channel
from honrai.platform.organisations.testing import DAY, NOW, START, small_city

EVENING = NOW + timedelta(hours=9)


@pytest.fixture
def people(city):
    return small_city(city)


def _send(actor, people, kind, **more):
    return api.send(
        actor=actor, now=NOW, message=api.Message(contract=people.contract, channel=kind, title="件", **more)
    )


def test_no_message_of_the_city_can_name_a_person(people):
    assert not {"person", "recipient", "to", "assigned_to"} & set(inspect.signature(api.Message).parameters)
    assert set(inspect.signature(channel.send).parameters) == {"actor", "now", "message"}


@pytest.mark.parametrize("kind", [k for k in Channel if k.from_city and not k.exception])
def test_orders_wait_for_a_manager_and_nothing_else_does(people, kind):
    message = _send(people.head, people, kind)
    row = ContractMessage.objects.get(pk=message)
    assert (row.delivered_at is None) is (kind in {Channel.ORDER, Channel.CHANGE, Channel.RESUME})
    name = "message_held" if kind.waits_for_manager else "message_delivered"
    assert LogEntry.objects.filter(name=f"organisations.{name}", subject_id=message).count() == 1
    [seen] = api.messages_for(people.head, people.contract)
    assert seen.held is kind.waits_for_manager
    assert len(api.messages_for(people.manager, people.contract)) == (0 if seen.held else 1)


def test_held_orders_arrive_when_a_manager_comes_on_duty(people):
    order = _send(people.head, people, Channel.ORDER, due=date(2026, 5, 1), quantity=200)
    assert not api.on_duty(people.contract, NOW)
    with pytest.raises(NotFound):
        api.assign_message(actor=people.manager, now=NOW, message=order, person=people.operator.person)
    assert api.start_duty(actor=people.deputy, now=NOW, until=EVENING) == 1
    assert api.on_duty(people.contract, NOW)
    assert not api.on_duty(people.contract, EVENING)
    [seen] = api.messages_for(people.manager, people.contract)
    assert (seen.id, seen.quantity, seen.held) == (order, 200, False)
    now_direct = _send(people.head, people, Channel.ORDER)
    assert ContractMessage.objects.get(pk=now_direct).delivered_at == NOW
    api.end_duty(actor=people.deputy, now=NOW + timedelta(minutes=1))
    assert not api.on_duty(people.contract, NOW + timedelta(minutes=2))


def test_duty_is_for_managers_and_once(people):
    with pytest.raises(Denied):
        api.start_duty(actor=people.operator, now=NOW, until=EVENING)
    with pytest.raises(Denied):
        api.start_duty(actor=people.head, now=NOW, until=EVENING)
    api.start_duty(actor=people.manager, now=NOW, until=EVENING)
    with pytest.raises(Conflict):
        api.start_duty(actor=people.manager, now=NOW, until=EVENING)
    with pytest.raises(Invalid):
        api.start_duty(actor=people.deputy, now=NOW, until=NOW + timedelta(days=3))
    with pytest.raises(NotFound):
        api.end_duty(actor=people.deputy, now=NOW)


def test_only_the_contracts_manager_assigns(people):
    back = _send(people.clerk, people, Channel.RETURN, about=("task", 12))
    for actor in (people.head, people.clerk, people.personnel, people.operator):
        with pytest.raises(Denied):
            api.assign_message(actor=actor, now=NOW, message=back, person=people.operator.person)
    with pytest.raises(NotFound, match="本日働いている"):
        api.assign_message(actor=people.manager, now=NOW, message=back, person=people.clerk.person)
    assert api.messages_for(people.operator, people.contract) == []
    api.assign_message(actor=people.manager, now=NOW, message=back, person=people.operator.person)
    [own] = api.messages_for(people.operator, people.contract)
    assert own.id == back
    assert api.messages_for(people.operator2, people.contract) == []
    with pytest.raises(Denied):
        api.finish_message(actor=people.operator2, now=NOW, message=back)
    api.finish_message(actor=people.operator, now=NOW, message=back)
    with pytest.raises(Conflict):
        api.finish_message(actor=people.manager, now=NOW, message=back)
    assert api.messages_for(people.manager, people.contract) == []


def test_the_city_never_sees_who_works_on_what(people):
    back = _send(people.clerk, people, Channel.RETURN)
    api.assign_message(actor=people.manager, now=NOW, message=back, person=people.operator.person)
    [by_city], [by_firm] = (api.messages_for(actor, people.contract) for actor in (people.head, people.manager))
    assert by_city.assigned_to == ""
    assert by_firm.assigned_to == "受託 operator"


def test_queries_go_up_through_the_manager_and_answers_come_back(people):
    with pytest.raises(Denied):
        _send(people.operator, people, Channel.QUERY)
    query = _send(people.manager, people, Channel.QUERY, unit=people.unit)
    with pytest.raises(Denied):
        api.finish_message(actor=people.manager, now=NOW, message=query)
    answer = _send(people.head, people, Channel.ANSWER, answers=query)
    api.finish_message(actor=people.head, now=NOW, message=query)
    [left] = api.messages_for(people.manager, people.contract)
    assert (left.id, left.answers) == (answer, query)


def test_direct_explanations_need_a_reason_and_a_supervising_manager(people):
    with pytest.raises(Denied, match="理由"):
        _send(people.head, people, Channel.EQUIPMENT)
    with pytest.raises(Invalid, match="立会者"):
        _send(people.head, people, Channel.EQUIPMENT, reason="貸与端末", supervisor=people.operator.person)
    assert _send(people.head, people, Channel.EQUIPMENT, reason="貸与端末", supervisor=people.manager.person)


def test_the_city_cannot_touch_rosters_or_ratings(people):
    someone, city = people.operator.person, people.personnel
    with pytest.raises(Denied):
        api.place_in_team(actor=city, now=NOW, person=someone, team=people.team, role=TeamRole.LEADER, since=DAY)
    with pytest.raises(Denied):
        api.form_team(actor=city, now=NOW, contract=people.contract, code="T2", name="第二", since=DAY)
    with pytest.raises(Denied):
        api.set_skill(actor=city, now=NOW, person=someone, code="kodomo", level=4, since=DAY)
    with pytest.raises(Denied):
        api.request_account(
            actor=city, now=NOW, team=people.team, role=TeamRole.OPERATOR, name="x", kana="", login="xxx", start=DAY
        )
    [place] = api.organisation_on(DAY, people=[someone])
    assert place.role == "operator"


def test_the_manager_places_people_and_may_lead_them_out(people):
    someone = people.operator.person
    second = api.form_team(actor=people.manager, now=NOW, contract=people.contract, code="T2", name="第二", since=DAY)
    api.place_in_team(
        actor=people.manager, now=NOW, person=someone, team=second, role=TeamRole.LEADER, since=DAY + timedelta(days=1)
    )
    assert [p.team for p in api.history_of(someone)] == [people.team, second]
    api.set_skill(actor=people.manager, now=NOW, person=someone, code="kodomo", level=2, since=DAY)


def test_the_city_sees_pseudonyms_and_counts_only(people):
    listed = api.people_of_contract(people.head, people.contract, DAY)
    assert [p.label for p in listed] == ["担当A-001", "担当A-002", "担当A-003", "担当A-004"]
    assert all(p.places == () for p in listed)
    own = api.people_of_contract(people.manager, people.contract, DAY)
    assert [p.label for p in own] == ["受託 責任者", "受託 deputy", "受託 operator", "受託 operator2"]
    assert all(p.places for p in own)
    [contract] = api.contracts_on(people.head, DAY)
    assert contract.people == 4
    everyone = [people.head.person, people.operator.person]
    assert api.display_names(people.manager, everyone, DAY)[people.head.person] == "こども支援課 職員"
    assert api.display_names(people.head, everyone, DAY)[people.operator.person] == "担当A-003"
    after_the_contract = date(2030, 1, 1)
    assert api.display_names(people.head, everyone, after_the_contract)[people.operator.person] == "担当A-003"


def test_accounts_are_requested_by_the_manager_and_issued_by_the_city_without_a_name(people):
    request = api.request_account(
        actor=people.deputy,
        now=NOW,
        team=people.team,
        role=TeamRole.SUB_LEADER,
        name="受託 新人",
        kana="",
        login="fresh",
        start=DAY,
    )
    with pytest.raises(Conflict):
        api.request_account(
            actor=people.manager,
            now=NOW,
            team=people.team,
            role=TeamRole.OPERATOR,
            name="x",
            kana="",
            login="fresh",
            start=DAY,
        )
    [by_city] = [r for r in api.account_requests(people.personnel) if r.state == "requested"]
    assert (by_city.name, by_city.label, by_city.login) == ("", "", "fresh")
    for actor in (people.head, people.manager):
        with pytest.raises(Denied):
            api.issue_account(actor=actor, now=NOW, request=request)
    with pytest.raises(Denied):
        api.account_requests(people.head)
    person = api.issue_account(actor=people.personnel, now=NOW, request=request)
    assert {r.name for r in api.account_requests(people.manager)} >= {"受託 新人"}
    assert api.account_requests(people.personnel)[0].label == "担当A-005"
    assert api.actor_of_person(person, people.city, DAY).roles == {TeamRole.SUB_LEADER}
    with pytest.raises(NotFound):
        api.refuse_account(actor=people.personnel, now=NOW, request=request, answer="遅い")
    with pytest.raises(Conflict, match="管理責任者"):
        api.name_manager(actor=people.personnel, now=NOW, team=people.team, name="x", kana="", login="boss2", since=DAY)


def test_subcontracts_need_the_citys_permission_at_any_depth(people):
    firm = api.register_contractor(actor=people.personnel, now=NOW, name="再委託先", corporate_number="9010001008844")
    terms = {
        "actor": people.personnel,
        "now": NOW,
        "contractor": firm,
        "title": "再委託",
        "since": DAY,
        "until": date(2027, 1, 1),
        "parent": people.contract,
    }
    with pytest.raises(Invalid, match="承認"):
        api.sign_contract(number="S1", letter="S", **terms)
    permitted = {"permission_number": "承認第1号", "permitted_on": START}
    with pytest.raises(Invalid, match="期間内"):
        api.sign_contract(number="S1", letter="S", **terms | {"until": date(2040, 1, 1)}, **permitted)
    sub = api.sign_contract(number="S1", letter="S", **terms, **permitted)
    with pytest.raises(Invalid, match="承認"):
        api.sign_contract(number="S2", letter="T", **terms | {"parent": sub})
    assert [c.id for c in api.contracts_on(people.manager, DAY)] == [people.contract, sub]
    with pytest.raises(IntegrityError, match="subcontract_is_permitted"), transaction.atomic():
        Contract.objects.create(
            contractor_id=firm, parent_id=sub, number="S3", letter="U", title="無断", period=(DAY, None)
        )
    with pytest.raises(Denied):
        api.sign_contract(number="S4", letter="V", **terms | {"actor": people.manager}, **permitted)
