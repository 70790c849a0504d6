"""Random cities, tables and verbs, by ORM and raw SQL, by jobs and pages: never one row of another city is read or written."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import CITY_A, CITY_B
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honrai.platform.cities.guards import city_models
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.organisations.testing import small_city

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
EXAMPLES = 5_000 if os.environ.get("HONRAI_SOAK") else 250
CITIES = (CITY_A, CITY_B)
VERBS = ("read", "count", "update", "delete", "steal", "insert", "join")


@pytest.fixture
def two_cities(db):
    for city in CITIES:
        with in_city(city):
            small_city(city, tag=f"c{city}-")
            record("test.written", who=SYSTEM, now=NOW, subject=("case", city))


def _census(owner_sees: dict[str, int]) -> dict[str, int]:
    """Rows of each table and city, counted city by city."""
    for city in CITIES:
        with in_city(city), connection.cursor() as cursor:
            for model in city_models():
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                owner_sees[f"{model._meta.db_table}/{city}"] = cursor.fetchone()[0]
    return owner_sees


def _attempt(verb: str, table: str, foreign: int, row: int) -> list[tuple]:
    """Try one act against the other city; return what came back."""
    with connection.cursor() as cursor:
        match verb:
            case "read":
                cursor.execute(f'SELECT * FROM "{table}" WHERE city_id = %s', [foreign])
            case "count":
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE city_id <> nullif(current_setting(%s, true), %s)::bigint',
                    ["honrai.city", ""],
                )
            case "update":
                cursor.execute(f'UPDATE "{table}" SET city_id = city_id WHERE city_id = %s RETURNING 1', [foreign])
            case "delete":
                cursor.execute(f'DELETE FROM "{table}" WHERE city_id = %s RETURNING 1', [foreign])
            case "steal":
                cursor.execute(f'UPDATE "{table}" SET city_id = %s RETURNING 1', [foreign])
            case "insert":
                cursor.execute(f'INSERT INTO "{table}" (city_id) VALUES (%s) RETURNING 1', [foreign])
            case "join":
                cursor.execute(
                    f'SELECT 1 FROM cities_city c JOIN "{table}" t ON t.city_id = c.id WHERE c.id = %s AND t.id = %s',
                    [foreign, row],
                )
        return cursor.fetchall()


def test_no_foreign_row_by_any_verb(two_cities):
    tables = [model._meta.db_table for model in city_models()]
    before = _census({})
    tried = {"attempts": 0}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.sampled_from(CITIES), st.sampled_from(tables), st.sampled_from(VERBS), st.integers(1, 50))
    def attack(city, table, verb, row):
        foreign = CITY_B if city == CITY_A else CITY_A
        tried["attempts"] += 1
        with in_city(city):
            try:
                with transaction.atomic():
                    found = _attempt(verb, table, foreign, row)
            except DatabaseError:
                return  # refused: by a policy, a grant or a missing column
            assert found == [], f"{verb} on {table} as city {city} reached {len(found)} rows of city {foreign}"

    attack()
    assert _census({}) == before
    assert tried["attempts"] >= EXAMPLES


@pytest.mark.parametrize("model", city_models(), ids=lambda model: model._meta.label)
def test_the_orm_sees_one_city(two_cities, model):
    for city in CITIES:
        with in_city(city):
            assert set(model._base_manager.values_list("city_id", flat=True)) <= {city}


@pytest.mark.parametrize("model", city_models(), ids=lambda model: model._meta.label)
def test_without_a_city_nothing_is_seen(two_cities, model):
    assert not model._base_manager.exists()


def test_the_setting_cannot_point_to_both(two_cities):
    with in_city(CITY_A), connection.cursor() as cursor:
        for setting in ("1,2", "1 OR true", "-1", "0"):
            try:
                with transaction.atomic():
                    cursor.execute("SELECT set_config('honrai.city', %s, true)", [setting])
                    cursor.execute("SELECT count(*) FROM organisations_person")
                    assert cursor.fetchone() == (0,)
                    raise DatabaseError
            except DatabaseError:
                continue
