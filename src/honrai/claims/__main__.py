"""`python -m honrai.claims generate 20000 FOLDER`: made-up claims with known truth."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from honrai.claims.generator.drawing import draw
from honrai.claims.generator.writing import write_ledger, write_list_file, write_truth, write_uke_file


def main(arguments: list[str]) -> int:
    """Write a claim file, a list, the ledger and the truth into a folder."""
    parser = argparse.ArgumentParser(prog="python -m honrai.claims", description="Made-up claims with known truth.")
    parser.add_argument("what", choices=["generate"])
    parser.add_argument("number", type=int, help="how many claims")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--month", default="2026-10", help="month in which they are claimed (default 2026-10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defects", type=float, default=0.03, help="share with a planted defect (default 0.03)")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    month = datetime.strptime(given.month, "%Y-%m").date()  # noqa: DTZ007  (a month has no zone)
    drawn = draw(given.number, month=month, seed=given.seed, defects=given.defects)
    receipts = write_uke_file(drawn, given.folder / "claims.UKE")
    rows = write_list_file(drawn, given.folder / "claims.csv")
    write_truth(drawn, given.folder / "truth.csv")
    write_ledger(drawn, given.folder)
    sys.stdout.write(
        f"claims.UKE: {receipts:,} receipts; claims.csv: {rows:,} rows; truth.csv, recipients.csv, institutions.csv\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
