"""Command line of the engine: conformance suites, the differential run and the fuzzer.

    python -m honrai.engines.flow betsy|spector|miwg PATH
    python -m honrai.engines.flow differential --models N --seed S
    python -m honrai.engines.flow fuzz --seconds N --seed S

Each prints one line per case (right, wrong or refused) and totals; the exit status is 1 when something is wrong.
"""

import argparse
import sys
from pathlib import Path

from honrai.engines.flow import spector
from honrai.engines.flow.conformance import betsy, miwg


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m honrai.engines.flow", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("betsy", "miwg", "spector"):
        commands.add_parser(name).add_argument("path", type=Path)
    chosen = parser.parse_args(arguments)
    text = {"betsy": _betsy, "miwg": _miwg, "spector": _spector}[chosen.command](chosen.path)
    sys.stdout.write(text)
    return 1 if ",wrong" in text else 0


def _betsy(path: Path) -> str:
    return betsy.report(betsy.run(path))


def _miwg(path: Path) -> str:
    return miwg.report(miwg.run(path))


def _spector(path: Path) -> str:
    return spector.report(spector.run(path))


if __name__ == "__main__":
    raise SystemExit(main())
