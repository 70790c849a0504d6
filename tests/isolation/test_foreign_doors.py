"""Random people of one city at every page and every job, with keys of the other city's rows: nothing of it is shown or changed."""

import inspect
import os
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import CITY_A, CITY_B
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app

from honrai.exchange.models import Load
from honrai.parties.models import Household, LedgerEntry, Resident
from honrai.platform.authority.actor import Actor
from honrai.platform.cities.guards import city_models
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.organisations.models import ContractMessage, Person, TransferOrder, UnitVersion
from honrai.platform.organisations.testing import small_city
from honrai.platform.signin.testing import signed_in

NOW = datetime(2026, 4, 15, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = date(2026, 4, 14)
ATTEMPTS = 5_000 if os.environ.get("HONRAI_SOAK") else 120
SEED = random.SystemRandom().randrange(2**32) if os.environ.get("HONRAI_SOAK") else 20260401
SECRET = "乙市極秘"
STAFF = ("head", "clerk", "personnel", "manager", "operator", None)
WRITTEN_BY_REFUSALS = {"events_logentry", "events_change", "signin_try"}
"""Where it is written down that a stranger was turned away at a city's own door."""
FOREIGN_DOOR = 0.15


@dataclass
class Town:
    """City A's people, city B's, and the keys of every row of city B."""

    people: Any
    others: Any
    keys: list[int]


@pytest.fixture
def town(db, stopped_clock) -> Town:
    with in_city(CITY_B):
        other = small_city(CITY_B, tag="b-")
        _plant_secrets(other)
        keys = sorted({key for model in city_models() for key in model._base_manager.values_list("pk", flat=True)[:40]})
    with in_city(CITY_A):
        people = small_city(CITY_A, tag="a-")
    return Town(people, other, keys)


def _plant_secrets(other: Any) -> None:
    """Put a word into city B's rows that no page of city A may ever hold."""
    record("test.written", who=SYSTEM, now=NOW, subject=("case", 1))
    Person.objects.update(name=f"{SECRET} 花子", kana=SECRET)
    UnitVersion.objects.update(name=f"{SECRET}課")
    Load.objects.create(
        layout="households-full", source="households", full=True, as_of=DAY, file=1, file_name=f"{SECRET}.csv", sha256="0",
        state="previewed", uploaded_at=NOW,
    )  # fmt: skip
    TransferOrder.objects.create(number=f"{SECRET}発令", effective_on=DAY, loaded_at=NOW)
    Household.objects.create(number="2000000001", head_number="1000000001", address=SECRET)
    Resident.objects.create(number="1000000001", household_number="2000000001", name=SECRET, born_on=DAY, kana=SECRET)
    LedgerEntry.objects.create(ledger="child-medical-ledger", key="1", number="1000000001", values={"name": SECRET})
    assert ContractMessage  # its rows need an order of work; small_city writes none


def _digest() -> dict[str, str]:
    """A digest of every table as city B sees it."""
    found = {}
    with in_city(CITY_B), connection.cursor() as cursor:
        for model in city_models():
            table = model._meta.db_table
            if table not in WRITTEN_BY_REFUSALS:
                cursor.execute(
                    f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t.id), '')) FROM \"{table}\" t"
                )
                found[table] = cursor.fetchone()[0]
    return found


def _routes(resolver: URLResolver | None = None, before: str = "/") -> list[tuple[str, list[str]]]:
    """Every address of the site: its text with places for keys, and what kind each key is."""
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        text = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += _routes(each, text)
        elif isinstance(each, URLPattern):
            found.append(text)
    return found


def _filled(route: str, keys: list[int], rng: random.Random) -> str:
    out = ""
    while "<" in route:
        head, _, rest = route.partition("<")
        what, _, route = rest.partition(">")
        kind = what.partition(":")[0] if ":" in what else "str"
        out += head + (str(rng.choice(keys)) if kind in ("int", "str", "slug", "path") else "x")
    return out + route.replace("$", "").replace("^", "")


def _someone(town: Town, rng: random.Random) -> Client:
    host = "b.test" if rng.random() < FOREIGN_DOOR else "a.test"
    name = rng.choice(STAFF)
    if name is None:
        return Client(headers={"host": host}, raise_request_exception=False)
    actor: Actor = getattr(town.people, name)
    client = signed_in(actor, host=host)
    client.raise_request_exception = False
    return client


def _knock(town: Town, route: str, rng: random.Random) -> tuple[str, int, str]:
    """Ask for one page as somebody of city A; return the address, the answer's code and its text."""
    client, path = _someone(town, rng), _filled(route, town.keys, rng)
    names = (
        "load",
        "case",
        "document",
        "order",
        "person",
        "unit",
        "post",
        "contract",
        "team",
        "stack",
        "group",
        "reason",
        "q",
    )
    given = {name: str(rng.choice(town.keys)) for name in rng.sample(names, 5)}
    answer = client.get(path, given) if rng.random() < 0.5 else client.post(path, given)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return path, answer.status_code, body.decode("utf-8", "replace") + str(dict(answer.headers))


def test_no_page_shows_or_changes_anything_of_another_city(town):
    rng, routes, before = random.Random(SEED), _routes(), _digest()
    assert len(routes) > 60
    assert SECRET in signed_in(town.others.personnel, host="b.test").get("/organisation/").content.decode()
    codes: Counter[int] = Counter()
    for number in range(ATTEMPTS):
        with transaction.atomic():
            path, code, text = _knock(
                town, routes[number % len(routes)] if number < len(routes) else rng.choice(routes), rng
            )
        assert SECRET not in text, f"seed {SEED}, attempt {number}: {path} ({code}) shows a row of city {CITY_B}"
        assert code < 500, f"seed {SEED}, attempt {number}: {path} ({code})"
        codes[code] += 1
    assert len(codes) > 3, codes  # pages shown, refused, not found, turned away
    print(f"{ATTEMPTS} requests, answers {dict(codes)}, seed {SEED}")
    assert _digest() == before, f"seed {SEED}: a page changed rows of city {CITY_B}"


def _jobs() -> list[tuple[str, Any, list[str]]]:
    """Every job of a city: name, function, the ids it takes."""
    found = []
    for name, task in sorted(app.tasks.items()):
        work = inspect.getclosurevars(task.func).nonlocals.get("fn") if inspect.isfunction(task.func) else None
        if work is not None:
            found.append((name, work, [each for each in inspect.signature(work).parameters if each != "now"]))
    return found


def test_no_job_reads_or_changes_anything_of_another_city(town):
    rng, jobs, before = random.Random(SEED), _jobs(), _digest()
    assert len(jobs) >= 5
    for number in range(ATTEMPTS // 2):
        name, work, ids = jobs[number % len(jobs)]
        given: dict[str, Any] = {each: rng.choice(town.keys) for each in ids}
        if "subscriber" in given:
            given["subscriber"] = "honrai.approvals.tasks.approve_ordered"
        told = ""
        with transaction.atomic():
            try:
                with transaction.atomic(), in_city(CITY_A):
                    work(now=NOW, **given)
            except Exception as refused:  # whatever it says, it must not say anything of the other city
                told = str(refused)
        assert SECRET not in told, f"seed {SEED}, attempt {number}: {name}"
    assert _digest() == before, f"seed {SEED}: a job changed rows of city {CITY_B}"
