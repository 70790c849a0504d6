"""Searching for people and opening one. Every search has a purpose and is counted; every read is recorded before it is shown."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from honrai.parties.events import SearchAlert
from honrai.parties.models import Household, Match, Resident, Search
from honrai.parties.permissions import check_can_search, sees_everybody, sees_protected
from honrai.parties.ports import ports
from honrai.parties.queries import Criteria, households_of, members, resident, residents
from honrai.parties.rules import searching as rules
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Invalid, NotFound
from honrai.platform.events.api import announce, record

HIDDEN = "支援措置のため表示できません"


@dataclass(frozen=True, slots=True)
class Hit:
    """One resident a search found; of a protected one without where they live."""

    number: str
    name: str
    kana: str
    born_on: date
    sex: str
    address: str
    protected: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: the hits, or none and `too_many`; `alerted` where the audit was told."""

    hits: tuple[Hit, ...]
    too_many: bool
    alerted: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the same household."""

    number: str
    name: str
    relation: str
    born_on: date


@dataclass(frozen=True, slots=True)
class PersonView:
    """A resident as one may see them. Under 支援措置, for all but its desk, address and household are closed."""

    number: str
    name: str
    kana: str
    romaji: str
    alias: str
    sex: str
    born_on: date
    born_as_recorded: str
    nationality: str
    resident_since: date | None
    insurance: str
    address: str
    postcode: str
    household: tuple[Member, ...]
    protected: bool
    cases: tuple[int, ...]


def search(criteria: Criteria, *, purpose: str, detail: str = "", actor: Actor, now: datetime) -> Found:
    """Look for residents.

    Args:
        criteria: what they are looked for by.
        purpose: a key of `PURPOSES`.
        detail: what for in words; needed for "other".
        actor: staff, or a contractor's person (who finds people of cases of the contract only).
        now: the moment.

    Returns:
        At most `MOST_HITS` hits; where there are more, none.

    Raises:
        Denied: the actor may not search.
        Invalid: no purpose, or too little to search by.
    """
    check_can_search(actor)
    if reason := rules.why_not_purpose(purpose, detail):
        raise Invalid(reason)
    rows = _allowed(residents(criteria, protected_places=sees_protected(actor)), actor, now)
    found = list(rows.order_by("kana_key", "id")[: rules.MOST_HITS + 1])
    too_many = len(found) > rules.MOST_HITS
    shown = [] if too_many else found
    alert = _alert(actor, now, shown)
    row = Search.objects.create(
        at=now, person=actor.person, purpose=purpose, detail=detail.strip()[:200], by=",".join(criteria.used),
        found=len(found), one=shown[0].pk if len(shown) == 1 else None, alert=alert,
    )  # fmt: skip
    data = {"search": row.pk, "residents": [one.pk for one in shown], "purpose": purpose, "by": list(criteria.used)}
    record("parties.searched", who=actor.who, now=now, subject=("search", row.pk), case=criteria.case, data=data)
    if alert:
        announce(SearchAlert(search=row.pk, reason=alert), who=actor.who, now=now, subject=("search", row.pk))
    return Found(_hits(shown, actor), too_many, bool(alert))


def read_person(number: str, *, case: int | None = None, actor: Actor, now: datetime) -> PersonView:
    """Open one resident; the read is recorded.

    Raises:
        NotFound: no such resident, or not one the actor may see (the answer does not tell which).
    """
    check_can_search(actor)
    row = resident(number)
    if row is None or not _allowed(Resident.objects.filter(pk=row.pk), actor, now).exists():
        raise NotFound("該当する人が見つかりません。番号を確かめてください。")
    record("parties.person_read", who=actor.who, now=now, subject=("resident", row.pk), case=case)
    homes = households_of([row.household_number])
    home = homes.get(row.household_number)
    protected = home is not None and home.protected
    closed = protected and not sees_protected(actor)
    return PersonView(
        number=row.number, name=row.name, kana=row.kana, romaji=row.romaji, alias=row.alias, sex=row.sex,
        born_on=row.born_on, born_as_recorded=row.born_as_recorded, nationality=row.nationality,
        resident_since=None if closed else row.resident_since, insurance=row.insurance,
        address=HIDDEN if closed else _address(home), postcode="" if closed or home is None else home.postcode,
        household=() if closed or not sees_everybody(actor) else _members(row),
        protected=protected, cases=_cases(row, actor, now),
    )  # fmt: skip


def _allowed(rows: QuerySet[Resident], actor: Actor, now: datetime) -> QuerySet[Resident]:
    """Narrow to whom the actor may find: everybody for city staff, people of the contract's cases for its people."""
    rows = rows.exclude(number__in=actor.recused) if actor.recused else rows
    if sees_everybody(actor):
        return rows
    matched = dict(Match.objects.filter(number__in=rows.values("number")).values_list("case", "number"))
    cases = ports.visible_cases(actor, list(matched), now)
    return rows.filter(number__in={matched[case] for case in cases})


def _alert(actor: Actor, now: datetime, shown: list[Resident]) -> str:
    """Return why the audit is alerted about this search, "" where nothing is conspicuous."""
    mine = Search.objects.filter(person=actor.person)
    searches = mine.filter(at__gt=now - rules.OFTEN_WITHIN).count() + 1
    one = shown[0].pk if len(shown) == 1 else None
    same = mine.filter(one=one, at__gt=now - rules.SAME_WITHIN).count() + 1 if one else 0
    return rules.why_alert(searches, same)


def _hits(rows: list[Resident], actor: Actor) -> tuple[Hit, ...]:
    homes = households_of([row.household_number for row in rows])
    opened = sees_protected(actor)
    return tuple(_hit(row, homes.get(row.household_number), opened=opened) for row in rows)


def _hit(row: Resident, home: Household | None, *, opened: bool) -> Hit:
    protected = home is not None and home.protected
    address = HIDDEN if protected and not opened else _address(home)
    return Hit(row.number, row.name, row.kana, row.born_on, row.sex, address, protected)


def _address(home: Household | None) -> str:
    return f"{home.address}　{home.annex}".strip() if home else ""


def _members(row: Resident) -> tuple[Member, ...]:
    others = members(row.household_number).exclude(pk=row.pk)
    return tuple(Member(one.number, one.name, one.relation, one.born_on) for one in others)


def _cases(row: Resident, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Return the cases about a resident that the actor may see, newest first."""
    cases = list(Match.objects.filter(number=row.number).order_by("-case").values_list("case", flat=True)[:50])
    seen = ports.visible_cases(actor, cases, now)
    return tuple(case for case in cases if case in seen)
