"""Command line: `python -m honrai.engines.feel fuzz --seconds 600 --seed 1`."""

import argparse
import sys

from .fuzz import fuzz


def main() -> int:
    """Run the command; 1 when there are findings."""
    parser = argparse.ArgumentParser(prog="python -m honrai.engines.feel")
    command = parser.add_subparsers(dest="command", required=True).add_parser("fuzz", help="try texts at random")
    command.add_argument("--seconds", type=float, default=600)
    command.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tried, findings = fuzz(arguments.seconds, arguments.seed)
    for finding in findings:
        sys.stdout.write(f"{finding.what}\n  {finding.text!r}\n")
    sys.stdout.write(f"feel: {tried} texts in {arguments.seconds:.0f} s, {len(findings)} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
