"""Command line: `python -m honrai.engines.decision tck PATH`, `... fuzz --seconds N --seed S`."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from honrai.engines.decision.fuzz import fuzz
from honrai.engines.decision.tck.runner import ERROR, run_kit, summary, to_csv


def main(arguments: list[str]) -> int:
    """Run one command; return 0 when everything held."""
    parser = argparse.ArgumentParser(prog="python -m honrai.engines.decision")
    commands = parser.add_subparsers(dest="command", required=True)
    tck = commands.add_parser("tck", help="run folders of the DMN Technology Compatibility Kit")
    tck.add_argument("path", type=Path, help="the kit, a level of it, or one test folder")
    tck.add_argument("--csv", type=Path, default=Path("tck_results.csv"), help="where to write the kit's CSV")
    search = commands.add_parser("fuzz", help="feed damaged models to the reader and everything behind it")
    search.add_argument("--seconds", type=float, default=60)
    search.add_argument("--seed", type=int, default=0)
    search.add_argument(
        "--keep", type=Path, default=Path("fuzz-findings"), help="folder for models that broke something"
    )
    given = parser.parse_args(arguments)
    return _tck(given.path, given.csv) if given.command == "tck" else _fuzz(given.seconds, given.seed, given.keep)


def _fuzz(seconds: float, seed: int, keep: Path) -> int:
    report = fuzz(seconds, seed)
    sys.stdout.write(f"{report.cases} models, {report.readable} readable, {len(report.findings)} findings\n")
    for number, (data, reason) in enumerate(report.findings):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"finding-{seed}-{number}.dmn").write_bytes(data)
        sys.stdout.write(reason + "\n")
    return 1 if report.findings else 0


def _tck(path: Path, target: Path) -> int:
    if not path.is_dir():
        sys.stderr.write(f"{path} is not a folder. Name a folder of the kit.\n")
        return 2
    lines = list(run_kit(path, dt.datetime(2024, 1, 31, 9, 30, tzinfo=dt.UTC)))
    target.write_text(to_csv(lines), encoding="utf-8")
    sys.stdout.write(summary(lines) + "\n")
    for each in lines:
        if each.result == ERROR:
            sys.stdout.write(f"FAILURE {each.folder} {each.test}: {each.detail[:300]}\n")
    return 1 if any(each.result == ERROR for each in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
