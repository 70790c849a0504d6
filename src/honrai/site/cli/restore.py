"""`honrai restore FILE`: an archive into an empty installation, verified before anything is touched."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from honrai.platform.backup.api import BackupError, restore, unpack
from honrai.platform.backup.sealed import BadArchiveError
from honrai.platform.db.roles import OWNER
from honrai.platform.files.stores import open_store
from honrai.site.cli.backup import archive_key, tool
from honrai.site.cli.bars import bar
from honrai.site.cli.database import owner_connection, run_migrations, start_embedded
from honrai.site.cli.main import CommandError
from honrai.site.config import Config, read_config

HELP = "restore an archive into an empty installation, after verifying it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="archive made by `honrai backup`")
    parser.add_argument("--verify-only", action="store_true", help="verify the archive and change nothing")


def run(options: argparse.Namespace) -> int:
    """Verify the archive, then restore it; 1 where it is damaged."""
    config = read_config()
    if not options.file.is_file():
        raise CommandError(f"there is no file {options.file}")
    with TemporaryDirectory() as work:
        try:
            with bar("verify") as count:
                summary = unpack(options.file, Path(work), key=archive_key(config), count=count)
        except BadArchiveError as error:
            print(f"NG  {options.file}: {error}")
            return 1
        print(f"OK  the archive is whole: {summary.files} files, database {summary.database_bytes:,} bytes")
        if not options.verify_only:
            _restore(config, Path(work))
    return 0


def _restore(config: Config, folder: Path) -> None:
    server = start_embedded(config) if config.embedded else None
    owner = owner_connection(config)
    try:
        if _has_tables(owner):
            raise CommandError("the database is not empty; restore into a fresh one (for a demo: move var/ away)")
        store = open_store(config.files_url, config.files_key).inner
        heads = config.var / "audit" / "heads.jsonl"
        with bar("restore") as count:
            restore(
                folder,
                restore_with=tool(config, "pg_restore"),
                owner_url=owner,
                role=OWNER,
                store=store,
                heads=heads,
                say=print,
                count=count,
            )
        keep_transactions_growing(owner)
        run_migrations(owner)
    except BackupError as error:
        raise CommandError(str(error)) from error
    finally:
        if server is not None:
            server.stop()


def keep_transactions_growing(owner_url: str) -> None:
    """Raise the offset of transaction numbers above all that stand in any city's log: a fresh server counts from the start."""
    highest = 0
    with psycopg.connect(owner_url) as owner:
        for (city,) in owner.execute("SELECT id FROM cities_city").fetchall():
            owner.execute("SELECT set_config('honrai.city', %s, true)", [str(city)])
            row = owner.execute(
                "SELECT greatest((SELECT max(to_transaction) FROM events_seal), (SELECT max(transaction) FROM events_logentry))"
            ).fetchone()
            highest = max(highest, (row and row[0]) or 0)
        owner.execute('UPDATE events_epoch SET "offset" = greatest("offset", %s) + 1', [highest])


def _has_tables(owner_url: str) -> bool:
    with psycopg.connect(owner_url) as owner:
        row = owner.execute("SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')").fetchone()
    return bool(row and row[0])
