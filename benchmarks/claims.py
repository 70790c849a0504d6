"""Time claims: `python -m benchmarks claims` or `python benchmarks/claims.py [claims]` (1,000,000 unless told).

Made-up claims with known truth; first adjudication alone, beside vectorised pandas as an expert would write it, equal to the yen;
then the whole way: a claim file read, verified, adjudicated, settled and written out, into a throw-away PostgreSQL with fsync on,
as the run-time role under row-level security, by two workers.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
MONTH = date(2026, 10, 1)
NOW = datetime(2026, 10, 20, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def main() -> None:
    """Generate, compare, load; print seconds and memory."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="hc") as folder:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "honrai.claims", "generate", str(number), folder],
            check=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
        print(
            f"generated in {time.perf_counter() - started:.1f} s, {(Path(folder) / 'claims.UKE').stat().st_size >> 20} MiB"
        )
        subprocess.run([sys.executable, __file__, "compare", str(number)], check=True)
        _whole_way(Path(folder), number)


def compare(number: int) -> None:
    """Adjudicate the same rows by columns and by pandas; check that every yen is equal."""
    import polars as pl

    from benchmarks._claims_pandas import adjudicate_pandas
    from honrai.claims.columns.adjudicate import adjudicate_frame
    from honrai.claims.columns.frame import one_visit_frame
    from honrai.claims.generator.drawing import draw
    from honrai.claims.rules.settings import medical_aid

    claims = draw(number, month=MONTH, seed=1, defects=0.0).claims.drop("share", "patient", "city", "problem")
    rows = claims.with_columns(
        key=pl.int_range(pl.len()).cast(pl.String), household=pl.col("household") + "/" + pl.col("insurer"), person="number",
        institution=pl.col("prefecture") + pl.col("table") + pl.col("code"),
    )  # fmt: skip
    frame, peer = one_visit_frame(rows), rows.to_dict(as_series=False)
    started = time.perf_counter()
    ours = adjudicate_frame(medical_aid(), frame)
    took = time.perf_counter() - started
    theirs, peer_took = adjudicate_pandas(peer)
    good = ours["problem"] == ""
    for name in ("share", "high_cost", "supplement_paid", "patient", "city"):
        assert ours.filter(good)[name].to_list() == [
            value for value, so in zip(theirs[name].tolist(), good, strict=True) if so
        ], name
    print(
        f"adjudicate {number:,}: columns {took:.2f} s, pandas {peer_took:.2f} s, ratio {peer_took / took:.1f}x; equal to the yen"
    )


def _whole_way(folder: Path, number: int) -> None:
    from benchmarks.exchange import _server

    with tempfile.TemporaryDirectory(prefix="hx") as var:
        os.environ["HONRAI_VAR"] = var
        server = _server(Path(var))
        try:
            _timed_way(folder, number)
        finally:
            server.stop()


def _timed_way(folder: Path, number: int) -> None:
    from honrai.claims.models import Judgement, Judging, SourcePiece
    from honrai.claims.operations.closing import close_month, sums_of
    from honrai.claims.operations.receiving import receive
    from honrai.claims.testing import fill_registers
    from honrai.platform.authority.api import system_actor
    from honrai.platform.cities.tenancy import in_city

    actor = system_actor(1, NOW.date())
    with in_city(1):
        fill_registers(folder)
    start = time.perf_counter()
    with in_city(1), (folder / "claims.UKE").open("rb") as stream:
        key = receive(name="claims.UKE", stream=stream, month=MONTH, actor=actor, now=NOW)
    _lap("receive", start)
    with in_city(1):
        pieces = list(SourcePiece.objects.filter(file=key).values_list("pk", flat=True))
    _workers("read", pieces)
    _lap("read", start)
    with in_city(1):
        run = Judging.objects.get(file=key)
    _workers(f"judge:{run.pk}", list(range(run.parts)))
    _lap("judge", start)
    with in_city(1):
        close_month(MONTH, actor=actor, now=NOW)
        _, received, paid, refused, pending, count = sums_of(MONTH)
        assert count == Judgement.objects.count() >= number
        assert received == paid + refused + pending
    total = _lap("settle and write", start)
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + 2 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    )
    print(
        f"{count:,} claims in {total:.1f} s; received {received:,} = paid {paid:,} + refused {refused:,} + held {pending:,} yen"
    )
    print(f"memory of our processes at most {memory >> 10} MiB")


def _workers(what: str, keys: list[int]) -> None:
    """Do the work of jobs in two processes."""
    parts = [keys[worker::2] for worker in range(2)]
    running = [subprocess.Popen([sys.executable, __file__, "work", what, *map(str, part)]) for part in parts if part]
    codes = [one.wait() for one in running]
    assert not any(codes), codes


def work(what: str, keys: list[int]) -> None:
    """Be one worker: one transaction a job, as on the queue."""
    import django

    django.setup()
    from honrai.claims.operations import judging, reading
    from honrai.platform.cities.tenancy import in_city

    for key in keys:
        with in_city(1):
            if what == "read":
                reading.read(key, now=NOW)
            else:
                judging.judge(int(what.partition(":")[2]), key, now=NOW)


def _lap(label: str, start: float) -> float:
    took = time.perf_counter() - start
    print(f"  {label:18} done at {took:6.1f} s", flush=True)
    return took


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(sys.argv[2], [int(key) for key in sys.argv[3:]])
    elif sys.argv[1:2] == ["compare"]:
        compare(int(sys.argv[2]))
    else:
        main()
