"""Loads on real PostgreSQL: preview, delivery, difference, rejects, undo, two cities, a kill in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from conftest import CITY_A, CITY_B
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honrai.exchange import api
from honrai.exchange.models import Load, Merge, Record, Reject
from honrai.exchange.operations import loading, working
from honrai.exchange.queries import layout_of, present_records
from honrai.exchange.testing import Shelf, bound, load_bytes, load_records, preview, take_back
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.api import Charge, Kind, system_actor
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Denied, Invalid
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.jobs.progress import ask_to_stop, how_far

NOW = datetime(2026, 4, 15, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = date(2026, 4, 14)
FULL, DAILY, SOURCE = "households-full", "residents-daily", "households"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)


@pytest.fixture
def shelf():
    kept = Shelf()
    with bound("parties.households", kept), bound("parties.residents", kept):
        yield kept


def home(number, **more):
    return {
        "household_no": f"{2000000000 + number}", "kind": "couple", "head_no": f"{1000000000 + number}", "size": "2",
        "address": "本来県本来市中央区本町1-1", "welfare": "false", "protected": "false", "single_parent": "false",
    } | more  # fmt: skip


def person(number, **more):
    return {
        "change": "put", "person_no": f"{1000000000 + number}", "household_no": "2000000001", "name": "山田　太郎",
        "birth": "1990-01-01",
    } | more  # fmt: skip


def actor(city=CITY_A):
    return system_actor(city, NOW.date())


def load(records, *, layout=FULL, days=0, city=CITY_A):
    return load_records(layout, records, as_of=DAY + timedelta(days), actor=actor(city), now=NOW + timedelta(days))


def counts(load):
    return load.new, load.changed, load.gone, load.same, load.rejected


def test_nothing_changes_before_the_preview_is_confirmed(city, shelf):
    load([home(1), home(2), home(3)])
    second = preview(
        FULL, _file([home(1), home(2, size="5"), home(4)]), as_of=DAY + timedelta(1), actor=actor(), now=NOW
    )
    assert (second.state, *counts(second)) == ("previewed", 1, 1, 1, 1, 0)
    assert set(shelf.held) == {"2000000001", "2000000002", "2000000003"}
    assert api.present(SOURCE, ["2000000002"])["2000000002"]["size"] == "2"
    assert api.present_day(SOURCE) == DAY


def _file(records, layout=FULL):
    from honrai.exchange.rules.writing import write_file

    return write_file(records, layout_of(layout, DAY)).content


def test_a_full_extract_brings_takes_and_changes_and_undo_brings_all_back(city, shelf):
    first = load([home(1), home(2), home(3)])
    before = dict(shelf.held)
    second = load([home(1), home(2, size="5"), home(4)], days=1)
    assert counts(first) == (3, 0, 0, 0, 0)
    assert {key: values["size"] for key, values in shelf.held.items()} == {
        "2000000001": "2", "2000000002": "5", "2000000004": "2",
    }  # fmt: skip
    undone = take_back(second, actor=actor(), now=NOW)
    assert undone.state == "undone"
    assert shelf.held == before
    assert api.present(SOURCE, ["2000000004"]) == {}
    assert api.present_day(SOURCE) == DAY
    again = load([home(1), home(2, size="5"), home(4)], days=1)
    assert counts(again) == counts(second)
    assert [d.first for d in shelf.deliveries] == [True, False, False, False]


def test_only_the_latest_load_is_undone_and_with_a_reason(city, shelf):
    first = load([home(1)])
    second = load([home(1), home(2)], days=1)
    with pytest.raises(Conflict, match="新しいものから"):
        loading.undo(first.pk, reason="誤り", actor=actor(), now=NOW)
    with pytest.raises(Invalid, match="理由"):
        loading.undo(second.pk, reason=" ", actor=actor(), now=NOW)
    take_back(second, actor=actor(), now=NOW)
    take_back(first, actor=actor(), now=NOW)
    assert shelf.held == {}


def test_a_daily_difference_changes_only_what_it_names(city, shelf):
    load([person(n) for n in (1, 2, 3)], layout=DAILY)
    rows = [person(2, name="山田　花子"), person(3, change="gone"), person(9, change="gone"), person(5)]
    second = load(rows, layout=DAILY, days=1)
    assert counts(second) == (1, 1, 1, 0, 1)
    assert Reject.objects.get(load=second).reason == "消すはずの記録がもともとありません"
    assert {key: values["name"] for key, values in shelf.held.items()} == {
        "1000000001": "山田　太郎", "1000000002": "山田　花子", "1000000005": "山田　太郎",
    }  # fmt: skip
    take_back(second, actor=actor(), now=NOW)
    assert set(shelf.held) == {"1000000001", "1000000002", "1000000003"}


def test_somebody_whose_line_is_refused_is_not_gone(city, shelf):
    load([home(1), home(2)])
    content = _file([home(1), home(2), home(3)])
    lines = content.split(b"\r\n")
    lines[2] = lines[2].replace(b",2,", b",two,", 1)
    second = load_bytes(FULL, b"\r\n".join(lines), as_of=DAY + timedelta(1), actor=actor(), now=NOW)
    assert counts(second) == (1, 0, 0, 1, 1)
    assert Reject.objects.get(load=second).line == 3
    assert set(shelf.held) == {"2000000001", "2000000002", "2000000003"}


def test_where_a_line_does_not_tell_its_key_nothing_counts_as_gone(city, shelf):
    load([home(1), home(2)])
    lines = _file([home(1), home(2)]).split(b"\r\n")
    lines[2] = b"broken"
    second = preview(FULL, b"\r\n".join(lines), as_of=DAY + timedelta(1), actor=actor(), now=NOW)
    assert counts(second) == (0, 0, 0, 1, 1)
    assert any("消さずに残します" in text for text in loading.warnings_of(second))


def test_a_cut_off_file_must_be_confirmed_by_a_person(city, shelf):
    load([home(n) for n in range(40)])
    second = preview(FULL, _file([home(n) for n in range(10)]), as_of=DAY + timedelta(1), actor=actor(), now=NOW)
    assert "30件（75.0%）がなくなります" in loading.warnings_of(second)[0]
    with pytest.raises(Invalid, match="確かめました"):
        loading.confirm(second.pk, confirmed=False, actor=actor(), now=NOW)
    assert len(shelf.held) == 40


def test_a_preview_is_void_once_another_load_came(city, shelf):
    load([home(1)])
    old = preview(FULL, _file([home(1), home(2)]), as_of=DAY + timedelta(1), actor=actor(), now=NOW)
    load([home(1), home(3)], days=1)
    loading.confirm(old.pk, confirmed=True, actor=actor(), now=NOW)
    working.apply_load(old.pk, now=NOW)
    old.refresh_from_db()
    assert old.state == "failed"
    assert "もう一度" in old.problem
    assert set(shelf.held) == {"2000000001", "2000000003"}


def test_the_wrong_file_the_same_file_and_an_old_file_are_refused(city, shelf):
    load([home(1)], days=1)
    with pytest.raises(Invalid, match="古いファイル"):
        load([home(2)])
    with pytest.raises(Invalid, match="先の日付"):
        load_records(FULL, [home(3)], as_of=NOW.date() + timedelta(9), actor=actor(), now=NOW)
    with pytest.raises(Conflict, match="取込み済み"):
        load([home(1)], days=1)
    wrong = preview("residents-full", _file([home(1)]), as_of=DAY, actor=actor(), now=NOW)
    assert wrong.state == "failed"
    assert "見出しが「住民（全件）」と違います" in wrong.problem


def test_a_job_that_runs_twice_does_its_work_once(city, shelf):
    first = load([home(1), home(2)])
    working.apply_load(first.pk, now=NOW)
    working.read_load(first.pk, now=NOW)
    assert len(shelf.deliveries) == 1
    assert present_records(SOURCE).count() == 2


def test_discarded_previews_leave_nothing(city, shelf):
    found = preview(FULL, _file([home(1)]), as_of=DAY, actor=actor(), now=NOW)
    loading.discard(found.pk, actor=actor(), now=NOW)
    assert (Record.objects.count(), shelf.held) == (0, {})


def test_only_staff_with_the_charge_may_load(city):
    clerk = Actor(city=city, kind=Kind.STAFF, day=NOW.date(), person=1, charges=frozenset())
    contractor = Actor(city=city, kind=Kind.CONTRACTOR, day=NOW.date(), charges=frozenset({Charge.EXCHANGE}))
    for nobody in (clerk, contractor):
        with pytest.raises(Denied, match="データ連携"):
            api.receive(layout=FULL, as_of=DAY, name="x", content=b"x", actor=nobody, now=NOW)
    charged = Actor(city=city, kind=Kind.STAFF, day=NOW.date(), person=1, charges=frozenset({Charge.EXCHANGE}))
    assert api.receive(layout=FULL, as_of=DAY, name="x", content=_file([home(1)]), actor=charged, now=NOW)


def test_what_was_loaded_is_announced_with_counts_and_no_names(city, shelf):
    done = load([home(1)])
    entry = LogEntry.objects.get(name="exchange.load_applied")
    assert entry.data == {"load": done.pk, "source": SOURCE, "as_of": "2026-04-14", "new": 1, "changed": 0, "gone": 0}


def test_merged_numbers_are_followed_parted_again_and_never_run_in_a_circle(city):
    def merge(old, new, change="put"):
        return {"change": change, "old_no": f"{old}", "new_no": f"{new}", "merged_on": "2026-04-01"}

    a, b, c = 1000000001, 1000000002, 1000000003
    load([merge(a, b), merge(b, c)], layout="person-merges")
    assert api.resolve([str(a), str(c), "1000000009"]) == {str(a): str(c), str(c): str(c), "1000000009": "1000000009"}
    assert set(api.former_numbers(str(c))) == {str(a), str(b)}
    turned = load([merge(c, b)], layout="person-merges", days=1)
    assert api.resolve([str(a), str(c)]) == {str(a): str(b), str(c): str(b)}
    assert turned.new == 1
    load([merge(c, b, "gone")], layout="person-merges", days=2)
    assert api.resolve([str(c)]) == {str(c): str(c)}
    assert Merge.objects.count() == 1


def test_one_city_loads_and_the_other_sees_nothing(committed, shelf):
    with in_city(CITY_A):
        load([home(1)])
    other = Shelf()
    with in_city(CITY_B), bound("parties.households", other):
        assert Load.objects.count() + Record.objects.count() == 0
        assert api.present(SOURCE, ["2000000001"]) == {}
        second = load([home(1, size="9")], city=CITY_B)
    assert counts(second) == (1, 0, 0, 0, 0)
    with in_city(CITY_A):
        assert api.present(SOURCE, ["2000000001"])["2000000001"]["size"] == "2"


_sets = st.lists(st.dictionaries(st.integers(1, 6), st.sampled_from("235"), max_size=5), min_size=1, max_size=3)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(_sets, st.booleans())
def test_whatever_comes_the_target_holds_the_last_file_and_undo_the_one_before(committed, files_of_days, undo):
    kept, states = Shelf(), [{}]
    with in_city(CITY_A), bound("parties.households", kept):
        from django.db import transaction

        for number, content in enumerate(files_of_days):
            try:
                last = load([home(n, size=size) for n, size in content.items()], days=number)
            except Invalid:
                continue  # an empty file is none
            states.append({str(2000000000 + n): size for n, size in content.items()})
            assert {key: values["size"] for key, values in kept.held.items()} == states[-1]
        if undo and len(states) > 1:
            take_back(last, actor=actor(), now=NOW)
            assert {key: values["size"] for key, values in kept.held.items()} == states[-2]
        transaction.set_rollback(True)


_WORKER = """
import os, time, django
django.setup()
from datetime import datetime
from zoneinfo import ZoneInfo
from honrai.exchange.operations import working
from honrai.exchange.ports import ports
from honrai.exchange.models import Merge
from honrai.platform.cities.tenancy import in_city

def slow(batches, delivery):
    for batch in batches:
        Merge.objects.bulk_create([Merge(old=change.key, new="x", on="2026-04-01") for change in batch])
        print("half", flush=True)
        time.sleep(float(os.environ["SLEEP"]))

ports.targets["parties.households"] = slow
with in_city(1):
    working.apply_load(int(os.environ["LOAD"]), now=datetime(2026, 4, 15, tzinfo=ZoneInfo("Asia/Tokyo")))
"""


def test_a_worker_killed_in_the_middle_of_a_load_loses_and_doubles_nothing(committed, tmp_path):
    with in_city(CITY_A):
        waiting = preview(FULL, _file([home(n) for n in range(30)]), as_of=DAY, actor=actor(), now=NOW)
        loading.confirm(waiting.pk, confirmed=True, actor=actor(), now=NOW)

    def start(sleep):
        root = Path(__file__).resolve().parents[4]
        environment = os.environ | {
            "LOAD": str(waiting.pk), "SLEEP": sleep, "PYTHONPATH": str(root / "src"),
            "DJANGO_SETTINGS_MODULE": "honrai.site.settings", "HONRAI_VAR": str(tmp_path),
        }  # fmt: skip
        return subprocess.Popen([sys.executable, "-c", _WORKER], env=environment, stdout=subprocess.PIPE)

    killed = start("60")
    assert killed.stdout
    assert killed.stdout.readline() == b"half\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    time.sleep(0.2)
    with in_city(CITY_A):
        assert Load.objects.get().state == "applying"
        assert Merge.objects.count() == 0
        assert present_records(SOURCE).count() == 0
    with start("0") as second:
        assert second.wait(60) == 0
    with in_city(CITY_A):
        assert Load.objects.get().state == "applied"
        assert (Merge.objects.count(), present_records(SOURCE).count()) == (30, 30)
        assert LogEntry.objects.filter(name="exchange.load_applied").count() == 1


def test_progress_is_seen_by_others_before_the_job_ends(committed, test_server, test_database):
    seen = []

    def watching(batches, delivery):
        with psycopg.connect(test_server.url("postgres", test_database)) as other:
            told = other.execute("SELECT stage, done FROM jobs_progress WHERE key = %s", [delivery.load])
            seen.extend(told.fetchall())
        for _ in batches:
            pass

    with in_city(CITY_A), bound("parties.households", watching):
        done = load([home(1)])
        assert how_far("load", done.pk) is None
    assert seen == [("反映", 0)]


def test_a_load_that_is_stopped_is_as_before_and_can_go_on_later(committed):
    kept = Shelf()

    def stopped_half_way(batches, delivery):
        kept(iter([next(batches)]), delivery)
        Merge.objects.create(old="1", new="2", on="2026-04-01")
        with in_city(CITY_A):
            loading.stop(delivery.load, actor=actor(), now=NOW)
        kept(batches, delivery)

    with bound("parties.households", stopped_half_way), in_city(CITY_A):
        waiting = preview(FULL, _file([home(n) for n in range(3)]), as_of=DAY, actor=actor(), now=NOW)
        loading.confirm(waiting.pk, confirmed=True, actor=actor(), now=NOW)
        working.apply_load(waiting.pk, now=NOW)
        waiting.refresh_from_db()
        assert (waiting.state, Merge.objects.count(), how_far("load", waiting.pk)) == ("previewed", 0, None)
        assert present_records(SOURCE).count() == 0
        with pytest.raises(Conflict, match="止めるものはありません"):
            loading.stop(waiting.pk, actor=actor(), now=NOW)
    kept = Shelf()
    with bound("parties.households", kept), in_city(CITY_A):
        loading.confirm(waiting.pk, confirmed=True, actor=actor(), now=NOW)
        working.apply_load(waiting.pk, now=NOW)
        assert len(kept.held) == present_records(SOURCE).count() == 3


def test_stopped_while_waiting_it_never_starts_and_an_undo_leaves_what_was_applied(committed, shelf):
    with in_city(CITY_A):
        key = api.receive(layout=FULL, as_of=DAY, name="x", content=_file([home(1)]), actor=actor(), now=NOW)
        loading.stop(key, actor=actor(), now=NOW)
        working.read_load(key, now=NOW)
        assert LogEntry.objects.filter(name="exchange.stop_asked").count() == 1
        row = Load.objects.get(pk=key)
        assert (row.state, row.problem, Record.objects.count()) == ("discarded", working.STOPPED, 0)
        applied = load([home(1)])
        loading.undo(applied.pk, reason="誤り", actor=actor(), now=NOW)
        ask_to_stop("load", applied.pk)
        working.undo_load(applied.pk, now=NOW)
        assert Load.objects.get(pk=applied.pk).state == "applied"
        assert len(shelf.held) == 1
