"""What several commands need of the database: the embedded server up, and Django set up as the right role."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from honrai.platform.db.postgres import PostgresError, Server
from honrai.platform.db.prepare import owner_url, prepare_embedded
from honrai.site.cli.bars import bar
from honrai.site.cli.main import CommandError
from honrai.site.config import Config

DATABASE = "honrai"
_MIGRATE = """import django; django.setup()
from honrai.platform.cities.guards import migrate
migrate(lambda done, total: print(f"{done}/{total}", flush=True))"""
_HOUSE = Path(__file__).resolve().parents[2]


def embedded_server(config: Config) -> Server:
    """Return the embedded server of this installation (not started)."""
    return Server(config.var / "postgres")


def start_embedded(config: Config) -> Server:
    """Start the embedded server, with roles and database in place.

    Raises:
        CommandError: it did not come up.
    """
    server = embedded_server(config)
    try:
        prepare_embedded(server, DATABASE)
    except PostgresError as error:
        raise CommandError(str(error)) from error
    return server


def owner_connection(config: Config) -> str:
    """Return the URL that may act as the owner role: the embedded superuser's, or DATABASE_OWNER_URL.

    Raises:
        CommandError: an outside database without DATABASE_OWNER_URL.
    """
    if config.embedded:
        return owner_url(embedded_server(config), DATABASE)
    if not config.owner_url:
        raise CommandError(
            "set DATABASE_OWNER_URL to a login that may `SET ROLE honrai_owner`; it is used for migrations only"
        )
    return config.owner_url


def backup_connection(config: Config) -> str:
    """Return the URL of the read-only backup role."""
    return embedded_server(config).url("honrai_backup", DATABASE) if config.embedded else config.backup_url


def migrate_if_needed(config: Config) -> bool:
    """Migrate and guard the tables unless this state of the code did so already; True where something ran."""
    stamp = embedded_server(config).home / "migrated"
    state = code_state()
    if config.embedded and stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        return False
    run_migrations(owner_connection(config))
    if config.embedded:
        stamp.write_text(state, encoding="utf-8")
    return True


def run_migrations(url: str) -> None:
    """Migrate and guard in a process of its own, so that this one never holds the owner's rights.

    Raises:
        CommandError: a migration failed; nothing of it stays.
    """
    environment = os.environ | {"HONRAI_DATABASE_URL_NOW": url}
    command = [sys.executable, "-c", _MIGRATE]
    with TemporaryFile("w+") as said, bar("migrate") as count:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said, text=True) as child:
            for line in child.stdout or ():
                done, _, total = line.partition("/")
                count(int(done), int(total))
        said.seek(0)
        if child.returncode:
            raise CommandError(f"the migration failed and was rolled back:\n{said.read().strip()}")


def code_state() -> str:
    """Return a hash over everything that shapes the tables: models, migrations, guards."""
    digest = hashlib.sha256()
    for path in sorted(_HOUSE.rglob("*.py")):
        if (
            "migrations" in path.parts
            or path.stem in {"models", "guards", "bulk_guards", "cityless", "roles"}
            or "models" in path.parts
        ):
            digest.update(path.read_bytes())
    return digest.hexdigest()
