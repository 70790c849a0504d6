"""kill -9 of server, writer and worker in the middle of work: nothing acknowledged is lost, nothing is done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from conftest import CITY_A, ROOT

from honrai.platform.db.postgres import Server

pytestmark = pytest.mark.slow
ROUNDS = 40 if os.environ.get("HONRAI_SOAK") else 3

WRITER = """
import sys, psycopg
connection = psycopg.connect(sys.argv[1], autocommit=True)
number = int(sys.argv[2])
while True:
    connection.execute("INSERT INTO written VALUES (%s)", [number])
    print(number, flush=True)
    number += 1
"""


def test_the_database_loses_no_acknowledged_row(tmp_path):
    server = Server(tmp_path / "pg")
    server.start()
    try:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("CREATE TABLE written (number int PRIMARY KEY)")
        acknowledged: list[int] = []
        for number in range(ROUNDS):
            acknowledged += _write_until_killed(server, acknowledged[-1] + 1 if acknowledged else 0, seed=number)
            server.start()
        with psycopg.connect(server.url()) as admin:
            kept = {row[0] for row in admin.execute("SELECT number FROM written").fetchall()}
        assert set(acknowledged) <= kept
        assert len(kept) - len(acknowledged) <= ROUNDS, "at most the row in flight at each kill was unacknowledged"
    finally:
        server.stop()


def _write_until_killed(server: Server, first: int, seed: int) -> list[int]:
    """Write rows until the server is killed at a random moment; return those the writer was told are in."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, server.url(), str(first + 1)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    time.sleep(0.6 + random.Random(seed).random())
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    told, _ = writer.communicate(timeout=30)
    return [int(line) for line in told.split()]


JOBS = 60
WORK = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "honrai.site.settings"
import django
django.setup()
from procrastinate.contrib.django import app
from django.db import connection
from honrai.platform.events import api
from honrai.platform.events.api import Follow, wire
from honrai.platform.jobs import tasks
from datetime import timedelta

def work(announced):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO done VALUES (%s)", [announced.entry])
    time.sleep(0.03)

work.__module__, work.__qualname__ = "tests.kills", "work"
wire([Follow("test.kill", work, "later")], tasks.defer_delivery)
with app.replace_connector(app.connector.get_worker_connector()) as running:
    running.run_worker(concurrency=2, wait=True, install_signal_handlers=False, update_heartbeat_interval=0.2)
"""


def test_workers_killed_at_random_do_every_job_once(committed, owner, test_server, test_database):
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.db.roles import APP
    from honrai.platform.events.api import SYSTEM, record
    from honrai.platform.jobs.tasks import defer_delivery
    from honrai.platform.organisations.testing import NOW

    owner.execute("CREATE TABLE IF NOT EXISTS done (entry bigint)")
    owner.execute(f"GRANT INSERT ON done TO {APP}")
    try:
        with in_city(CITY_A):
            for number in range(JOBS):
                entry = record("test.kill", who=SYSTEM, now=NOW, subject=("case", number))
                defer_delivery(CITY_A, entry, "tests.kills.work", number % 7)
        environment = os.environ | {
            "HONRAI_DATABASE_URL_NOW": test_server.url(APP, test_database),
            "PYTHONPATH": str(ROOT / "src"),
        }
        _kill_workers_until_done(environment, owner)
        counts = owner.execute("SELECT count(*), count(DISTINCT entry) FROM done").fetchone()
        assert counts == (JOBS, JOBS)
    finally:
        owner.execute("DROP TABLE done")


def _kill_workers_until_done(environment: dict[str, str], owner) -> None:
    dice = random.Random(7)
    for attempt in range(60):
        worker = subprocess.Popen([sys.executable, "-c", WORK], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        patience = 4 + 3 * dice.random() if attempt < 2 * ROUNDS else 30
        ended = time.monotonic() + patience
        while time.monotonic() < ended and _waiting(owner):
            time.sleep(0.1)
        worker.kill()
        worker.wait()
        _release_stalled(owner)
        if not _waiting(owner):
            return
    raise AssertionError("the jobs were not done")


def _waiting(owner) -> int:
    return owner.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'events.deliver'"
    ).fetchone()[0]


def _release_stalled(owner) -> None:
    """What `jobs.rescue` does each minute, at once: jobs of dead workers go back into the queue."""
    owner.execute(
        "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs"
        " WHERE status = 'doing' AND task_name = 'events.deliver'"
    )


def test_a_whole_installation_survives_being_killed(tmp_path):
    var = tmp_path / "var"
    environment = os.environ | {"HONRAI_VAR": str(var), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("HONRAI_DATABASE_URL_NOW", None)
    port = 18_000 + os.getpid() % 1_000
    command = [sys.executable, "-m", "honrai.site.cli", "run", "--no-demo", "--port", str(port)]
    for _ in range(2):
        running = subprocess.Popen(
            command, env=environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        _await_ready(port, running)
        _kill_everything(var)
        running.wait(timeout=20)
    running = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
    _await_ready(port, running)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 0
    assert not Server(var / "postgres").running()
    assert json.loads((var / "secrets.json").read_text())["audit_key"]


def _await_ready(port: int, running: subprocess.Popen) -> None:
    from urllib.request import urlopen

    for _ in range(900):
        assert running.poll() is None, "honrai run ended by itself"
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("honrai run did not come up")


def _kill_everything(var: Path) -> None:
    """kill -9 every process of the installation: supervisor, web, worker, database."""
    wanted = str(var).encode()
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                mine = wanted in (process / "environ").read_bytes() or wanted in (process / "cmdline").read_bytes()
            except OSError:
                continue
            if mine:
                os.kill(int(process.name), signal.SIGKILL)
