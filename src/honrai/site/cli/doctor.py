"""`honrai doctor`: looks at settings, database and neighbours, says what is wrong and how to mend it."""

import argparse
import shutil
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import django
import psycopg

from honrai.site.cli.database import embedded_server
from honrai.site.config import Config, read_config
from honrai.site.fitness import Problem, problems

HELP = "say what is wrong with this installation and how to mend it"
_LOW_DISK = 5 * 2**30


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options (none)."""


def run(options: argparse.Namespace) -> int:
    """Print every finding; 1 where something is wrong."""
    config = read_config()
    found = [*problems(config), *_database(config), *_neighbours(config), *_disk(config)]
    for problem in found:
        print(f"NG  {problem.wrong}\n    -> {problem.mend}")
    if not found:
        print(f"OK  nothing wrong ({config.mode})")
    return 1 if found else 0


def _database(config: Config) -> Iterator[Problem]:
    if config.embedded and not embedded_server(config).running():
        yield Problem("the embedded PostgreSQL is not running", "start it with `honrai run`")
        return
    django.setup()
    from django.db import OperationalError, connection

    from honrai.platform.db.prepare import unapplied_migrations

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            role, superuser, bypasses = cursor.fetchone()
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            (version,) = cursor.fetchone()
    except (OperationalError, psycopg.Error) as error:
        yield Problem(f"the database does not answer: {error}", "check DATABASE_URL and that the server is up")
        return
    if superuser or bypasses:
        yield Problem(f"the database role {role} is above row-level security", "connect as honrai_app")
    if version < 15:
        yield Problem(f"PostgreSQL {version} is too old", "use PostgreSQL 15 or newer")
    if waiting := unapplied_migrations():
        yield Problem(f"{len(waiting)} migrations have not run", "run `honrai migrate`")
    yield from _demo_data(config)


def _demo_data(config: Config) -> Iterator[Problem]:
    from honrai.platform.cities.models import City

    if config.mode == "production" and City.objects.filter(settings__demo=True).exists():
        yield Problem("a demo city is in the production database", "use a fresh database for production")


def _neighbours(config: Config) -> Iterator[Problem]:
    if config.smtp_url:
        parts = urlsplit(config.smtp_url)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 25), timeout=5).close()
        except OSError as error:
            yield Problem(f"the mail server does not answer: {error}", "check HONRAI_SMTP_URL")
    if config.clamd:
        try:
            with socket.socket(socket.AF_UNIX) as clamd:
                clamd.settimeout(5)
                clamd.connect(config.clamd)
        except OSError as error:
            yield Problem(f"the malware scanner does not answer: {error}", "start clamd or check HONRAI_CLAMD")


def _disk(config: Config) -> Iterator[Problem]:
    config.var.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(config.var).free) < _LOW_DISK:
        yield Problem(f"only {free / 2**30:.1f} GiB free under {config.var}", "free space or move HONRAI_VAR")
