"""Command line of the engine: conformance suites, the differential run and the fuzzer.

    python -m honrai.engines.flow betsy|spector|miwg PATH
    python -m honrai.engines.flow differential --models 10000 --seed 0
    python -m honrai.engines.flow fuzz --seconds 600 --seed 0

The suites print one line per case (right, wrong or refused) and totals. The exit status is 1 when something is wrong.
"""

import argparse
import sys
import warnings
from pathlib import Path

from honrai.engines.flow import spector
from honrai.engines.flow.conformance import betsy, differential, fuzz, miwg


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m honrai.engines.flow", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("betsy", "miwg", "spector"):
        commands.add_parser(name).add_argument("path", type=Path)
    playing = commands.add_parser("differential")
    playing.add_argument("--models", type=int, default=10_000)
    fuzzing = commands.add_parser("fuzz")
    fuzzing.add_argument("--seconds", type=float, default=600)
    for one in (playing, fuzzing):
        one.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.command == "differential":
        return _differential(chosen.models, chosen.seed)
    if chosen.command == "fuzz":
        report = fuzz.run(chosen.seconds, chosen.seed)
        sys.stdout.write(str(report))
        return 1 if report.findings else 0
    text = {"betsy": _betsy, "miwg": _miwg, "spector": _spector}[chosen.command](chosen.path)
    sys.stdout.write(text)
    return 1 if ",wrong" in text else 0


def _betsy(path: Path) -> str:
    return betsy.report(betsy.run(path))


def _miwg(path: Path) -> str:
    return miwg.report(miwg.run(path))


def _spector(path: Path) -> str:
    return spector.report(spector.run(path))


def _differential(models: int, seed: int) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's own
        found = differential.run(models, seed)
    for one in found:
        sys.stdout.write(f"seed {one.seed}: after {' '.join(one.done)}: here {one.ours}, there {one.theirs}\n")
    sys.stdout.write(f"# {models} models from seed {seed}: {len(found)} differences\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
