"""Who was what: units, posts, holders, teams and people of the current city on any day.

What a viewer reads of people goes through `display_names`: a name for one's own organisation, a pseudonym or the
section for any other. `organisation_on` is the one query behind "who was what on that day".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Kind, Rank, TeamRole
from honrai.platform.authority.permissions import can_see_name
from honrai.platform.cities.memory import once, shelf
from honrai.platform.organisations.models import (
    Assignment,
    Certificate,
    Contract,
    DutyPeriod,
    Person,
    Post,
    Pseudonym,
    Team,
    UnitVersion,
)
from honrai.platform.organisations.models.people import AssignmentKind
from honrai.platform.organisations.rules import above, missing_certificates, pseudonym


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit as it was on the day asked."""

    id: int
    code: str
    kind: str
    name: str
    symbol: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """One assignment on the day asked. Either post and unit are set (city), or team, contract and role (contractor)."""

    person: int
    kind: str
    post: int | None
    title: str
    rank: Rank | None
    unit: int | None
    team: int | None
    team_name: str
    contract: int | None
    role: str
    since: date
    until: date | None

    @property
    def kind_label(self) -> str:
        """本務, 兼務 or 職務代理."""
        return str(AssignmentKind(self.kind).label)

    @property
    def label(self) -> str:
        """The post's title, or team and role."""
        return self.title or f"{self.team_name} {TeamRole(self.role).label}"


@dataclass(frozen=True, slots=True)
class PostView:
    """One post on the day asked, with its holder and deputies (keys of people)."""

    id: int
    code: str
    title: str
    rank: Rank
    unit: int
    holder: int | None
    deputies: tuple[int, ...]


def units_on(day: date) -> list[UnitView]:
    """Return every unit that existed on the day with the name and place it then had, by code."""
    return list(_units(day))


@once
def _units(day: date) -> list[UnitView]:
    rows = UnitVersion.objects.filter(period__contains=day).select_related("unit").order_by("unit__code")
    return [UnitView(r.unit_id, r.unit.code, r.unit.kind, r.name, r.symbol, r.parent_id) for r in rows]


def units_above(unit: int, day: date) -> tuple[int, ...]:
    """Return a unit and all units above it on the day, lowest first: the `units` of an `authority.Task` or `Matter`."""
    return above({one.id: one.parent for one in _units(day)}, unit)


def organisation_on(day: date, *, people: Collection[int] | None = None) -> list[Place]:
    """Return who was what on the day: every assignment in force, of all people or of those named. One query."""
    rows = Assignment.objects.filter(period__contains=day).filter(
        Q(post__period__contains=day) | Q(team__period__contains=day, contract__period__contains=day)
    )
    if people is not None:
        rows = rows.filter(person_id__in=people)
    rows = rows.select_related("post", "team").order_by("post__code", "team__code", "person_id")
    return [place_of(row) for row in rows]


def history_of(person: int) -> list[Place]:
    """Return every assignment of one person, past and future, oldest first."""
    rows = Assignment.objects.filter(person_id=person).select_related("post", "team")
    return sorted((place_of(row) for row in rows), key=lambda place: (place.since, place.kind))


def place_of(row: Assignment) -> Place:
    """Return an assignment as a value."""
    post, team = row.post, row.team
    return Place(
        person=row.person_id,
        kind=row.kind,
        post=row.post_id,
        title=post.title if post else "",
        rank=Rank(post.rank) if post else None,
        unit=post.unit_id if post else None,
        team=row.team_id,
        team_name=team.name if team else "",
        contract=row.contract_id,
        role=row.role,
        since=row.period.lower,
        until=row.period.upper,
    )


def posts_on(day: date, *, units: Collection[int] | None = None) -> list[PostView]:
    """Return the posts that existed on the day, with holders and deputies, highest rank first within a unit."""
    posts = Post.objects.filter(period__contains=day)
    if units is not None:
        posts = posts.filter(unit_id__in=units)
    holders: dict[int, int] = {}
    deputies: dict[int, list[int]] = {}
    for post, person, kind in Assignment.objects.filter(post__in=posts, period__contains=day).values_list(
        "post_id", "person_id", "kind"
    ):
        if kind == "acting":
            deputies.setdefault(post, []).append(person)
        else:
            holders[post] = person
    return [
        PostView(p.pk, p.code, p.title, Rank(p.rank), p.unit_id, holders.get(p.pk), tuple(deputies.get(p.pk, ())))
        for p in posts.order_by("unit__code", "-rank", "code")
    ]


def holder_of(post: int, day: date) -> int | None:
    """Return the person who held a post on the day; None where it was vacant."""
    held = Assignment.objects.filter(post_id=post, period__contains=day).exclude(kind="acting")
    return held.values_list("person_id", flat=True).first()


def display_names(viewer: Actor, people: Collection[int], day: date) -> dict[int, str]:
    """Return how the viewer may call each person: name within one's own organisation, else pseudonym or section.

    Args:
        viewer: who looks.
        people: keys of people of this city; unknown keys are left out.
        day: the day whose contract or post counts; the pseudonym is the same on all days of a contract.
    """
    found = _people(people)
    names = {p.pk: p.name for p in found if can_see_name(viewer, p.contractor_id)}
    hidden = [p for p in found if p.pk not in names]
    names |= _pseudonyms([p.pk for p in hidden if p.contractor_id is not None], day)
    names |= _sections([p.pk for p in hidden if p.contractor_id is None], day)
    return names


def _people(keys: Collection[int]) -> list[Person]:
    kept = shelf("people")
    missing = {key for key in keys if key not in kept}
    if missing:
        kept |= {row.pk: row for row in Person.objects.filter(pk__in=missing)}
    return [kept[key] for key in dict.fromkeys(keys) if key in kept]


def _pseudonyms(people: Collection[int], day: date) -> dict[int, str]:
    """Return the pseudonym of each person: that of the contract covering the day, else of the newest contract."""
    if not people:
        return {}
    labels = dict.fromkeys(people, "受託者の担当")
    rows = list(Pseudonym.objects.filter(person_id__in=people).select_related("contract").order_by("pk"))
    for row in sorted(rows, key=lambda row: day in row.contract.period):
        labels[row.person_id] = pseudonym(row.contract.letter, row.number)
    return labels


def _sections(people: Collection[int], day: date) -> dict[int, str]:
    """Return "<section> 職員" for city staff as other organisations see them."""
    if not people:
        return {}
    names = {one.id: one.name for one in _units(day)}
    labels = dict.fromkeys(people, "市の職員")
    for place in organisation_on(day, people=people):
        if place.unit in names and (place.kind == "main" or labels[place.person] == "市の職員"):
            labels[place.person] = f"{names[place.unit]} 職員"
    return labels


@dataclass(frozen=True, slots=True)
class ContractView:
    """One contract on the day asked: `people` is a count."""

    id: int
    number: str
    title: str
    contractor: str
    parent: int | None
    since: date
    until: date | None
    people: int


def firm_of_contract(contract: int, day: date) -> int | None:
    """Return the firm of a contract in force on a day; None where there is no such contract that day."""
    return Contract.objects.filter(pk=contract, period__contains=day).values_list("contractor_id", flat=True).first()


def contracts_on(viewer: Actor, day: date) -> list[ContractView]:
    """Return the contracts in force the viewer may know of: all for the city, one's own and those below it for a firm."""
    rows = list(Contract.objects.filter(period__contains=day).select_related("contractor").order_by("number"))
    if viewer.kind is Kind.CONTRACTOR:
        parents = {row.pk: row.parent_id for row in rows}
        rows = [row for row in rows if viewer.contract in above(parents, row.pk)]
    counts: dict[int, set[int]] = {}
    for place in organisation_on(day):
        if place.contract is not None:
            counts.setdefault(place.contract, set()).add(place.person)
    return [
        ContractView(
            r.pk,
            r.number,
            r.title,
            r.contractor.name,
            r.parent_id,
            r.period.lower,
            r.period.upper,
            len(counts.get(r.pk, ())),
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class ContractPerson:
    """One person of a contract. Teams, role and skills are empty for viewers of another organisation."""

    person: int
    label: str
    places: tuple[Place, ...]


def people_of_contract(viewer: Actor, contract: int, day: date) -> list[ContractPerson]:
    """Return the people working under a contract on the day: with names and places for their own firm, else pseudonyms.

    The order is that of the pseudonyms, so that nothing can be read from it.
    """
    places = [place for place in organisation_on(day) if place.contract == contract]
    people = {place.person for place in places}
    labels = display_names(viewer, people, day)
    firm = Contract.objects.values_list("contractor_id", flat=True).get(pk=contract)
    order = dict(Pseudonym.objects.filter(contract_id=contract).values_list("person_id", "number"))
    open_ = can_see_name(viewer, firm)
    return [
        ContractPerson(person, labels[person], tuple(p for p in places if open_ and p.person == person))
        for person in sorted(people, key=lambda key: order.get(key, 0))
    ]


def on_duty(contract: int, now: datetime) -> bool:
    """Say whether a manager or deputy of the contract is on duty, so that new and changed orders can be taken."""
    return DutyPeriod.objects.filter(contract_id=contract, during__contains=now).exists()


def certificates_missing(person: int, day: date) -> tuple[str, ...]:
    """Return the labels of what is not valid on the day (誓約書, 個人情報保護研修, 理解度テスト); empty: access is open."""
    known = shelf("certificates").get((person, day))
    rows = Certificate.objects.filter(person_id=person, valid__contains=day)
    held = set(rows.values_list("kind", flat=True) if known is None else known)
    return tuple(kind.label for kind in missing_certificates(held))


def people_called(text: str) -> list[int]:
    """Return the people somebody may mean by a 職員番号, a pseudonym (A-012), or the beginning of a city official's name."""
    said = text.strip()
    exact = list(Person.objects.filter(number__in={said, said.upper()}).values_list("pk", flat=True))
    named = Person.objects.filter(name__startswith=said, contractor__isnull=True)
    return exact or list(named.values_list("pk", flat=True)[:50])


def staff_account(number: str) -> int | None:
    """Return the account of the member of staff with a 職員番号; None where there is none, or no number was given."""
    rows = Person.objects.filter(number=number, contractor__isnull=True).exclude(number="")
    return rows.values_list("account_id", flat=True).first()


def account_of_number(number: str) -> int | None:
    """Return the account of a person by 職員番号 or pseudonym number (A-012); None where there is none."""
    return Person.objects.filter(number=number).values_list("account_id", flat=True).first()


def introduce(actor: Actor) -> tuple[str, str]:
    """Return the actor's own name and what the actor is on the day, for the page frame; empty where it is no person."""
    if actor.person is None:
        return "", ""
    roles = [
        place.title + ("（代理）" if place.kind == "acting" else "") if place.title else TeamRole(place.role).label
        for place in shelf("places").get((actor.person, actor.day)) or organisation_on(actor.day, people=[actor.person])
    ]
    return display_names(actor, [actor.person], actor.day).get(actor.person, ""), "・".join(roles)


def account_of_person(person: int) -> int | None:
    """Return the account of a person; None where none is issued."""
    return Person.objects.filter(pk=person).values_list("account_id", flat=True).first()


def teams_of_contract(contract: int, day: date) -> list[tuple[int, str]]:
    """Return key and name of the teams of a contract on a day, by code."""
    rows = Team.objects.filter(contract_id=contract, period__contains=day).order_by("code")
    return list(rows.values_list("pk", "name"))
