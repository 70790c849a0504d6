"""`honrai serve`: the web server."""

import argparse
import os
import shutil
from pathlib import Path

from honrai.site.cli.main import CommandError
from honrai.site.config import read_config
from honrai.site.fitness import problems

HELP = "serve the web pages (granian, WSGI)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--threads", type=int, default=4, help="threads a process (default 4)")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop; production refuses an unfit configuration."""
    config = read_config()
    found = problems(config)
    if found:
        raise CommandError("unfit for production, see `honrai doctor`:\n" + "\n".join(f"- {p.wrong}" for p in found))
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _fresh(config.var / "metrics")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honrai.site.settings")
    Granian(
        "honrai.site.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        respawn_failed_workers=True,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
    return 0


def _fresh(folder: Path) -> str:
    """Empty the folder in which the web processes count what `/metrics` shows; they find it by the environment."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)
