"""The chain: every kind of tampering is found, also by a superuser who rebuilds it, also offline."""

import json
import random
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from conftest import CITY_A
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.events.models import LogEntry
from honrai.platform.events.offline import verify_export
from honrai.platform.events.rules import seal_head
from honrai.platform.events.sealing import export, seal, unsealed, verify
from honrai.platform.events.testing import await_others

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _fill(seals: int = 3, entries: int = 4) -> list[dict]:
    heads: list[dict] = []
    for number in range(seals):
        for index in range(entries):
            with in_city(CITY_A):
                record(
                    "test.written",
                    who=SYSTEM,
                    now=NOW + timedelta(minutes=number),
                    subject=("case", index),
                    before={"amount": index},
                    after={"amount": index + 1},
                )
        with in_city(CITY_A):
            await_others()
        with in_city(CITY_A):
            assert seal(key=KEY, now=NOW, publish=heads.append) == entries
    return heads


def _kinds(heads: list[dict]) -> set[str]:
    with in_city(CITY_A):
        return {finding.kind for finding in verify(key=KEY.public_key(), heads=heads)}


@pytest.fixture
def admin(test_server, test_database, committed):
    with psycopg.connect(test_server.url("postgres", test_database), autocommit=True) as connection:
        yield connection


def test_an_honest_chain_is_whole(committed):
    heads = _fill()
    assert _kinds(heads) == set()
    with in_city(CITY_A):
        assert unsealed() == 0
        record("test.read", who=SYSTEM, now=NOW, subject=("person", 1))
    with in_city(CITY_A):
        assert unsealed() == 1


TAMPERINGS = {
    "edit a field": ("UPDATE events_logentry SET who_person = 9 WHERE id = #6", {"edited"}),
    "edit data": ("UPDATE events_logentry SET data = '{\"x\": 1}' WHERE id = #6", {"edited"}),
    "edit a change": ("UPDATE events_change SET after = '{}' WHERE entry_id = #6", {"edited"}),
    "erase a change": ("DELETE FROM events_change WHERE entry_id = #6", {"erased"}),
    "remove an entry": (
        "DELETE FROM events_change WHERE entry_id = #6; DELETE FROM events_logentry WHERE id = #6",
        {"altered"},
    ),
    "move an entry": (
        "UPDATE events_logentry SET transaction = (SELECT max(transaction) FROM events_logentry) WHERE id = #2",
        {"altered"},
    ),
    "swap two": (
        "UPDATE events_logentry a SET transaction = b.transaction FROM events_logentry b "
        "WHERE a.id IN (#2, #3) AND b.id IN (#2, #3) AND a.id <> b.id",
        {"altered"},
    ),
    "cut the last seal": ("DELETE FROM events_seal WHERE number = 3", {"cut"}),
    "cut a middle seal": ("DELETE FROM events_seal WHERE number = 2", {"broken", "cut"}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_found(admin, name):
    heads = _fill()
    statement, expected = TAMPERINGS[name]
    first = admin.execute("SELECT min(id) - 1 FROM events_logentry").fetchone()[0]
    for part in statement.split(";"):
        admin.execute(re.sub(r"#(\d)", lambda m: str(first + int(m[1])), part))
    assert _kinds(heads) == expected


def test_a_backdated_entry_is_found(admin):
    heads = _fill()
    admin.execute(
        "INSERT INTO events_logentry (city_id, at, transaction, name, who_kind, place, subject_kind, data, digest) "
        "SELECT city_id, at, transaction, name, who_kind, place, subject_kind, data, digest"
        " FROM events_logentry ORDER BY id LIMIT 1"
    )
    assert "altered" in _kinds(heads)


def test_a_superuser_who_rebuilds_the_chain_is_found(admin):
    heads = _fill()
    admin.execute("DELETE FROM events_change WHERE entry_id = (SELECT min(id) FROM events_logentry)")
    admin.execute("DELETE FROM events_logentry WHERE id = (SELECT min(id) FROM events_logentry)")
    previous = bytes(32)
    rows = admin.execute("SELECT number, from_transaction, to_transaction FROM events_seal ORDER BY number").fetchall()
    for number, start, end in rows:
        pairs = admin.execute(
            "SELECT id, digest FROM events_logentry WHERE transaction >= %s AND transaction < %s ORDER BY transaction, id",
            [start, end],
        ).fetchall()
        head = seal_head(CITY_A, number, (start, end), previous, pairs)
        admin.execute(
            "UPDATE events_seal SET previous = %s, head = %s, entries = %s, signature = %s WHERE number = %s",
            [previous, head, len(pairs), random.Random(1).randbytes(64), number],
        )
        previous = head
    assert _kinds(heads) == {"forged"}
    assert _kinds([]) == {"forged"}


def test_disposal_is_told_apart_from_erasure(admin):
    heads = _fill(seals=1)
    with in_city(CITY_A):
        second = LogEntry.objects.order_by("pk")[1].pk
        record(
            "events.changes_disposed", who=SYSTEM, now=NOW, subject=("log", None), data={"disposed_entries": [second]}
        )
    with in_city(CITY_A):
        await_others()
    with in_city(CITY_A):
        seal(key=KEY, now=NOW, publish=heads.append)
    admin.execute("DELETE FROM events_change WHERE entry_id = %s", [second])
    assert _kinds(heads) == set()


def test_an_export_verifies_offline(committed):
    heads = _fill()
    lines: list[str] = []
    with in_city(CITY_A):
        export(lines.append)
    assert list(verify_export(lines, city=CITY_A, key=KEY.public_key(), heads=heads)) == []
    row = json.loads(lines[2])
    row["fields"]["name"] = "test.other"
    tampered = [*lines[:2], json.dumps(row), *lines[3:]]
    assert {f.kind for f in verify_export(tampered, city=CITY_A, key=KEY.public_key(), heads=heads)} == {"edited"}
    assert {f.kind for f in verify_export(lines[:-5], city=CITY_A, key=KEY.public_key(), heads=heads)} == {"cut"}


def test_a_running_transaction_is_left_for_the_next_seal(admin, test_server, test_database):
    with psycopg.connect(test_server.url("honrai_app", test_database)) as other:
        other.execute("SELECT set_config('honrai.city', '1', true)")
        other.execute(
            "INSERT INTO events_logentry (city_id, at, name, who_kind, place, subject_kind, data, digest)"
            " VALUES (1, now(), 'slow', 'system', '', 'case', '{}', '\\x00')"
        )
        with in_city(CITY_A):
            record("test.fast", who=SYSTEM, now=NOW, subject=("case", 1))
        with in_city(CITY_A):
            assert seal(key=KEY, now=NOW, publish=lambda head: None) == 0
        other.rollback()
    with in_city(CITY_A):
        await_others()
    with in_city(CITY_A):
        assert seal(key=KEY, now=NOW, publish=lambda head: None) == 1
