"""Loads the demo city into an empty database: the city, its organisation and contractor, its packs, who handles what."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.intake import api as intake
from honrai.platform import clock
from honrai.platform.authority.api import Rank, set_level, system_actor
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import in_city
from honrai.procedures import api as procedures
from honrai.site.cli.database import owner_connection
from honrai.site.config import Config
from honrai.site.demo.city import CITY, CITY_CODE
from honrai.site.demo.drafts import consult
from honrai.site.demo.staff import Town, settle

HOSTS = ("localhost", "127.0.0.1")
_HERE = Path(__file__).resolve().parent


def load(config: Config, *, once: bool, say: Callable[[str], None], count: Callable[[int, int], None]) -> bool:
    """Load the demo city; with `once`, only where it is not there yet. Returns whether anything was loaded.

    Args:
        config: the installation.
        once: do nothing where the city stands already.
        say: receives one line for each step done.
        count: receives how many procedures are published, and of how many.
    """
    city = City.objects.filter(code=CITY_CODE).values_list("pk", flat=True).first()
    if city is not None and once and _is_settled(city):
        return False
    if city is None:
        city = _make_city(owner_connection(config))
        say(f"{CITY}を作りました")
    with in_city(city):
        town = settle(city, clock.now())
        say(f"組織・職員・受託者を登録しました（{town.people}人）")
        say(f"手続を{_publish(city, clock.now(), count)}件公開しました")
        _levels_and_routes(city, town, clock.now())
        consult(city, town, clock.now())
        say("改正の案を1件、意見照会にかけました")
    connection.close()
    return True


def _is_settled(city: int) -> bool:
    """Say whether a load went through to its end: all after the city itself is one transaction."""
    with in_city(city):
        return bool(procedures.in_force(clock.now().date()))


def packs_folder() -> Path:
    """Return the folder of the standard packs: beside the package in a wheel, at the root of a checkout."""
    inside = _HERE.parents[1] / "packs"
    return inside if inside.is_dir() else _HERE.parents[3] / "packs"


def _make_city(owner_url: str) -> int:
    """Make the city and its host names, as the owner: the run-time role may not."""
    settings = json.loads((_HERE / "settings.json").read_text(encoding="utf-8"))
    with psycopg.connect(owner_url) as owner:
        row = owner.execute(
            "INSERT INTO cities_city (code, name, settings) VALUES (%s, %s, %s) RETURNING id",
            [CITY_CODE, CITY, json.dumps(settings)],
        ).fetchone()
        assert row is not None
        for host in HOSTS:
            owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES (%s, %s)", [host, row[0]])
    return int(row[0])


def _publish(city: int, now: datetime, count: Callable[[int, int], None]) -> int:
    folders = sorted(path for path in packs_folder().iterdir() if (path / "procedure.yaml").exists())
    for done, folder in enumerate(folders, start=1):
        procedures.publish(files=procedures.files_of_folder(folder), actor=system_actor(city, now.date()), now=now)
        count(done, len(folders))
    for path in sorted((packs_folder() / "life-events").glob("*.yaml")):
        intake.publish_life_event(
            file=path.name, content=path.read_bytes(), actor=system_actor(city, now.date()), now=now
        )
    return len(folders)


def _levels_and_routes(city: int, town: Town, now: datetime) -> None:
    """Set who decides what, and which section and contract handle each procedure."""
    put: Callable[..., Any] = partial(set_level, actor=system_actor(city, now.date()), now=now, procedure="", act=None)
    for rank, up_to, source in town.said["levels"]:
        put(rank=Rank[rank], up_to=up_to, since=town.since, source=source)
    sampling = town.said["sampling"]
    approvals.set_sampling(actor=system_actor(city, now.date()), now=now, since=town.since, **sampling)
    for version in procedures.in_force(now.date()):
        code = town.said["routes"].get(version.owner)
        if code is not None:
            cases.set_route(
                procedure=version.code, unit=town.units[code], contract=town.contract, since=date(2026, 4, 1)
            )
