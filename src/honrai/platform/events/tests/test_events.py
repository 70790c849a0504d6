"""Recording, announcing and delivering."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from honrai.platform.events import api
from honrai.platform.events.api import SYSTEM, Announced, Event, Follow, Who, announce, deliver, record, wire
from honrai.platform.events.models import Change, Delivery, LogEntry
from honrai.platform.jobs.tasks import defer_delivery

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@dataclass(frozen=True, kw_only=True)
class Opened(Event):
    name: ClassVar[str] = "test.opened"
    case: int


seen: list[Announced] = []


def note(announced: Announced) -> None:
    seen.append(announced)


def refuse(announced: Announced) -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _wiring():
    before, defer = api.wiring(), api._defer[0]
    seen.clear()
    yield
    wire(before, defer)


def _announce() -> int:
    return announce(
        Opened(case=7), who=Who("staff", 3, 4, "窓口1"), now=NOW, subject=("case", 7), case=7, after={"state": "受付"}
    )


def test_a_record_says_who_when_where_what(city):
    entry = LogEntry.objects.get(pk=_announce())
    assert (entry.who_kind, entry.who_person, entry.place, entry.at, entry.data) == (
        "staff",
        3,
        "窓口1",
        NOW,
        {"case": 7},
    )
    assert Change.objects.get(entry=entry).after == {"state": "受付"}


def test_now_runs_in_the_same_transaction(city):
    wire([Follow("test.opened", note, "now")], defer_delivery)
    _announce()
    assert [a.case for a in seen] == [7]


def test_an_error_of_a_now_subscriber_undoes_the_event(city):
    wire([Follow("test.opened", refuse, "now")], defer_delivery)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _announce()
    assert not LogEntry.objects.exists()


def test_later_is_enqueued_and_delivered_once(city):
    follow = Follow("test.opened", note, "later")
    wire([follow], defer_delivery)
    entry = _announce()
    assert seen == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'events.deliver'")
        assert json.loads(cursor.fetchone()[0]) == {"city": 1, "entry": entry, "subscriber": follow.key}
    assert deliver(entry, follow.key, now=NOW)
    assert not deliver(entry, follow.key, now=NOW)
    assert len(seen) == 1
    assert Delivery.objects.count() == 1


def test_a_removed_subscriber_is_named(city):
    with pytest.raises(LookupError, match="wiring"):
        deliver(_announce(), "honrai.gone", now=NOW)


@pytest.mark.parametrize(
    "statement", ["UPDATE events_logentry SET name = 'x'", "DELETE FROM events_logentry", "TRUNCATE events_seal"]
)
def test_the_run_time_role_cannot_change_the_log(city, statement):
    record("test.read", who=SYSTEM, now=NOW, subject=("person", 1))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_without_a_city_nothing_is_read(city, owner: psycopg.Connection):
    assert owner.execute("SELECT count(*) FROM events_logentry").fetchone() == (0,)
