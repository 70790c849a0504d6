"""A small organisation for tests of any chapter, made through the real operations.

people = small_city(city)          # inside `in_city(city)`
people.clerk, people.head, people.operator, people.manager    # actors on people.day
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from honrai.platform.authority.actor import Actor, system_actor
from honrai.platform.authority.acts import Charge, Rank, TeamRole
from honrai.platform.organisations import api
from honrai.platform.organisations.models import Certificate, PostCharge

DAY = date(2026, 4, 15)
NOW = datetime(2026, 4, 15, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
START = date(2026, 4, 1)


@dataclass(frozen=True, slots=True)
class SmallCity:
    """Keys and actors of the small organisation.

    Attributes:
        unit: the section こども支援課; `bureau` above it, `other` beside it.
        posts: code -> key: head (課長), clerk1, clerk2 of the section, personnel (all 分掌) of the other section.
        contract: contract A of firm `contractor` with team `team`.
        head, clerk, second, personnel: staff. manager, deputy, operator, operator2: the contractor's people.
        day, now: the day and moment the actors are of.
    """

    city: int
    bureau: int
    unit: int
    other: int
    posts: dict[str, int]
    contractor: int
    contract: int
    team: int
    head: Actor
    clerk: Actor
    second: Actor
    personnel: Actor
    manager: Actor
    deputy: Actor
    operator: Actor
    operator2: Actor
    day: date = DAY
    now: datetime = NOW


def small_city(city: int, *, tag: str = "") -> SmallCity:
    """Make two sections with four staff, and a contract with a manager, a deputy and two operators, all certified.

    Args:
        city: key of the city; call inside `in_city(city)`.
        tag: goes before login names, which are unique over all cities.
    """
    setup = system_actor(city, START)
    bureau, unit, other = _units(setup)
    posts = _posts(setup, unit, other)
    staff = {code: _staff(setup, code, post, tag) for code, post in posts.items()}
    firm, contract, team = _contract(setup)
    boss = api.name_manager(
        actor=setup, now=NOW, team=team, name="受託 責任者", kana="", login=f"{tag}boss", since=START
    )
    manager = _certified(setup, boss)
    return SmallCity(
        city=city,
        bureau=bureau,
        unit=unit,
        other=other,
        posts=posts,
        contractor=firm,
        contract=contract,
        team=team,
        head=staff["head"],
        clerk=staff["clerk1"],
        second=staff["clerk2"],
        personnel=staff["personnel"],
        manager=manager,
        deputy=_hired(setup, manager, team, TeamRole.DEPUTY_MANAGER, f"{tag}deputy"),
        operator=_hired(setup, manager, team, TeamRole.OPERATOR, f"{tag}operator"),
        operator2=_hired(setup, manager, team, TeamRole.OPERATOR, f"{tag}operator2"),
    )


def _units(setup: Actor) -> tuple[int, int, int]:
    bureau = api.define_unit(actor=setup, now=NOW, code="01", kind="bureau", name="福祉局", since=START)
    unit, other = (
        api.define_unit(
            actor=setup, now=NOW, code=code, kind="section", name=name, since=START, parent=bureau, symbol=symbol
        )
        for code, name, symbol in (("0101", "こども支援課", "こ支"), ("0102", "総務課", "総"))
    )
    return bureau, unit, other


def _posts(setup: Actor, unit: int, other: int) -> dict[str, int]:
    posts = {
        code: api.define_post(actor=setup, now=NOW, code=code, unit=at, title=title, rank=rank, since=START)
        for code, at, title, rank in (
            ("head", unit, "課長", Rank.SECTION_HEAD),
            ("clerk1", unit, "主事", Rank.STAFF),
            ("clerk2", unit, "主事", Rank.STAFF),
            ("personnel", other, "人事係長", Rank.SUBSECTION_HEAD),
        )
    }
    PostCharge.objects.bulk_create(
        PostCharge(post_id=posts["personnel"], charge=charge.value, period=(START, None)) for charge in Charge
    )
    return posts


def _contract(setup: Actor) -> tuple[int, int, int]:
    firm = api.register_contractor(actor=setup, now=NOW, name="見本ＢＰＯ株式会社", corporate_number="4011001098993")
    contract = api.sign_contract(
        actor=setup,
        now=NOW,
        contractor=firm,
        number="R8-001",
        title="総合行政事務センター運営業務",
        letter="A",
        since=START,
        until=date(2029, 4, 1),
    )
    team = api.form_team(actor=setup, now=NOW, contract=contract, code="T1", name="受付チーム", since=START)
    return firm, contract, team


def _staff(setup: Actor, code: str, post: int, tag: str) -> Actor:
    person = api.register_staff(actor=setup, now=NOW, number=f"S-{code}", name=f"職員 {code}")
    api.assign_post(actor=setup, now=NOW, person=person, post=post, since=START)
    api.issue_staff_account(actor=setup, now=NOW, person=person, login=f"{tag}{code}")
    return _certified(setup, person)


def _hired(setup: Actor, manager: Actor, team: int, role: TeamRole, login: str) -> Actor:
    request = api.request_account(
        actor=manager, now=NOW, team=team, role=role, name=f"受託 {login}", kana="", login=login, start=START
    )
    return _certified(setup, api.issue_account(actor=setup, now=NOW, request=request))


def _certified(setup: Actor, person: int) -> Actor:
    """Pledge, training and test for a year; written at once, because every test of every chapter comes through here."""
    valid = (START, START + timedelta(days=365))
    Certificate.objects.bulk_create(
        Certificate(person_id=person, kind=kind.value, valid=valid, evidence="研修記録") for kind in api.CertificateKind
    )
    return api.actor_of_person(person, setup.city, DAY)
