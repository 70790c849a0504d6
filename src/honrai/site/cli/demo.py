"""`honrai demo`: loads the made-up city."""

import argparse

from honrai.site.cli.main import CommandError
from honrai.site.config import read_config

HELP = "load the made-up demo city"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--once", action="store_true", help="do nothing where the demo city is there already")


def run(options: argparse.Namespace) -> int:
    """Load the demo city; production refuses."""
    config = read_config()
    if config.mode == "production":
        raise CommandError("demo data does not belong in production")
    import django

    django.setup()
    from honrai.site.demo.load import load

    load(config, once=options.once, say=print)
    return 0
