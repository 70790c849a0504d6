"""`honrai worker`: runs jobs."""

import argparse

import django

from honrai.site.cli.main import CommandError
from honrai.site.config import read_config
from honrai.site.fitness import problems

HELP = "run jobs: deliveries, mail, sealing the log, mass work"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default 2)")
    parser.add_argument("--until-empty", action="store_true", help="stop when no job is waiting")


def run(options: argparse.Namespace) -> int:
    """Run jobs until told to stop."""
    found = problems(read_config())
    if found:
        raise CommandError("unfit for production, see `honrai doctor`:\n" + "\n".join(f"- {p.wrong}" for p in found))
    django.setup()
    _run(options.concurrency, wait=not options.until_empty)
    return 0


def drain() -> None:
    """Run the waiting jobs in this process until none is left; for the demo, with Django set up."""
    _run(1, wait=False)


def _run(concurrency: int, *, wait: bool) -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        worker_app.run_worker(concurrency=concurrency, wait=wait, install_signal_handlers=wait, delete_jobs="never")
