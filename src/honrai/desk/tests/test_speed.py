"""What keeps lists quick: indexes serve every search under row security, a case opens in few queries, nobody waits for a claim."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import CITY_A
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.cases.testing import open_one, town
from honrai.desk.worklists import matching
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.api import record
from honrai.platform.organisations.testing import NOW, START
from honrai.platform.signin.testing import signed_in

CLIENTS = 50
TASKS = 60
MANY = 40_000
#: Of a whole page: gate, frame and content; what opens and closes the transaction is not counted.
MOST_QUERIES = 15


@pytest.fixture
def full(people, opened):
    """Forty thousand cases more, copied from a real one with other names, days and places, one task each."""
    case = opened(1)[0]
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [MANY, case])
        cursor.execute(_GRAMS, [case])
        cursor.execute(_TASKS, [case, case])
        for table in ("cases_case", "cases_casegram", "cases_task"):
            cursor.execute(f"ANALYZE {table}")
    return people


def _columns(model, leave):
    return [field.column for field in model._meta.local_fields if field.column not in leave]


def _copy(model, **changed):
    names = _columns(model, {"id"})
    return names, ", ".join(changed.get(name, name) for name in names)


_NAMES, _VALUES = _copy(
    Case,
    number="'09-' || lpad(n::text, 6, '0')",
    application="n + 1000",
    name="chr(19968 + n %% 900) || chr(20968 + n %% 700)",
    kana_key="chr(12449 + n %% 80) || chr(12449 + n %% 70) || n",
    born_on="born_on - n %% 20000",
    place_key="'町' || n %% 30000",
    closed_at="CASE WHEN n %% 20 = 0 THEN NULL ELSE opened_at - interval '99 days' END",
)
_CASES = f"INSERT INTO cases_case ({', '.join(_NAMES)}) SELECT {_VALUES} FROM cases_case, generate_series(1, %s) n WHERE id = %s"
_GRAMS = "INSERT INTO cases_casegram (city_id, gram, case_id) SELECT city_id, name, id FROM cases_case WHERE id > %s"
_TASK_NAMES = _columns(Task, {"id", "case_id", "state", "done_at"})
_TASKS = f"""INSERT INTO cases_task (case_id, state, done_at, {", ".join(_TASK_NAMES)})
    SELECT c.id, CASE WHEN c.closed_at IS NULL THEN 'open' ELSE 'done' END, c.closed_at,
    {", ".join(f"t.{name}" for name in _TASK_NAMES)}
    FROM cases_task t, cases_case c WHERE t.case_id = %s AND c.id > %s"""


@pytest.mark.slow
def test_every_search_is_served_by_an_index_under_row_security(full):
    found = {
        "cases_by_gram": cases.Sought(name="丠併"),
        "cases_by_kana": cases.Sought(kana="アイ"),
        "cases_by_birth": cases.Sought(born_on=NOW.date() - timedelta(9000)),
        "case_numbers_are_unique": cases.Sought(receipt="09-000777"),
    }
    for actor in (full.operator, full.clerk):
        for index, sought in found.items():
            plan = cases.find_cases(sought, actor, NOW)[:51].explain()
            assert index in plan, plan
            assert "Seq Scan on cases_case" not in plan, plan
            assert "Seq Scan on cases_casegram" not in plan, plan
    work = matching(full.operator, {}, NOW)
    assert "work_of_contract" in work.order_by("urgent_on", "pk")[:50].explain()
    assert "Sort" not in work.order_by("urgent_on", "pk")[:50].explain()
    assert work.count() == MANY // 20 + 1


@pytest.mark.parametrize("who", ["operator", "clerk"])
def test_an_old_case_opens_in_as_few_queries_as_a_young_one(people, opened, who):
    case = opened(1)[0]
    browser = signed_in(getattr(people, who))
    address = f"/desk/case/{case}/"
    record("cases.read", who=people.clerk.who, now=NOW, subject=("case", case), case=case)
    browser.get(address)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return [one["sql"] for one in asked if not one["sql"].startswith(("SELECT set_config", "SAVEPOINT", "RELEASE"))]

    young = queries()
    for _ in range(200):
        record("cases.read", who=people.clerk.who, now=NOW, subject=("case", case), case=case)
    old = queries()
    assert len(old) == len(young)
    assert len(old) <= MOST_QUERIES, "\n".join(old)


@pytest.mark.slow
def test_fifty_people_at_once_never_get_the_same_task(committed, tmp_path, monkeypatch, owner):
    with in_city(CITY_A):
        people = town(CITY_A, tmp_path, monkeypatch)
        cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=START)
        for number in range(1, TASKS + 1):
            open_one(number)
    actors = [replace(people.operator, person=10_000 + number) for number in range(CLIENTS)]
    start, got, wrong = threading.Barrier(CLIENTS), [], []

    def client(actor):
        from django.db import connections

        try:
            start.wait(30)
            with in_city(CITY_A):
                got.append(cases.claim_next(actor=actor, now=NOW))
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong
    assert None not in got
    assert len(set(got)) == CLIENTS
    with in_city(CITY_A):
        assert Task.objects.filter(claimed_by__isnull=False).values("claimed_by").distinct().count() == CLIENTS
