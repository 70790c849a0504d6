"""A small town with many open cases, made through the real operations."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from honrai.cases import api as cases
from honrai.cases.testing import VALUES, town
from honrai.platform.events.api import Who
from honrai.platform.organisations.testing import DAY, NOW, START
from honrai.procedures import api as procedures

NAMES = (("本来 花子", "ホンライ ハナコ"), ("見本 一郎", "ミホン イチロウ"), ("佐々木 葵", "ササキ アオイ"))


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    made = town(city, tmp_path, monkeypatch)
    cases.set_route(procedure="kodomo-iryo", unit=made.unit, contract=made.contract, since=START)
    return made


@pytest.fixture
def opened(people):
    """Open so many cases: `opened(3)` returns their keys; every second one is twelve days older."""
    version = procedures.version_on("kodomo-iryo", DAY).id
    made = SimpleNamespace(count=0)

    def make(count: int) -> list[int]:
        keys = []
        for _ in range(count):
            made.count += 1
            name, kana = NAMES[made.count % 3]
            keys.append(_open(made.count, name, kana, version))
        return keys

    return make


def _open(number: int, name: str, kana: str, version: int) -> int:
    born = date(2026, 3, 1) + timedelta(days=number % 28)
    new = cases.NewCase(
        number=f"08-{number:06}",
        application=number,
        version=version,
        channel="post",
        received_on=DAY - timedelta(days=12 * (number % 2)),
        name=name,
        kana=kana,
        born_on=born,
        party=f"P{number}",
        values=VALUES | {"child.name": name, "child.kana": kana, "child.born": born.isoformat()},
    )
    return cases.open_case(new, who=Who("applicant"), now=NOW - timedelta(days=number % 5))
