"""The people of the demo city's offices: about sixty staff and the contractor's teams, with accounts and certificates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from honrai.platform.authority.api import Actor, Rank, TeamRole, system_actor
from honrai.platform.organisations import api as organisations
from honrai.site.demo.residents import generate

DESCRIPTION = Path(__file__).with_name("organisation.yaml")
_SEED = 20_260_401
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Town:
    """What was settled: the description, units by code, the contract, how many people."""

    said: dict[str, Any]
    since: date
    units: dict[str, int]
    contract: int
    people: int


def settle(city: int, now: datetime) -> Town:
    """Enter units, posts, staff, contractor and teams of the demo city; call inside `in_city`."""
    said = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    office = _Office(said, system_actor(city, said["since"]), now)
    units = office.define_units()
    office.man_sections(units)
    contract = office.hire_contractor()
    return Town(said, said["since"], units, contract, office.people)


class _Office:
    """Enters people one after another; keeps count and the names still to give."""

    def __init__(self, said: dict[str, Any], setup: Actor, now: datetime) -> None:
        self._said, self._setup, self._now = said, setup, now
        self._since: date = said["since"]
        self._names = _names()
        self.people = 0

    def define_units(self) -> dict[str, int]:
        """Enter all units, parents first; return their keys by code."""
        keys: dict[str, int] = {}
        for code, kind, name, symbol, parent in self._said["units"]:
            keys[code] = self._do(organisations.define_unit)(
                code=code, kind=kind, name=name, symbol=symbol, since=self._since, parent=keys.get(parent)
            )
        return keys

    def man_sections(self, units: dict[str, int]) -> None:
        """Give each section a head, a subsection head and two clerks, each bureau its head, administration its posts."""
        for code in self._said["bureaus"]:
            self._post(f"{code}-head", units[code], "局長", "BUREAU_HEAD")
        for code in self._said["sections"]:
            self._post(f"{code}-head", units[code], "課長", "SECTION_HEAD")
            self._post(f"{code}-sub", units[code], "係長", "SUBSECTION_HEAD")
            for number in (1, 2):
                self._post(f"{code}-clerk{number}", units[code], "主事", "STAFF")
        for entry in self._said["administration"]:
            post = self._post(entry["code"], units["S11"], entry["title"], entry["rank"])
            for charge in entry["charges"]:
                self._do(organisations.lay_charge)(post=post, charge=charge, since=self._since)

    def hire_contractor(self) -> int:
        """Enter the contractor, its contract, its manager and the teams' operators; return the contract's key."""
        said = self._said["contractor"]
        firm = self._do(organisations.register_contractor)(name=said["name"], corporate_number=said["corporate_number"])
        contract: int = self._do(organisations.sign_contract)(
            contractor=firm,
            number=said["number"],
            title=said["title"],
            letter=said["letter"],
            since=self._since,
            until=said["until"],
        )
        manager: Actor | None = None
        for code, name, operators in self._said["teams"]:
            team = organisations.form_team(
                actor=manager or self._setup, now=self._now, contract=contract, code=code, name=name, since=self._since
            )
            manager = manager or self._manager(team)
            self._hire(manager, team, TeamRole.LEADER, f"{code.lower()}-leader")
            for number in range(1, operators + 1):
                self._hire(manager, team, TeamRole.OPERATOR, f"{code.lower()}-op{number}")
        return contract

    def _manager(self, team: int) -> Actor:
        name, kana = next(self._names)
        person = self._do(organisations.name_manager)(
            team=team, name=name, kana=kana, login="a-manager", since=self._since
        )
        return self._certified(person)

    def _hire(self, manager: Actor, team: int, role: TeamRole, login: str) -> None:
        name, kana = next(self._names)
        request = organisations.request_account(
            actor=manager, now=self._now, team=team, role=role, name=name, kana=kana, login=login, start=self._since
        )
        self._certified(self._do(organisations.issue_account)(request=request))

    def _post(self, code: str, unit: int, title: str, rank: str) -> int:
        """Define a post and put a person with an account on it; return the post's key."""
        post: int = self._do(organisations.define_post)(
            code=code, unit=unit, title=title, rank=Rank[rank], since=self._since
        )
        name, kana = next(self._names)
        person = self._do(organisations.register_staff)(number=f"{self.people + 1:06}", name=name, kana=kana)
        self._do(organisations.assign_post)(person=person, post=post, since=self._since)
        self._do(organisations.issue_staff_account)(person=person, login=code.lower())
        self._certified(person)
        return post

    def _certified(self, person: int) -> Actor:
        self.people += 1
        for kind in organisations.CertificateKind:
            self._do(organisations.add_certificate)(
                person=person, kind=kind, since=self._since, until=self._now.date() + 3 * _YEAR, evidence="デモの登録"
            )
        return organisations.actor_of_person(person, self._setup.city, self._now.date())

    def _do(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        return partial(operation, actor=self._setup, now=self._now)


def _names() -> Iterator[tuple[str, str]]:
    """Names drawn by lot: plain characters, nobody's in particular."""
    people = generate(400, _SEED, date(2026, 4, 1)).residents
    adults = people.filter((people["birth"] < date(2004, 1, 1)) & (people["nationality"] == "日本"))
    yield from adults.select("name", "kana").iter_rows()
