"""A city's casework for `benchmarks.casework`: one case by the real operations, the others like it through the real tables.

COPY into a temporary table of residents, then INSERT..SELECT; 5 % open, each with its tasks and log entries. A folder given to
`made` is kept, so that one may mend and measure again without generating.
"""

import datetime as dt
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

OPEN_EACH = 20
EVENTS = 6


def made(folder: Path, cases: int, residents: int) -> tuple[Any, Any]:
    """Return the running server and the people of the town in a folder, generated where the folder is new."""
    new = not (folder / "people").exists()
    server = _server(folder)
    if new:
        people = _town(folder)
        started = time.perf_counter()
        _generate(folder, cases, residents)
        print(f"generated {cases:,} cases in {time.perf_counter() - started:.0f} s", flush=True)
        (folder / "people").write_bytes(pickle.dumps(people))
    people = pickle.loads((folder / "people").read_bytes())
    return server, people


def _server(folder: Path) -> Any:
    import psycopg

    from benchmarks.exchange import MIGRATE, ROOT
    from honrai.platform.db.postgres import Server
    from honrai.platform.db.prepare import owner_url, prepare_embedded
    from honrai.platform.db.roles import APP

    server = Server(folder / "pg")
    prepare_embedded(server, "bench")
    environment = {
        "HONRAI_VAR": str(folder),
        "HONRAI_DATABASE_URL_NOW": owner_url(server, "bench"),
        "DJANGO_SETTINGS_MODULE": "honrai.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", MIGRATE], env=os.environ | environment, check=True)
    with psycopg.connect(owner_url(server, "bench")) as owner:
        owner.execute(
            "INSERT INTO cities_city (id, code, name, settings) VALUES (1, '999993', '本来市', '{}') ON CONFLICT DO NOTHING"
        )
        for host in ("a.test", "localhost"):
            owner.execute("INSERT INTO cities_cityhost (host, city_id) VALUES (%s, 1) ON CONFLICT DO NOTHING", [host])
    os.environ |= environment | {"HONRAI_DATABASE_URL_NOW": server.url(APP, "bench")}
    import django

    django.setup()
    return server


def _town(folder: Path) -> Any:
    import pytest
    from django.db import connection

    from honrai.cases import api as cases
    from honrai.cases.testing import open_one, town
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import START

    with in_city(1):
        people = town(1, folder / "files", pytest.MonkeyPatch())
        cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=START)
        open_one(1)
    connection.close()
    return people


def _generate(folder: Path, cases: int, residents: int) -> None:
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
    _settle(folder)


def _settle(folder: Path) -> None:
    """Let the tables look as after a night's vacuum."""
    import psycopg

    from honrai.platform.db.postgres import Server
    from honrai.platform.db.prepare import owner_url

    with psycopg.connect(owner_url(Server(folder / "pg"), "bench"), autocommit=True) as owner:
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
        "key": "'t' || k" if done else "t.key",
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
