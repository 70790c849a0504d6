"""`honrai migrate`: brings the tables to the state of this release."""

import argparse

from honrai.site.cli.database import owner_connection, run_migrations, start_embedded
from honrai.site.config import read_config

HELP = "migrate the database as the owner role and put every table under guard"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options (none)."""


def run(options: argparse.Namespace) -> int:
    """Migrate; the embedded server is started for it and left as it was."""
    config = read_config()
    server = None
    if config.embedded:
        from honrai.site.cli.database import embedded_server

        was_running = embedded_server(config).running()
        server = start_embedded(config)
    try:
        run_migrations(owner_connection(config))
        print("the database is up to date and every table is guarded")
    finally:
        if server is not None and not was_running:
            server.stop()
    return 0
