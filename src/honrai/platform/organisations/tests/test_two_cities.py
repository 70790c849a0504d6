"""The same contractor's person in two cities: one account, two people, nothing crosses."""

import pytest
from conftest import CITY_A, CITY_B

from honrai.platform.authority.acts import TeamRole
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, NotFound
from honrai.platform.organisations import api
from honrai.platform.organisations.testing import DAY, NOW, START, small_city

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
