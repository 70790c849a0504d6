"""Casework at a city's size: `python benchmarks/casework.py [cases] [residents]` (1,000,000 and 740,000 unless told).

A throw-away PostgreSQL with fsync on, the run-time role under row-level security. One case of the demo's first procedure is
opened by the real operations; the others are made like it through the real tables (COPY into a temporary table of residents,
then INSERT..SELECT), 5 % open, each with its tasks and log entries. Then the speed table: a page of the work list, search,
claim and complete, a case with 200 events; through Django's handlers, signed in, without the network.
"""

import datetime as dt
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
OPEN_EACH = 20
EVENTS = 6
USERS, THINK = 16, 2.0


def main() -> None:
    """Generate, measure, print."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    residents = int(sys.argv[2]) if len(sys.argv) > 2 else 740_000
    from benchmarks.exchange import _server

    with tempfile.TemporaryDirectory(prefix="hc") as folder:
        import os

        os.environ["HONRAI_VAR"] = folder
        server = _server(Path(folder))
        try:
            people = _town(Path(folder))
            started = time.perf_counter()
            _generate(cases, residents)
            print(f"generated {cases:,} cases in {time.perf_counter() - started:.0f} s")
            _measure(people)
        finally:
            server.stop()


def _town(folder: Path) -> Any:
    import pytest
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS.append("a.test")
    import psycopg

    from honrai.cases import api as cases
    from honrai.cases.testing import open_one, town
    from honrai.platform import clock
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.db.postgres import Server
    from honrai.platform.db.prepare import owner_url
    from honrai.platform.organisations.testing import NOW, START

    with psycopg.connect(owner_url(Server(folder / "pg"), "bench")) as owner:
        owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES ('a.test', 1)")
    clock.now = lambda: NOW
    with in_city(1):
        people = town(1, folder / "files", pytest.MonkeyPatch())
        cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=START)
        open_one(1)
    connection.close()
    return people


def _generate(cases: int, residents: int) -> None:
    from django.db import connection

    from honrai.cases.models import Case, Task
    from honrai.parties.api import grams, kana_key, name_key
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.db.bulk import copy_text, make_temporary, run
    from honrai.site.demo.residents import generate

    frame = generate(residents, 20260401, dt.date(2026, 4, 1)).residents.select("name", "kana", "birth")
    with in_city(1):
        make_temporary(
            "who", [("place", "int"), ("name", "text"), ("kana", "text"), ("kana_key", "text"), ("born", "date")]
        )
        rows = enumerate(frame.iter_rows())
        copy_text(
            "who", ["place", "name", "kana", "kana_key", "born"], ((n, a, b, kana_key(b), c) for n, (a, b, c) in rows)
        )
        make_temporary("grams", [("n", "int"), ("gram", "text")])
        pieces = ((n, gram) for n, name in enumerate(frame["name"]) for gram in grams(name_key(name)))
        copy_text("grams", ["n", "gram"], pieces)
        run("CREATE INDEX ON pg_temp.who (place)")
        run("CREATE INDEX ON pg_temp.grams (n)")
        run("ANALYZE pg_temp.who")
        run("ANALYZE pg_temp.grams")
        first = Case.objects.get().pk
        run(_cases(Case, cases, residents).replace("%", "%%"))
        run(
            "INSERT INTO cases_casegram (city_id, gram, case_id) SELECT c.city_id, g.gram, c.id"
            f" FROM cases_case c JOIN pg_temp.grams g ON g.n = (c.application - 1000) %% {residents} WHERE c.id > {first}"
        )
        run(_tasks(Task, first, done=False).replace("%", "%%"))
        run(_tasks(Task, first, done=True).replace("%", "%%"))
        run(_EVENTS, {"first": first, "events": EVENTS})
    connection.close()
    _settle()


def _settle() -> None:
    """Let the tables look as after a night's vacuum."""
    import os

    import psycopg

    from honrai.platform.db.postgres import Server
    from honrai.platform.db.prepare import owner_url

    with psycopg.connect(owner_url(Server(Path(os.environ["HONRAI_VAR"]) / "pg"), "bench"), autocommit=True) as owner:
        for table in ("cases_case", "cases_casegram", "cases_task", "events_logentry"):
            owner.execute(f"VACUUM ANALYZE {table}")


def _cases(model: Any, count: int, residents: int) -> str:
    changed = {
        "number": "to_char(9 + n / 1000000, 'FM00') || '-' || lpad((n % 1000000)::text, 6, '0')",
        "application": "n + 1000",
        "name": "w.name",
        "kana": "w.kana",
        "kana_key": "w.kana_key",
        "born_on": "w.born",
        "party": "'P' || n",
        "ward": "(ARRAY['中央区','東区','西区','南区','北区'])[1 + n % 5]",
        "due_on": "c.due_on + (n % 40 - 10)",
        "opened_at": "c.opened_at - (n % 365) * interval '1 day'",
        "closed_at": f"CASE WHEN n % {OPEN_EACH} = 0 THEN NULL ELSE c.opened_at - (n % 365 - 8) * interval '1 day' END",
        "stage": f"CASE WHEN n % {OPEN_EACH} = 0 THEN c.stage ELSE '完結' END",
        "outcome": f"CASE WHEN n % {OPEN_EACH} = 0 THEN '' ELSE '認定' END",
    }
    names = [field.column for field in model._meta.local_fields if field.column != "id"]
    values = ", ".join(changed.get(name, f'c."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO cases_case ({columns}) SELECT {values} FROM cases_case c"
        f" CROSS JOIN generate_series(0, {count - 1}) n JOIN pg_temp.who w ON w.place = n % {residents}"
    )


def _tasks(model: Any, first: int, *, done: bool) -> str:
    """Open cases wait at their first step; closed ones went through three."""
    changed = {
        "case_id": "c.id",
        "key": "'t' || k",
        "node": "(ARRAY['receive_check','second_check','draft'])[k]",
        "title": "(ARRAY['受付・形式審査','第二審査','起案'])[k]",
        "ward": "c.ward",
        "due_on": "c.due_on",
        "urgent_on": "c.due_on",
        "opened_at": "c.opened_at + (k - 1) * interval '2 days'",
    }
    if done:
        changed |= {
            "state": "'done'",
            "started_at": "c.opened_at + (k - 1) * interval '2 days' + (c.id % 30) * interval '1 hour'",
            "done_at": "c.opened_at + (k - 1) * interval '2 days' + (c.id % 30) * interval '1 hour 20 minutes'",
        }
    names = [field.column for field in model._meta.local_fields if field.column != "id"]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO cases_task ({columns}) SELECT {values} FROM cases_task t, cases_case c,"
        f" generate_series(1, {3 if done else 1}) k WHERE t.case_id = {first} AND c.id > {first}"
        f" AND c.closed_at IS {'NOT ' if done else ''}NULL"
    )


_EVENTS = """
    INSERT INTO events_logentry (city_id, at, name, who_kind, place, subject_kind, subject_id, case_id, data, digest)
    SELECT city_id, opened_at + k * interval '1 hour', 'cases.task_claimed', 'system', '', 'case', id, id, '{}',
        decode(md5(''), 'hex')
    FROM cases_case, generate_series(1, %(events)s) k WHERE id > %(first)s
"""


def _measure(people: Any) -> None:
    from django.db import connection

    from honrai.cases import api as cases
    from honrai.cases.models import Case, Task
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.api import record
    from honrai.platform.organisations.testing import NOW
    from honrai.platform.signin.testing import signed_in

    browser = signed_in(people.operator)
    with in_city(1):
        some = list(Case.objects.filter(closed_at=None).order_by("pk").values_list("pk", "number", "kana")[100:300])
        old = some[0][0]
        for _ in range(200):
            record("cases.read", who=people.clerk.who, now=NOW, subject=("case", old), case=old)
    _print("work list page, 1 user", _times(60, lambda n: browser.get("/desk/work/")))
    _print("work list page 20, ward filter", _times(40, lambda n: browser.get("/desk/work/?ward=東区&page=20")))
    _print(f"work list page, {USERS} users, {THINK:g} s think time", _together(people))
    _print("search by receipt", _times(60, lambda n: browser.post("/desk/open/", {"q": some[n][1]})))
    _print(
        "search by kana", _times(40, lambda n: browser.post("/desk/open/", {"q": some[n][2][:4], "purpose": "case"}))
    )
    _print("open a case with 200 events", _times(40, lambda n: browser.get(f"/desk/case/{old}/")))
    with in_city(1):
        tasks = list(Task.objects.filter(state="open").order_by("urgent_on", "pk").values_list("pk", flat=True)[:2000])

    def claim(n: int) -> None:
        with in_city(1):
            cases.claim_next(actor=replace(people.operator, person=50_000 + n), now=NOW)

    _print("claim next", _times(200, claim))
    print(f"open tasks {len(tasks):,} at least; board and bottlenecks:")
    head = signed_in(people.head)
    _print("board of a procedure", _times(10, lambda n: head.get("/desk/board/kodomo-iryo/")))
    connection.close()


def _together(people: Any) -> list[float]:
    """Sixteen people who look at the list and think."""
    from django.db import connections

    from honrai.platform.signin.testing import signed_in

    found: list[float] = []

    def one(number: int) -> None:
        browser = signed_in(people.operator)
        time.sleep(THINK * number / USERS)
        for _ in range(8):
            started = time.perf_counter()
            browser.get("/desk/work/")
            found.append(time.perf_counter() - started)
            time.sleep(THINK)
        connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _times(count: int, act: Callable[[int], Any]) -> list[float]:
    act(0)
    found = []
    for number in range(count):
        started = time.perf_counter()
        act(number)
        found.append(time.perf_counter() - started)
    return found


def _print(what: str, seconds: list[float]) -> None:
    cut = statistics.quantiles(seconds, n=20)
    print(f"{what}: p50 {statistics.median(seconds) * 1000:.1f} ms, p95 {cut[18] * 1000:.1f} ms ({len(seconds)} times)")


if __name__ == "__main__":
    main()
