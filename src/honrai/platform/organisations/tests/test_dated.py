"""Who was what on any day: names and places of units, holders, actors, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from conftest import CITY_A
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from honrai.platform.accounts.models import Account
from honrai.platform.authority.actor import system_actor
from honrai.platform.authority.acts import Kind, Rank
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.organisations import api
from honrai.platform.organisations.models import Assignment, Person, Post
from honrai.platform.organisations.testing import DAY, NOW, START, small_city

LATER = date(2027, 4, 1)


@pytest.fixture
def people(city):
    return small_city(city)


def _setup(city):
    return system_actor(city, DAY)


def test_a_unit_keeps_its_identity_through_a_new_name_and_place(people, city):
    api.define_unit(
        actor=people.personnel,
        now=NOW,
        code="0101",
        kind="section",
        name="こども未来課",
        since=LATER,
        parent=people.other,
    )
    before = {unit.id: unit for unit in api.units_on(LATER - timedelta(days=1))}
    after = {unit.id: unit for unit in api.units_on(LATER)}
    assert (before[people.unit].name, before[people.unit].parent) == ("こども支援課", people.bureau)
    assert (after[people.unit].name, after[people.unit].parent) == ("こども未来課", people.other)
    assert api.units_above(people.unit, DAY) == (people.unit, people.bureau)
    assert api.units_above(people.unit, LATER) == (people.unit, people.other, people.bureau)
    assert [post.code for post in api.posts_on(LATER, units=[people.unit])] == ["head", "clerk1", "clerk2"]


def test_units_make_no_circle_and_are_not_abolished_over_posts(people):
    actor = people.personnel
    with pytest.raises(Invalid, match="上位"):
        api.define_unit(actor=actor, now=NOW, code="01", kind="bureau", name="局", since=LATER, parent=people.unit)
    with pytest.raises(Conflict, match="残っています"):
        api.abolish_unit(actor=actor, now=NOW, unit=people.unit, on=LATER)
    with pytest.raises(Conflict, match="登録済み"):
        api.define_unit(actor=actor, now=NOW, code="0101", kind="section", name="別名", since=START)
    with pytest.raises(Invalid):
        api.define_unit(actor=actor, now=NOW, code="09", kind="guild", name="座", since=START)
    empty = api.define_unit(actor=actor, now=NOW, code="0103", kind="section", name="臨時課", since=START)
    api.abolish_unit(actor=actor, now=NOW, unit=empty, on=LATER)
    assert empty not in {unit.id for unit in api.units_on(LATER)}


def test_who_was_what_is_one_query(people):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        places = api.organisation_on(DAY)
    assert len(queries) == 1
    assert len(places) == 8
    assert {p.title for p in places if p.unit == people.unit} == {"課長", "主事"}
    assert api.organisation_on(START - timedelta(days=1)) == []


def test_an_actor_has_the_posts_of_the_day(people, city):
    clerk = people.clerk
    api.assign_post(
        actor=people.personnel, now=NOW, person=clerk.person, post=people.posts["head"], since=LATER, kind="acting"
    )
    api.set_skill(actor=people.personnel, now=NOW, person=clerk.person, code="kodomo", level=1, since=START)
    api.set_skill(actor=people.personnel, now=NOW, person=clerk.person, code="kodomo", level=3, since=LATER)
    api.declare_recusal(actor=clerk, now=NOW, person=clerk.person, party="P-9", reason="own", since=START)
    now = api.actor_for(clerk.account, city, DAY, place="10.0.0.1")
    then = api.actor_for(clerk.account, city, LATER)
    assert (now.kind, now.posts, now.place) == (Kind.STAFF, {people.posts["clerk1"]}, "10.0.0.1")
    assert {(seat.rank, seat.acting) for seat in then.seats} == {(Rank.STAFF, False), (Rank.SECTION_HEAD, True)}
    assert (now.skill("kodomo"), then.skill("kodomo"), then.skill("none")) == (1, 3, 0)
    assert now.recused == {"P-9"}
    assert people.personnel.charges >= {"transfers", "audit"}
    with pytest.raises(api.NoPlace):
        api.actor_for(clerk.account, city, START - timedelta(days=1))
    with pytest.raises(api.NoPlace):
        api.actor_for(Account.objects.create_user("nobody").pk, city, DAY)


def test_a_contractors_actor_knows_contract_team_and_role(people):
    manager = people.manager
    assert (manager.kind, manager.contract, manager.contractor) == (Kind.CONTRACTOR, people.contract, people.contractor)
    assert manager.manages_contract
    assert not people.operator.manages_contract
    assert people.operator.teams == {people.team}
    assert not manager.seats
    assert not manager.charges


def test_history_shows_every_place_in_order(people):
    api.assign_post(
        actor=people.personnel,
        now=NOW,
        person=people.clerk.person,
        post=people.posts["head"],
        since=START,
        until=LATER,
        kind="acting",
    )
    assert [place.kind for place in api.history_of(people.clerk.person)] == ["acting", "main"]
    [head] = [post for post in api.posts_on(DAY) if post.code == "head"]
    assert (head.holder, head.deputies) == (people.head.person, (people.clerk.person,))
    assert api.holder_of(people.posts["head"], DAY) == people.head.person
    assert api.holder_of(people.posts["head"], START - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("post", "kind", "message"),
    [("head", "main", "別の"), ("head", "concurrent", "別の人"), ("clerk1", "acting", "この職に就いて")],
)
def test_clashing_assignments_are_refused_in_words(people, post, kind, message):
    with pytest.raises(Conflict, match=message):
        api.assign_post(
            actor=people.personnel, now=NOW, person=people.clerk.person, post=people.posts[post], since=DAY, kind=kind
        )


def test_contractors_get_no_post_and_staff_no_second_charge(people):
    with pytest.raises(Invalid, match="受託者"):
        api.assign_post(
            actor=people.personnel, now=NOW, person=people.operator.person, post=people.posts["head"], since=DAY
        )
    with pytest.raises(Denied):
        api.assign_post(actor=people.head, now=NOW, person=people.clerk.person, post=people.posts["head"], since=DAY)
    with pytest.raises(Invalid, match="存在しない職"):
        api.assign_post(
            actor=people.personnel,
            now=NOW,
            person=people.clerk.person,
            post=people.posts["head"],
            since=date(2020, 1, 1),
        )


def _refused(name, **fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Assignment.objects.create(**fields)


def test_what_one_row_can_know_the_database_refuses(people):
    period, clerk, operator = (DAY, None), people.clerk.person, people.operator.person
    head = people.posts["head"]
    _refused("one_holder_of_a_post", person_id=operator, post_id=head, kind="concurrent", period=period)
    empty = api.define_post(
        actor=people.personnel, now=NOW, code="new", unit=people.unit, title="主事", rank=Rank.STAFF, since=START
    )
    _refused("one_main_place", person_id=clerk, post_id=empty, kind="main", period=(DAY, LATER))
    _refused("post_or_team", person_id=clerk, kind="acting", period=period)
    team = {"team_id": people.team, "contract_id": people.contract}
    _refused("post_or_team", person_id=clerk, kind="acting", post_id=head, role="operator", period=period, **team)
    _refused("once_in_a_team", person_id=operator, kind="concurrent", role="leader", period=period, **team)
    _refused("assignment_has_a_start", person_id=clerk, kind="acting", post_id=head, period=(None, DAY))


def test_one_contract_at_a_time(people):
    contract = api.sign_contract(
        actor=people.personnel,
        now=NOW,
        contractor=people.contractor,
        number="R8-002",
        title="別契約",
        letter="B",
        since=START,
        until=LATER,
    )
    team = api.form_team(actor=people.personnel, now=NOW, contract=contract, code="T1", name="別", since=START)
    _refused(
        "one_contract_at_a_time",
        person_id=people.operator.person,
        kind="concurrent",
        role="leader",
        team_id=team,
        contract_id=contract,
        period=(DAY, None),
    )


def test_charges_are_laid_once_and_lifted(people):
    post, actor = people.posts["clerk1"], people.personnel
    api.lay_charge(actor=actor, now=NOW, post=post, charge="audit", since=START)
    with pytest.raises(Conflict):
        api.lay_charge(actor=actor, now=NOW, post=post, charge="audit", since=DAY)
    api.lift_charge(actor=actor, now=NOW, post=post, charge="audit", on=DAY)
    with pytest.raises(NotFound):
        api.lift_charge(actor=actor, now=NOW, post=post, charge="audit", on=LATER)
    assert "audit" in api.actor_of_person(people.clerk.person, people.city, DAY - timedelta(days=1)).charges
    assert "audit" not in api.actor_of_person(people.clerk.person, people.city, DAY).charges


def test_certificates_expire_and_nobody_signs_their_own(people):
    clerk = people.clerk.person
    assert api.certificates_missing(clerk, DAY) == ()
    assert api.certificates_missing(clerk, START + timedelta(days=365)) == (
        "誓約書",
        "個人情報保護研修",
        "理解度テスト",
    )
    more = {"now": NOW, "kind": api.CertificateKind.TEST, "since": DAY, "until": LATER, "evidence": "点数表"}
    with pytest.raises(Denied, match="自分"):
        api.add_certificate(actor=people.personnel, person=people.personnel.person, **more)
    with pytest.raises(Denied):
        api.add_certificate(actor=people.clerk, person=people.second.person, **more)
    with pytest.raises(Invalid):
        api.add_certificate(actor=people.personnel, person=clerk, **more | {"evidence": ""})
    api.add_certificate(actor=people.manager, person=people.operator.person, **more)


def test_a_person_of_another_city_does_not_exist(people, owner):
    assert Person.objects.count() == 8
    with pytest.raises(NotFound):
        api.define_post(
            actor=people.personnel, now=NOW, code="x", unit=999_999, title="x", rank=Rank.STAFF, since=START
        )
    assert Post.objects.filter(city_id=2).count() == 0


def test_people_and_posts_are_found_through_an_index_with_the_city(committed, owner):
    with in_city(CITY_A):
        people = small_city(CITY_A)
        crowd = Person.objects.bulk_create(Person(number=f"P{n}", name="人") for n in range(2000))
        seat = {"unit_id": people.unit, "title": "主事", "rank": Rank.STAFF, "period": (START, None)}
        posts = Post.objects.bulk_create(Post(code=f"Q{n}", **seat) for n in range(2000))
        Assignment.objects.bulk_create(
            Assignment(person=person, post=post, kind="main", period=(START, None))
            for person, post in zip(crowd, posts, strict=True)
        )
    owner.execute(
        "ANALYZE organisations_assignment"
    )  # a plan is worth asserting only where the planner knows the table
    day = {"period__contains": DAY}
    with in_city(CITY_A):
        by_person = Assignment.objects.filter(person=crowd[7], **day).explain()
        by_post = Assignment.objects.filter(post=posts[7], **day).explain()
    for plan, index in ((by_person, "assignments_by_person"), (by_post, "assignments_by_post")):
        assert index in plan, plan
        assert "Index Cond: ((city_id = " in plan
