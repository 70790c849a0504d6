"""Reads the command line and hands over to one command."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import psycopg
from django.db.utils import OperationalError

COMMANDS = ("run", "serve", "worker", "migrate", "demo", "check-config", "doctor", "audit", "backup", "restore")


class CommandError(Exception):
    """The command cannot run; the message says what is wrong and how to mend it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honrai.site.settings")
    parser = argparse.ArgumentParser(prog="honrai", description="Runs a city's integrated processing centre.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name: import_module(f"honrai.site.cli.{name.replace('-', '_')}") for name in COMMANDS}
    for name, module in modules.items():
        module.arguments(commands.add_parser(name, help=module.HELP, description=module.HELP))
    options = parser.parse_args(arguments)
    try:
        return int(modules[options.command].run(options))
    except CommandError as error:
        print(f"honrai {options.command}: {error}", file=sys.stderr)
        return 2
    except (OperationalError, psycopg.OperationalError) as error:
        print(f"honrai {options.command}: the database does not answer; see `honrai doctor`\n{error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"honrai {options.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
