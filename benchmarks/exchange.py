"""Time loads: `python benchmarks/exchange.py [rows] [residents]` (1,000,000 and 740,000 unless told; bound: 60 s a million rows).

A throw-away PostgreSQL with fsync on, the run-time role under row-level security. First a ledger of `rows` lines in fixed width,
then the next day's with 1 % changed, 0.1 % new and 0.1 % gone, then its undo; then all residents of a city with names and
readings made searchable, and their households.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
DAY = date(2026, 4, 14)
NOW = datetime(2026, 4, 15, 3, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
MIGRATE = "import django; django.setup(); from honrai.platform.cities.guards import migrate; migrate()"


def main() -> None:
    """Start the server, load, print seconds."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 740_000
    with tempfile.TemporaryDirectory(prefix="hx") as folder:
        os.environ["HONRAI_VAR"] = folder
        server = _server(Path(folder))
        try:
            _ledger(rows)
            if people:
                _residents(people)
        finally:
            server.stop()
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")


def _server(folder: Path):
    import psycopg

    from honrai.platform.db.postgres import Server
    from honrai.platform.db.prepare import owner_url, prepare_embedded
    from honrai.platform.db.roles import APP

    server = Server(folder / "pg")
    prepare_embedded(server, "bench")
    environment = os.environ | {
        "HONRAI_DATABASE_URL_NOW": owner_url(server, "bench"),
        "DJANGO_SETTINGS_MODULE": "honrai.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    subprocess.run([sys.executable, "-c", MIGRATE], env=environment, check=True)
    with psycopg.connect(owner_url(server, "bench")) as owner:
        owner.execute("INSERT INTO cities_city (id, code, name, settings) VALUES (1, '999993', '本来市', '{}')")
    os.environ |= environment | {"HONRAI_DATABASE_URL_NOW": server.url(APP, "bench")}
    import django

    django.setup()
    return server


def _ledger(rows: int) -> None:
    first = "".join(map(_line, range(rows))).encode("cp932", errors="replace")
    changed, new, gone = rows // 100, rows // 1000, rows // 1000
    second = "".join(
        _line(n, insurer=99 if n < changed else 1) for n in range(rows + new) if not rows - gone <= n < rows
    ).encode("cp932", errors="replace")
    print(f"ledger: {rows:,} rows of fixed width, {len(first) >> 20} MiB")
    _load("child-medical-ledger", first, 0)
    load = _load("child-medical-ledger", second, 1)
    _undo(load)


def _line(n: int, insurer: int = 1) -> str:
    name = f"山田　{chr(0x4E9C + n % 200)}子"
    name += " " * (60 - len(name.encode("cp932", errors="replace")))
    born = f"50{2 + n % 6}{1 + n % 9:02}{1 + n % 27:02}"
    return f"{n:07}{1_000_000_000 + n}{name}{born}{born}{'':7}{insurer:08}1\r\n"


def _residents(people: int) -> None:
    from honrai.site.demo.extracts import write_cp932
    from honrai.site.demo.residents import generate

    with tempfile.TemporaryDirectory() as folder:
        write_cp932(generate(people, 20260401, DAY), Path(folder))
        for name in ("households", "residents"):
            content = (Path(folder) / f"{name}.csv").read_bytes()
            print(f"{name} of a city of {people:,}, {len(content) >> 20} MiB")
            _load(f"{name}-full", content, 0)


def _load(layout: str, content: bytes, days: int) -> int:
    from honrai.exchange.models import Load
    from honrai.exchange.operations import loading, working
    from honrai.platform.authority.api import system_actor

    day, now = DAY + timedelta(days), NOW + timedelta(days)
    actor = system_actor(1, now.date())
    key = _timed(
        "  hand in", lambda: loading.receive(layout=layout, as_of=day, name="x", content=content, actor=actor, now=now)
    )
    _timed("  read and preview", lambda: working.read_load(key, now=now))
    _timed("  confirm", lambda: loading.confirm(key, confirmed=True, actor=actor, now=now))
    _timed("  deliver", lambda: working.apply_load(key, now=now))
    load = _timed("", lambda: Load.objects.get(pk=key))
    assert load.state == "applied", (load.state, load.problem)
    print(
        f"  new {load.new:,} changed {load.changed:,} gone {load.gone:,} same {load.same:,} rejected {load.rejected:,}"
    )
    return key


def _undo(load: int) -> None:
    from honrai.exchange.operations import loading, working
    from honrai.platform.authority.api import system_actor

    actor = system_actor(1, NOW.date())
    _timed("", lambda: loading.undo(load, reason="計測", actor=actor, now=NOW))
    _timed("  undo", lambda: working.undo_load(load, now=NOW))


def _timed(label: str, work: Callable[[], Any]) -> Any:
    """Do the work as the city; print wall seconds and processor seconds (ours, the database's) that it took."""
    from honrai.platform.cities.tenancy import in_city

    started, ours, theirs = time.perf_counter(), time.process_time(), _database_seconds()
    with in_city(1):
        done = work()
    if label:
        wall, ours, theirs = time.perf_counter() - started, time.process_time() - ours, _database_seconds() - theirs
        print(f"{label:20} {wall:6.1f} s   processor {ours:5.1f} + database {theirs:5.1f} s", flush=True)
    return done


def _database_seconds() -> float:
    """Return the processor seconds of the database process behind our connection (Linux)."""
    from django.db import connection

    connection.ensure_connection()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
