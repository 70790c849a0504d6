"""The same contractor's person in two cities: one account, two people, nothing crosses."""

from dataclasses import replace
from datetime import date

import pytest
from conftest import CITY_A, CITY_B
from django.db import connection

from honrai.platform.authority.acts import Channel, Rank, TeamRole
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, NotFound, Refusal
from honrai.platform.organisations import api
from honrai.platform.organisations.testing import DAY, NOW, START, small_city

LATER = date(2027, 4, 1)
CSV = "職員番号,氏名,フリガナ,発令区分,職コード\r\nS-head,,,退職,\r\n"
pytestmark = pytest.mark.django_db


def test_one_account_two_cities():
    with in_city(CITY_A):
        here = small_city(CITY_A, tag="a-")
    with in_city(CITY_B):
        there = small_city(CITY_B, tag="b-")
        more = {"now": NOW, "team": there.team, "role": TeamRole.LEADER, "name": "二市", "kana": "", "start": START}
        taken = api.request_account(actor=there.manager, login="a-operator", **more)
        with pytest.raises(Conflict):
            api.issue_account(actor=there.personnel, now=NOW, request=taken)
        api.refuse_account(actor=there.personnel, now=NOW, request=taken, answer="既存の利用者です")
        request = api.request_account(actor=there.manager, login="a-operator", existing=True, **more)
        person = api.issue_account(actor=there.personnel, now=NOW, request=request)
    account = here.operator.account
    in_a = api.actor_for(account, CITY_A, DAY)
    in_b = api.actor_for(account, CITY_B, DAY)
    assert (in_a.person, in_a.contract) == (here.operator.person, here.contract)
    assert (in_b.person, in_b.contract, in_b.roles) == (person, there.contract, {TeamRole.LEADER})
    with in_city(CITY_B):
        names = api.display_names(there.manager, [here.operator.person, person], DAY)
        assert names == {person: "二市"}
        with pytest.raises(NotFound):
            api.place_in_team(
                actor=there.manager,
                now=NOW,
                person=here.operator.person,
                team=there.team,
                role=TeamRole.LEADER,
                since=DAY,
            )


def test_keys_of_another_city_do_not_exist():
    """Every operation that takes a key is given one of city B's while city A works: refused, and B is untouched."""
    with in_city(CITY_B):
        there = small_city(CITY_B, tag="b-")
        note = api.Message(contract=there.contract, channel=Channel.RETURN, title="件")
        message = api.send(actor=there.head, now=NOW, message=note)
        order = api.load_transfers(actor=there.personnel, now=NOW, number="1", effective_on=LATER, content=CSV.encode())
    with in_city(CITY_A):
        here = small_city(CITY_A, tag="a-")
        for operation, given in _foreign(here, there, message, order):
            with pytest.raises(Refusal):
                operation(**given)
        assert api.display_names(here.clerk, [there.clerk.person], DAY) == {}
        assert api.messages_for(here.head, there.contract) == []
        assert api.organisation_on(DAY, people=[there.clerk.person]) == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no row of A points into B
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _foreign(here, there, message, order):
    """Return operations of city A with one key of city B each."""
    office, boss, head = ({"actor": actor, "now": NOW} for actor in (here.personnel, here.manager, here.head))
    since = {"since": DAY}
    new = {"name": "x", "kana": "", "login": "xyz"}
    role = {"role": TeamRole.LEADER}
    theirs, post = there.clerk.person, there.posts["head"]
    note = api.Message(contract=here.contract, channel=Channel.RETURN, title="件")
    acting = since | {"kind": "acting"}
    period = since | {"until": LATER}
    return [
        (api.define_unit, office | since | {"code": "9", "kind": "section", "name": "x", "parent": there.unit}),
        (api.define_post, office | since | {"code": "9", "unit": there.unit, "title": "x", "rank": Rank.STAFF}),
        (api.lay_charge, office | since | {"post": post, "charge": "audit"}),
        (api.lift_charge, office | {"post": there.posts["personnel"], "charge": "audit", "on": DAY}),
        (api.assign_post, office | acting | {"person": theirs, "post": here.posts["clerk1"]}),
        (api.assign_post, office | acting | {"person": here.clerk.person, "post": post}),
        (api.issue_staff_account, office | {"person": theirs, "login": "xyz"}),
        (api.set_skill, office | since | {"person": theirs, "code": "x", "level": 1}),
        (api.declare_recusal, office | since | {"person": theirs, "party": "P", "reason": "own"}),
        (api.add_certificate, office | period | {"person": theirs, "kind": api.CertificateKind.TEST, "evidence": "x"}),
        (
            api.sign_contract,
            office | period | {"contractor": there.contractor, "number": "9", "title": "x", "letter": "Z"},
        ),
        (api.form_team, office | since | {"contract": there.contract, "code": "9", "name": "x"}),
        (api.name_manager, office | since | new | {"team": there.team}),
        (api.request_account, boss | new | role | {"team": there.team, "start": DAY}),
        (api.place_in_team, boss | since | role | {"person": there.operator.person, "team": here.team}),
        (api.place_in_team, boss | since | role | {"person": here.operator.person, "team": there.team}),
        (api.send, head | {"message": replace(note, contract=there.contract)}),
        (api.send, head | {"message": replace(note, unit=there.unit)}),
        (api.send, head | {"message": replace(note, answers=message)}),
        (api.assign_message, boss | {"message": message, "person": here.operator.person}),
        (api.finish_message, boss | {"message": message}),
        (api.preview_transfers, {"actor": here.personnel, "order": order}),
        (api.apply_transfers, office | {"order": order}),
        (api.actor_of_person, {"person": theirs, "city": CITY_A, "day": DAY}),
    ]
