"""Time the made-up city: `python benchmarks/residents.py [residents]` (740,000 unless told; bound: 300 s on 2 cores)."""

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

from honrai.site.demo.extracts import write_cp932, write_parquet
from honrai.site.demo.residents import generate


def main() -> None:
    """Generate, write Parquet and CSV, print seconds and the greatest memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 740_000
    started = time.perf_counter()
    people = generate(count, 20260401, dt.date(2026, 4, 1))
    made = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write_parquet(people, Path(folder))
        parquet = time.perf_counter()
        losses = write_cp932(people, Path(folder))
        done = time.perf_counter()
    print(f"residents {people.residents.height:,}, households {people.households.height:,}")
    print(f"generate {made - started:.1f} s, Parquet {parquet - made:.1f} s, CSV CP932 {done - parquet:.1f} s")
    print(
        f"characters changed for CP932: {len(losses):,}; memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB"
    )


if __name__ == "__main__":
    main()
