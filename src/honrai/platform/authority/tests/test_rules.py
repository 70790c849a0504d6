"""Who may do what: the whole matrix of kinds and acts, places, separation, 専決, the contract channel."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.platform.authority import permissions, rules
from honrai.platform.authority.actor import Actor, Membership, Seat, robot_actor
from honrai.platform.authority.acts import Act, Channel, Kind, Rank, TeamRole
from honrai.platform.authority.rules import Apart, Doer, Level, Matter, Task
from honrai.platform.errors import Denied

DAY = date(2026, 4, 1)
SECTION, ABOVE, OTHER = 10, 1, 20
CONTRACT, FIRM = 7, 70


def staff(rank: Rank = Rank.STAFF, *, person: int = 1, unit: int = SECTION, **more) -> Actor:
    return Actor(city=1, kind=Kind.STAFF, day=DAY, person=person, seats=(Seat(5, unit, rank),), **more)


def contractor(role: TeamRole = TeamRole.OPERATOR, *, person: int = 2, contract: int = CONTRACT, **more) -> Actor:
    members = (Membership(3, role),)
    return Actor(
        city=1,
        kind=Kind.CONTRACTOR,
        day=DAY,
        person=person,
        memberships=members,
        contract=contract,
        contractor=FIRM,
        **more,
    )


@pytest.mark.parametrize(("kind", "act"), list(product(Kind, Act)))
def test_only_staff_take_official_acts(kind, act):
    actor = Actor(city=1, kind=kind, day=DAY)
    allowed = kind is Kind.STAFF or (kind is not Kind.APPLICANT and act in {Act.FACTUAL, Act.ASSISTING})
    assert permissions.can_act(actor, act) is allowed
    if not allowed:
        with pytest.raises(Denied, match="。"):
            permissions.check_can_act(actor, act)


@given(
    act=st.sampled_from([a for a in Act if a.official]),
    kind=st.sampled_from([Kind.CONTRACTOR, Kind.ROBOT, Kind.SYSTEM, Kind.APPLICANT]),
    seats=st.lists(st.builds(Seat, st.just(5), st.just(SECTION), st.sampled_from(Rank)), max_size=2).map(tuple),
    contract=st.sampled_from([None, CONTRACT]),
    skills=st.just((("x", 4),)),
)
@settings(max_examples=60)
def test_no_seat_contract_or_skill_buys_an_official_act(act, kind, seats, contract, skills):
    actor = Actor(city=1, kind=kind, day=DAY, person=9, seats=seats, contract=contract, skills=skills)
    for place in (Task(act=act, units=(SECTION,)), Task(act=act, contract=contract)):
        assert not permissions.can_perform(actor, place)
    if act.deciding:
        levels = [Level("", None, Rank.STAFF, None, DAY)]
        assert not permissions.can_decide(actor, Matter(procedure="p", act=act, units=(SECTION,)), levels)


CITY_TASK = Task(act=Act.ASSISTING, units=(SECTION, ABOVE))
FIRM_TASK = Task(act=Act.ASSISTING, contract=CONTRACT)


@pytest.mark.parametrize(
    ("actor", "task", "allowed"),
    [
        (staff(), CITY_TASK, True),
        (staff(unit=ABOVE), CITY_TASK, True),
        (staff(unit=OTHER), CITY_TASK, False),
        (staff(), FIRM_TASK, False),
        (contractor(), FIRM_TASK, True),
        (contractor(contract=8), FIRM_TASK, False),
        (contractor(), CITY_TASK, False),
        (robot_actor(1, DAY, contract=CONTRACT), FIRM_TASK, True),
        (robot_actor(1, DAY), FIRM_TASK, False),
        (robot_actor(1, DAY), CITY_TASK, True),
        (Actor(city=1, kind=Kind.APPLICANT, day=DAY), CITY_TASK, False),
    ],
)
def test_work_stays_where_it_was_given(actor, task, allowed):
    assert permissions.can_perform(actor, task) is allowed


def test_own_and_relatives_cases_are_closed():
    task = Task(act=Act.ASSISTING, units=(SECTION,), parties=frozenset({"P1"}))
    assert permissions.can_perform(staff(recused=frozenset({"P2"})), task)
    with pytest.raises(Denied, match="除斥"):
        permissions.check_can_perform(staff(recused=frozenset({"P1", "P3"})), task)


@pytest.mark.parametrize(
    ("actor", "before", "apart", "allowed"),
    [
        (contractor(), Doer(2, CONTRACT, FIRM), Apart.PERSON, False),
        (contractor(), Doer(3, CONTRACT, FIRM), Apart.PERSON, True),
        (contractor(), Doer(3, CONTRACT, FIRM), Apart.CONTRACT, False),
        (contractor(), Doer(3, 8, FIRM), Apart.CONTRACT, True),
        (contractor(), Doer(3, 8, FIRM), Apart.FIRM, False),
        (contractor(), Doer(3, 8, 71), Apart.FIRM, True),
        (contractor(), Doer(3), Apart.FIRM, True),
    ],
)
def test_checker_and_doer_stand_apart(actor, before, apart, allowed):
    task = Task(act=Act.ASSISTING, contract=CONTRACT, before=(before,), apart=apart)
    assert permissions.can_perform(actor, task) is allowed


def test_two_people_of_the_city_are_the_same_organisation():
    near = Task(act=Act.ASSISTING, units=(SECTION,), before=(Doer(99),), apart=Apart.FIRM)
    assert not permissions.can_perform(staff(), near)
    assert permissions.can_perform(staff(), Task(act=Act.ASSISTING, units=(SECTION,), before=(Doer(99),)))


@pytest.mark.parametrize(("level", "allowed"), [(0, False), (1, False), (2, True), (4, True)])
def test_a_skill_level_is_needed(level, allowed):
    task = Task(act=Act.ASSISTING, units=(SECTION,), skill=("kodomo", 2))
    assert permissions.can_perform(staff(skills=(("kodomo", level),)), task) is allowed


LEVELS = [
    Level("", None, Rank.SECTION_HEAD, 1_000_000, DAY),
    Level("", None, Rank.DIVISION_HEAD, 10_000_000, DAY),
    Level("kodomo", Act.BOUND_DECISION, Rank.SUBSECTION_HEAD, None, DAY),
    Level("", None, Rank.STAFF, None, date(2020, 4, 1), DAY),
]


@pytest.mark.parametrize(
    ("procedure", "act", "amount", "rank"),
    [
        ("grant", Act.DISCRETIONARY_DECISION, 1_000_000, Rank.SECTION_HEAD),
        ("grant", Act.DISCRETIONARY_DECISION, 1_000_001, Rank.DIVISION_HEAD),
        ("grant", Act.BOUND_DECISION, 10_000_000, Rank.DIVISION_HEAD),
        ("grant", Act.BOUND_DECISION, 10_000_001, Rank.MAYOR),
        ("grant", Act.BOUND_DECISION, None, Rank.SECTION_HEAD),
        ("kodomo", Act.BOUND_DECISION, 99_000_000, Rank.SUBSECTION_HEAD),
        ("kodomo", Act.DISCRETIONARY_DECISION, 1, Rank.MAYOR),
    ],
)
def test_the_deciding_rank(procedure, act, amount, rank):
    matter = Matter(procedure=procedure, act=act, units=(SECTION, ABOVE), amount=amount)
    assert rules.deciding_rank(LEVELS, matter, DAY) is rank
    assert permissions.can_decide(staff(rank), matter, LEVELS)
    lower = [r for r in Rank if r < rank]
    if lower:
        with pytest.raises(Denied, match=rank.label):
            permissions.check_can_decide(staff(max(lower)), matter, LEVELS)


def test_levels_are_dated():
    matter = Matter(procedure="grant", act=Act.BOUND_DECISION, units=(SECTION,))
    assert rules.deciding_rank(LEVELS, matter, date(2026, 3, 31)) is Rank.STAFF
    assert rules.deciding_rank(LEVELS, matter, date(2019, 3, 31)) is Rank.MAYOR


def test_rank_counts_only_in_the_deciding_unit_and_nobody_decides_on_own_work():
    matter = Matter(procedure="kodomo", act=Act.BOUND_DECISION, units=(SECTION, ABOVE), before=(Doer(1),))
    assert not permissions.can_decide(staff(Rank.MAYOR, person=3, unit=OTHER), matter, LEVELS)
    assert permissions.can_decide(staff(Rank.SECTION_HEAD, person=3, unit=ABOVE), matter, LEVELS)
    with pytest.raises(Denied, match="本人"):
        permissions.check_can_decide(staff(Rank.SECTION_HEAD, person=1), matter, LEVELS)


MANAGER = contractor(TeamRole.MANAGER)
DEPUTY = contractor(TeamRole.DEPUTY_MANAGER)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(
    ("actor", "side"),
    [(staff(), "city"), (MANAGER, "firm"), (DEPUTY, "firm"), (contractor(), "nobody"), (robot_actor(1, DAY), "nobody")],
)
def test_each_side_speaks_through_its_own_mouth(actor, side, channel):
    expected = (side == "city") if channel.from_city else (side == "firm")
    if channel.exception:
        assert not permissions.can_send(actor, CONTRACT, channel)
    may = rules.why_not_send(actor, CONTRACT, channel, reason="貸与端末の操作", supervisor=2) is None
    assert may is expected


def test_a_manager_speaks_for_the_own_contract_only():
    assert not permissions.can_send(MANAGER, 8, Channel.QUERY)
    assert not permissions.can_manage_contract(MANAGER, 8)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (MANAGER, True),
        (DEPUTY, True),
        (contractor(TeamRole.LEADER), False),
        (contractor(TeamRole.SUB_LEADER), False),
        (contractor(), False),
        (staff(Rank.MAYOR, charges=frozenset({"contracts", "accounts", "organisation"})), False),
        (Actor(city=1, kind=Kind.SYSTEM, day=DAY), False),
    ],
)
def test_only_the_contractors_managers_place_its_people(actor, allowed):
    assert permissions.can_manage_contract(actor, CONTRACT) is allowed


@pytest.mark.parametrize(
    ("viewer", "firm", "sees"),
    [
        (staff(), None, True),
        (staff(), FIRM, False),
        (contractor(), FIRM, True),
        (contractor(), 71, False),
        (contractor(), None, False),
        (robot_actor(1, DAY, contract=CONTRACT), FIRM, False),
    ],
)
def test_names_stay_in_the_own_organisation(viewer, firm, sees):
    assert permissions.can_see_name(viewer, firm) is sees


def test_charges_are_for_staff_who_hold_them():
    holder = staff(charges=frozenset({"transfers"}))
    assert permissions.has_charge(holder, "transfers")
    assert not permissions.has_charge(holder, "audit")
    assert not permissions.has_charge(contractor(charges=frozenset({"transfers"})), "transfers")
    with pytest.raises(Denied, match="分掌"):
        permissions.check_has_charge(staff(), "cases.reassign")
