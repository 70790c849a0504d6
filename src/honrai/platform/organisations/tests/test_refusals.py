"""Every operation says no in words, and why: what is missing, taken, unknown or not one's own."""

from datetime import date, timedelta

import pytest

from honrai.platform.authority.acts import Rank, TeamRole
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.organisations import api
from honrai.platform.organisations.models import Assignment
from honrai.platform.organisations.testing import DAY, NOW, START, small_city

LATER = date(2027, 4, 1)


@pytest.fixture
def people(city):
    return small_city(city)


def _refuse(kind, call, **more):
    with pytest.raises(kind) as refused:
        call(now=NOW, **more)
    assert str(refused.value).endswith("。")


def test_people(people):
    office, clerk = people.personnel, people.clerk.person
    _refuse(Conflict, api.register_staff, actor=office, number="S-clerk1", name="同じ番号")
    _refuse(Denied, api.register_staff, actor=people.head, number="X", name="x")
    _refuse(Conflict, api.issue_staff_account, actor=office, person=clerk, login="another")
    _refuse(NotFound, api.issue_staff_account, actor=office, person=999_999, login="another")
    _refuse(Invalid, api.issue_staff_account, actor=office, person=people.operator.person, login="another")
    _refuse(Invalid, api.set_skill, actor=office, person=clerk, code="x", level=5, since=DAY)
    api.set_skill(actor=office, now=NOW, person=clerk, code="x", level=2, since=DAY)
    _refuse(Conflict, api.set_skill, actor=office, person=clerk, code="x", level=3, since=DAY)
    _refuse(Invalid, api.declare_recusal, actor=people.clerk, person=clerk, party=" ", reason="own", since=DAY)
    _refuse(Denied, api.declare_recusal, actor=people.head, person=clerk, party="P", reason="own", since=DAY)
    api.declare_recusal(actor=office, now=NOW, person=clerk, party="P", reason="relative", since=DAY)
    _refuse(Conflict, api.declare_recusal, actor=people.clerk, person=clerk, party="P", reason="own", since=DAY)


def test_ending_an_assignment_is_for_the_own_side(people):
    staff = Assignment.objects.get(person_id=people.clerk.person).pk
    theirs = Assignment.objects.get(person_id=people.operator.person).pk
    _refuse(Denied, api.end_assignment, actor=people.manager, assignment=staff, on=DAY)
    _refuse(Denied, api.end_assignment, actor=people.personnel, assignment=theirs, on=DAY)
    _refuse(NotFound, api.end_assignment, actor=people.personnel, assignment=staff, on=START - timedelta(days=1))
    api.end_assignment(actor=people.manager, now=NOW, assignment=theirs, on=DAY)
    assert api.organisation_on(DAY, people=[people.operator.person]) == []
    api.end_assignment(actor=people.personnel, now=NOW, assignment=staff, on=START)
    assert api.history_of(people.clerk.person) == []


def test_contracts_and_teams(people):
    office, firm = people.personnel, people.contractor
    _refuse(Conflict, api.register_contractor, actor=office, name="x", corporate_number="4011001098993")
    terms = {"contractor": firm, "title": "x", "since": START, "until": LATER}
    _refuse(Conflict, api.sign_contract, actor=office, number="R8-001", letter="Z", **terms)
    _refuse(Conflict, api.sign_contract, actor=office, number="R8-009", letter="A", **terms)
    team = {"contract": people.contract, "name": "x"}
    _refuse(Conflict, api.form_team, actor=people.manager, code="T1", since=DAY, **team)
    _refuse(NotFound, api.form_team, actor=people.manager, code="T9", since=date(2035, 1, 1), **team)
    placed = {"team": people.team, "role": TeamRole.LEADER, "since": DAY}
    _refuse(NotFound, api.place_in_team, actor=people.manager, person=people.clerk.person, **placed)
    wish = {"role": TeamRole.OPERATOR, "name": "x", "kana": "", "start": DAY}
    _refuse(NotFound, api.request_account, actor=people.manager, team=999_999, login="good", **wish)
    _refuse(Invalid, api.request_account, actor=people.manager, team=people.team, login="不可", **wish)
    unknown = api.request_account(
        actor=people.manager, now=NOW, team=people.team, login="nobody-yet", existing=True, **wish
    )
    _refuse(Conflict, api.issue_account, actor=office, request=unknown)
    _refuse(NotFound, api.issue_account, actor=office, request=999_999)


def test_the_first_manager_needs_a_good_login(people):
    new = api.sign_contract(
        actor=people.personnel,
        now=NOW,
        contractor=people.contractor,
        number="R8-010",
        title="別",
        letter="B",
        since=START,
        until=LATER,
    )
    team = api.form_team(actor=people.personnel, now=NOW, contract=new, code="T1", name="別", since=START)
    named = {"team": team, "name": "x", "kana": "", "since": START}
    _refuse(Invalid, api.name_manager, actor=people.personnel, login="だめ", **named)
    _refuse(Denied, api.name_manager, actor=people.manager, login="boss-b", **named)


def test_messages(people):
    from honrai.platform.authority.acts import Channel

    def message(**more):
        return api.Message(**{"contract": people.contract, "channel": Channel.STOP, "title": "件"} | more)

    _refuse(Invalid, api.send, actor=people.head, message=message(title=" "))
    _refuse(NotFound, api.send, actor=people.head, message=message(contract=999_999))
    _refuse(NotFound, api.finish_message, actor=people.head, message=999_999)
    done = api.send(actor=people.head, now=NOW, message=message())
    api.finish_message(actor=people.manager, now=NOW, message=done)
    more = {"message": done, "person": people.operator.person}
    _refuse(Conflict, api.assign_message, actor=people.manager, **more)
    api.start_duty(actor=people.manager, now=NOW, until=NOW + timedelta(hours=1))
    api.end_duty(actor=people.manager, now=NOW)
    assert not api.on_duty(people.contract, NOW)


def test_posts_and_orders(people):
    office = people.personnel
    new = {"unit": people.unit, "title": "x", "rank": Rank.STAFF, "since": START}
    _refuse(Conflict, api.define_post, actor=office, code="head", **new)
    _refuse(Denied, api.define_post, actor=people.head, code="z", **new)
    _refuse(Invalid, api.load_transfers, actor=office, number=" ", effective_on=LATER, content=_list())
    with pytest.raises(api.NoPlace):
        api.actor_of_person(999_999, people.city, DAY)


def _list():
    return "職員番号,氏名,フリガナ,発令区分,職コード\r\nS-head,,,退職,\r\n".encode()
