"""Makes the actor of an account in a city on a day, from the dated facts."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from honrai.platform.authority.actor import Actor, Membership, Seat
from honrai.platform.authority.acts import Kind, Rank, TeamRole
from honrai.platform.cities.memory import shelf
from honrai.platform.cities.tenancy import in_city, open_city
from honrai.platform.errors import Denied
from honrai.platform.organisations.models import Assignment, Certificate, Person, PostCharge, Recusal, Skill
from honrai.platform.organisations.models.people import AssignmentKind
from honrai.platform.organisations.queries import place_of


class NoPlace(Denied):
    """The account has no post and no place in a team of this city on the day: not yet, no more, or never."""


def actor_for(account: int, city: int, day: date, *, place: str = "") -> Actor:
    """Return who an account is in a city on a day: its posts, teams, skills, 分掌 and exclusions. Two queries.

    Any past or future day may be asked. A leaver has no place from 00:00 of the day of leaving.

    Args:
        account: key of the account signed in with.
        city: key of the city the request came to.
        day: calendar day, Asia/Tokyo.
        place: terminal or address the request came from.

    Raises:
        NoPlace: no assignment of the account's person in this city covers the day.
    """
    with _reading(city):
        person = _people(day).filter(account_id=account).first()
        if person is None:
            raise NoPlace("この市では利用者として登録されていません。所属の管理者に確認してください。")
        return _actor(person, day, place)


def actor_of_person(person: int, city: int, day: date, *, place: str = "") -> Actor:
    """Return the actor of a person whether or not there is an account; for questions like "could this person".

    Raises:
        NoPlace: no assignment covers the day, or the city has no such person.
    """
    with _reading(city):
        found = _people(day).filter(pk=person).first()
        if found is None:
            raise NoPlace("この市に該当する人はいません。")
        return _actor(found, day, place)


def _reading(city: int) -> AbstractContextManager[None]:
    """Work in the city; inside it already, no savepoint is needed to read."""
    return nullcontext() if open_city() == city else in_city(city)


def _people(day: date) -> QuerySet[Any]:
    """Return people with what the day adds to them: skills, exclusions and valid certificates."""
    skills = Skill.objects.filter(person=OuterRef("pk"), period__contains=day)
    certificates = Certificate.objects.filter(person=OuterRef("pk"), valid__contains=day)
    recusals = Recusal.objects.filter(person=OuterRef("pk"), period__contains=day)
    return Person.objects.annotate(
        skill_levels=ArraySubquery(skills.values(pair=JSONObject(code="code", level="level"))),
        recused=ArraySubquery(recusals.values("party")),
        certified=ArraySubquery(certificates.values("kind")),
    )


def _actor(person: Any, day: date, place: str) -> Actor:
    charges = PostCharge.objects.filter(post=OuterRef("post"), period__contains=day)
    rows = list(
        Assignment.objects.filter(person=person, period__contains=day)
        .select_related("post", "team", "contract")
        .annotate(charges=ArraySubquery(charges.values("charge")))
        .order_by("post__code", "team__code", "pk")
    )
    _keep(person, rows, day)
    common: dict[str, Any] = {
        "city": person.city_id,
        "day": day,
        "person": person.pk,
        "account": person.account_id,
        "place": place,
        "skills": tuple((pair["code"], pair["level"]) for pair in person.skill_levels),
        "recused": frozenset(person.recused),
    }
    actor = _staff(rows, day, common) if person.contractor_id is None else _contractor(person, rows, day, common)
    if not actor.seats and not actor.memberships:
        raise NoPlace("本日有効な配属がないため利用できません。異動・退職の場合は所属の管理者に確認してください。")
    return actor


def _keep(person: Any, rows: list[Any], day: date) -> None:
    """Let the page being read know the person, the places and the certificates without asking again."""
    shelf("people")[person.pk] = person
    shelf("certificates")[person.pk, day] = tuple(person.certified)
    held = [row for row in rows if _in_force(row, day)]
    shelf("places")[person.pk, day] = [place_of(row) for row in held]


def _in_force(row: Any, day: date) -> bool:
    if row.post is not None:
        return day in row.post.period
    return day in row.team.period and day in row.contract.period


def _staff(rows: list[Any], day: date, common: dict[str, Any]) -> Actor:
    held = [row for row in rows if row.post is not None and _in_force(row, day)]
    seats = tuple(
        Seat(row.post.pk, row.post.unit_id, Rank(row.post.rank), row.kind == AssignmentKind.ACTING) for row in held
    )
    charges = frozenset(charge for row in held for charge in row.charges)
    return Actor(kind=Kind.STAFF, seats=seats, charges=charges, **common)


def _contractor(person: Person, rows: list[Any], day: date, common: dict[str, Any]) -> Actor:
    memberships, contract = [], None
    for row in rows:
        if row.team is not None and row.contract is not None and _in_force(row, day):
            memberships.append(Membership(row.team.pk, TeamRole(row.role)))
            contract = row.contract_id
    return Actor(
        kind=Kind.CONTRACTOR,
        memberships=tuple(memberships),
        contract=contract,
        contractor=person.contractor_id,
        **common,
    )
