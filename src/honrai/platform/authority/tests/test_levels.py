"""The 専決規程 as dated rows of a city."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from honrai.platform.authority.actor import Actor, system_actor
from honrai.platform.authority.acts import Act, Kind, Rank
from honrai.platform.authority.models import DecisionLevel
from honrai.platform.authority.operations import set_level
from honrai.platform.authority.queries import levels_on
from honrai.platform.errors import Denied, Invalid
from honrai.platform.events.models import LogEntry

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SINCE = date(2026, 4, 1)


def _set(city, up_to, since=SINCE, actor=None, source="事務専決規程第5条"):
    return set_level(
        actor=actor or system_actor(city, since),
        now=NOW,
        procedure="",
        act=Act.BOUND_DECISION,
        rank=Rank.SECTION_HEAD,
        up_to=up_to,
        since=since,
        source=source,
    )


def test_a_new_row_ends_the_one_before(city):
    _set(city, 1_000_000)
    _set(city, 2_000_000, date(2027, 4, 1))
    assert [row.up_to for row in levels_on(date(2027, 3, 31))] == [1_000_000]
    assert [row.up_to for row in levels_on(date(2027, 4, 1), "any")] == [2_000_000]
    assert levels_on(date(2026, 3, 31)) == []
    assert LogEntry.objects.filter(name="authority.level_set").count() == 2


def test_refusals(city):
    with pytest.raises(Denied):
        _set(city, 1, actor=Actor(city=city, kind=Kind.STAFF, day=SINCE))
    for wrong in ({"up_to": -1}, {"up_to": 1, "source": " "}):
        with pytest.raises(Invalid):
            _set(city, **wrong)
    _set(city, 1)
    with pytest.raises(Invalid, match="より後"):
        _set(city, 2)


def test_the_database_keeps_one_limit_per_rank(city):
    row = {"procedure": "p", "act": "", "rank": 30, "source": "x"}
    DecisionLevel.objects.create(**row, period=(SINCE, None))
    with pytest.raises(IntegrityError, match="one_limit_per_rank"):
        DecisionLevel.objects.create(**row, period=(date(2027, 1, 1), None))
