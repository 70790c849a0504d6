"""Time the judging of a yearly renewal: `python -m benchmarks renewal` or `python -m benchmarks.renewal 100000`.

Everybody is judged by the tables of the pack of 重度心身障がい者医療費 on columns, with reasons, and a sample by one case.
Not in it: loading the file, reading the roll from PostgreSQL, writing the results, drawing up the documents.
"""

import datetime as dt
import random
import resource
import sys
import time
from pathlib import Path

import polars as pl

from honrai.procedures.rules.columns import propose_all
from honrai.procedures.rules.reading import read_folder

PACK = Path(__file__).resolve().parents[1] / "packs" / "judo-iryo"
BASIS = dt.date(2026, 8, 1)


def rows(count: int) -> pl.DataFrame:
    """Return made-up recipients with every fact of the pack; the same ones for the same number."""
    draw = random.Random(20260801)

    def each(made):  # type: ignore[no-untyped-def]
        return [made() for _ in range(count)]

    return pl.DataFrame(
        {
            "application.kind": each(lambda: "更新"),
            "person.born": each(lambda: dt.date(1930, 1, 1) + dt.timedelta(days=draw.randrange(34_000))),
            "handbook.physical": each(lambda: draw.choice(["1級", "1級", "2級", "3級"])),
            "handbook.review": each(lambda: draw.choice([None, dt.date(2026, 1, 1), dt.date(2028, 1, 1)])),
            "handbook_register.found": each(lambda: True),
            "resident.city": each(lambda: draw.random() < 0.99),
            "resident.protected": each(lambda: draw.random() < 0.01),
            "welfare.receiving": each(lambda: draw.random() < 0.03),
            "insurance.status": each(lambda: draw.choice(["加入"] * 20 + ["確認できない"])),
            "income.declared": each(lambda: draw.random() < 0.98),
            "income.total": each(lambda: draw.choice([None, *(draw.randrange(6_000_000) for _ in range(20))])),
            "income.dependants": each(lambda: draw.randrange(4)),
            "supporter.exists": each(lambda: draw.random() < 0.7),
            "supporter.total": each(lambda: draw.randrange(9_000_000)),
            "supporter.dependants": each(lambda: draw.randrange(4)),
            "recipient.active": each(lambda: True),
        }
    )


def main() -> None:
    """Judge and print seconds, ways, people compared, greatest memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    pack, people = read_folder(PACK).unwrap(), rows(count)
    started = time.perf_counter()
    roll = propose_all(pack, people, BASIS)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{count:,} judged in {seconds:.1f} s; {len(roll.ways)} ways; {roll.compared} also one by one, all equal; {memory} MiB"
    )


if __name__ == "__main__":
    main()
