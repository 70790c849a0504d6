"""`honrai backup FILE`: database, files and audit heads into one encrypted archive."""

import argparse
import shutil
from pathlib import Path

from honrai.platform.backup.api import BackupError, backup
from honrai.platform.files.stores import open_store
from honrai.site.cli.bars import bar
from honrai.site.cli.database import backup_connection, embedded_server
from honrai.site.cli.main import CommandError
from honrai.site.config import Config, read_config

HELP = "write database, files and audit heads into one encrypted archive"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="archive to write")


def run(options: argparse.Namespace) -> int:
    """Write the archive; an embedded server must be running."""
    config = read_config()
    if not options.file.resolve().parent.is_dir():
        raise CommandError(f"there is no folder {options.file.resolve().parent}")
    try:
        with bar("backup") as count:
            backup(
                options.file.resolve(),
                key=archive_key(config),
                dump_with=tool(config, "pg_dump"),
                database_url=backup_connection(config),
                store=open_store(config.files_url, config.files_key).inner,
                heads=config.var / "audit" / "heads.jsonl",
                say=print,
                count=count,
            )
    except BackupError as error:
        raise CommandError(str(error)) from error
    print(f"{options.file} written")
    return 0


def archive_key(config: Config) -> bytes:
    """Return the key of archives: HONRAI_BACKUP_KEY, or the files key where none is set.

    Raises:
        CommandError: not 32 bytes in hex.
    """
    try:
        key = bytes.fromhex(config.backup_key or config.files_key)
    except ValueError as error:
        raise CommandError("HONRAI_BACKUP_KEY must be 64 hex digits: openssl rand -hex 32") from error
    return key


def tool(config: Config, name: str) -> Path:
    """Return the path of a PostgreSQL client tool: of the embedded server, else from the path."""
    if config.embedded:
        return embedded_server(config).tool(name)
    found = shutil.which(name)
    if found is None:
        raise CommandError(f"{name} is not installed; install the client tools of your PostgreSQL")
    return Path(found)
