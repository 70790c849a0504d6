"""Test database for every test: real PostgreSQL, connected as the run-time role, under row-level security.

One throw-away server per checkout (`var/test-postgres`), one migrated template per state of the code, one copy of it
per process. Two cities stand in the template: key 1 (`a.test`) and key 2 (`b.test`).
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql

hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")  # one result for one commit; local runs and `make soak` keep searching

ROOT = Path(__file__).resolve().parent
CITY_A, CITY_B = 1, 2
_started: list[object] = []


def _server():
    from honrai.platform.db.postgres import Server

    return Server(ROOT / "var" / "test-postgres", durable=False)


def _state_of_the_code() -> str:
    """Return a hash over all that shapes the tables: models, migrations, guards."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "honrai").rglob("*.py")):
        if (
            "migrations" in path.parts
            or path.name in {"models.py", "guards.py", "bulk_guards.py", "cityless.py", "roles.py"}
            or "models" in path.parts
        ):
            digest.update(path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:16]


def _template(server) -> str:
    """Return the name of the migrated template database, built where it is missing."""
    from honrai.platform.db.prepare import owner_url, prepare_embedded

    name = f"template_{_state_of_the_code()}"
    with (ROOT / "var" / "test-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.running():
            _started.append(server)
        prepare_embedded(server, "postgres_ready")
        with psycopg.connect(server.url(), autocommit=True) as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            for (old,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").fetchall():
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
        building = f"building_{os.getpid()}"
        prepare_embedded(server, building)
        _migrate(owner_url(server, building))
        with psycopg.connect(owner_url(server, building), autocommit=True) as owner:
            for key, letter in ((CITY_A, "a"), (CITY_B, "b")):
                owner.execute(
                    "INSERT INTO cities_city (id, code, name, settings) VALUES (%s, %s, %s, '{}')",
                    [key, f"99999{key}", f"試験市{letter.upper()}"],
                )
                owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES (%s, %s)", [f"{letter}.test", key])
            owner.execute("SELECT setval(pg_get_serial_sequence('cities_city', 'id'), 100)")
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
            )
    return name


def _migrate(url: str) -> None:
    code = "import django; django.setup(); from honrai.platform.cities.guards import migrate; migrate()"
    environment = os.environ | {
        "HONRAI_DATABASE_URL_NOW": url,
        "DJANGO_SETTINGS_MODULE": "honrai.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=ROOT)


@pytest.fixture(scope="session")
def test_server():
    """The throw-away PostgreSQL server of this checkout, running."""
    (ROOT / "var").mkdir(exist_ok=True)
    server = _server()
    _template(server)
    return server


@pytest.fixture(scope="session")
def test_database(test_server) -> Iterator[str]:
    """The name of this process's own copy of the template database."""
    from honrai.platform.db.roles import create_database

    name = f"test_{os.getpid()}"
    create_database(test_server.url(), name, template=_template(test_server))
    yield name
    from django.db import connections

    connections.close_all()
    with psycopg.connect(test_server.url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def django_db_setup(test_server, test_database, django_db_blocker) -> None:
    """Point Django at this process's database, as the run-time role (pytest-django asks for this name)."""
    from django.db import connection

    from honrai.platform.db.roles import APP
    from honrai.platform.db.urls import django_database

    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(django_database(test_server.url(APP, test_database)))
        os.environ["HONRAI_DATABASE_URL_NOW"] = test_server.url(APP, test_database)


@pytest.fixture
def owner(test_server, test_database, django_db_setup) -> Iterator[psycopg.Connection]:
    """A superuser connection acting as the owner role: for cleaning up, tampering and looking behind the guards."""
    from honrai.platform.db.prepare import owner_url

    with psycopg.connect(owner_url(test_server, test_database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def city(db) -> Iterator[int]:
    """Work as city A inside the test's transaction; yields its key."""
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        yield CITY_A


@pytest.fixture
def committed(django_db_setup, django_db_blocker, test_server, test_database) -> Iterator[None]:
    """Real commits, for tests of concurrency, jobs and other processes; afterwards all but the cities is emptied."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
    with psycopg.connect(test_server.url("postgres", test_database), autocommit=True) as admin:
        tables = admin.execute(
            "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('cities_city', 'cities_cityhost', 'events_epoch', 'django_migrations', 'django_content_type')"
        ).fetchall()
        admin.execute("TRUNCATE " + ", ".join(name for (name,) in tables) + " RESTART IDENTITY CASCADE")


@pytest.fixture
def stopped_clock(monkeypatch):
    """The clock of views and tasks stands at `stopped_clock.at` (2026-04-15 09:00 until a test moves it)."""
    from datetime import datetime
    from types import SimpleNamespace

    from honrai.platform import clock

    held = SimpleNamespace(at=datetime(2026, 4, 15, 9, tzinfo=clock.TOKYO))
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


def pytest_configure(config: pytest.Config) -> None:
    """Answer at the host names of the test cities; hash passwords with next to no work."""
    from django.conf import settings
    from django.contrib.auth.hashers import Argon2PasswordHasher

    settings.ALLOWED_HOSTS += [".test", "127.0.0.1"]
    if config.getoption("cov_source", None):  # the lines of templates are known only while they are debugged
        settings.TEMPLATES[0]["OPTIONS"]["debug"] = True
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server when this run started it and nobody else uses it."""
    if hasattr(session.config, "workerinput"):
        return
    from honrai.platform.db.postgres import Server

    server = Server(ROOT / "var" / "test-postgres", durable=False)
    if server.running():
        with psycopg.connect(server.url(), autocommit=True) as admin:
            others = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'test\\_%'").fetchone()
        if others == (0,):
            server.stop()
