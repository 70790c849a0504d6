"""Makes the actor of an account in a city on a day, from the dated facts."""

from datetime import date
from typing import Any

from honrai.platform.authority.actor import Actor, Membership, Seat
from honrai.platform.authority.acts import Kind, Rank, TeamRole
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Denied
from honrai.platform.organisations.models import Assignment, Person, PostCharge, Recusal, Skill
from honrai.platform.organisations.models.people import AssignmentKind


class NoPlace(Denied):
    """The account has no post and no place in a team of this city on the day: not yet, no more, or never."""


def actor_for(account: int, city: int, day: date, *, place: str = "") -> Actor:
    """Return who an account is in a city on a day: its posts, teams, skills, 分掌 and exclusions.

    Any past or future day may be asked. A leaver has no place from 00:00 of the day of leaving.

    Args:
        account: key of the account signed in with.
        city: key of the city the request came to.
        day: calendar day, Asia/Tokyo.
        place: terminal or address the request came from.

    Raises:
        NoPlace: no assignment of the account's person in this city covers the day.
    """
    with in_city(city):
        person = Person.objects.filter(account_id=account).first()
        if person is None:
            raise NoPlace("この市では利用者として登録されていません。所属の管理者に確認してください。")
        return _actor(person, day, place)


def actor_of_person(person: int, city: int, day: date, *, place: str = "") -> Actor:
    """Return the actor of a person whether or not there is an account; for questions like "could this person".

    Raises:
        NoPlace: no assignment covers the day, or the city has no such person.
    """
    with in_city(city):
        found = Person.objects.filter(pk=person).first()
        if found is None:
            raise NoPlace("この市に該当する人はいません。")
        return _actor(found, day, place)


def _actor(person: Person, day: date, place: str) -> Actor:
    rows = list(
        Assignment.objects.filter(person=person, period__contains=day).select_related("post", "team", "contract")
    )
    common: dict[str, Any] = {
        "city": person.city_id,
        "day": day,
        "person": person.pk,
        "account": person.account_id,
        "place": place,
        "skills": tuple(Skill.objects.filter(person=person, period__contains=day).values_list("code", "level")),
        "recused": frozenset(
            Recusal.objects.filter(person=person, period__contains=day).values_list("party", flat=True)
        ),
    }
    actor = _staff(rows, day, common) if person.contractor_id is None else _contractor(person, rows, day, common)
    if not actor.seats and not actor.memberships:
        raise NoPlace("本日有効な配属がないため利用できません。異動・退職の場合は所属の管理者に確認してください。")
    return actor


def _staff(rows: list[Assignment], day: date, common: dict[str, Any]) -> Actor:
    seats = tuple(
        Seat(row.post.pk, row.post.unit_id, Rank(row.post.rank), row.kind == AssignmentKind.ACTING)
        for row in rows
        if row.post is not None and day in row.post.period
    )
    charges = PostCharge.objects.filter(post_id__in=[seat.post for seat in seats], period__contains=day)
    return Actor(kind=Kind.STAFF, seats=seats, charges=frozenset(charges.values_list("charge", flat=True)), **common)


def _contractor(person: Person, rows: list[Assignment], day: date, common: dict[str, Any]) -> Actor:
    memberships, contract = [], None
    for row in rows:
        if row.team is not None and row.contract is not None and day in row.team.period and day in row.contract.period:
            memberships.append(Membership(row.team.pk, TeamRole(row.role)))
            contract = row.contract_id
    return Actor(
        kind=Kind.CONTRACTOR,
        memberships=tuple(memberships),
        contract=contract,
        contractor=person.contractor_id,
        **common,
    )
