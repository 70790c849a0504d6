"""Every table is city data under row-level security, or stands on the reviewed list."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from honrai.platform.cities.cityless import CITYLESS
from honrai.platform.cities.guards import city_models
from honrai.platform.cities.models import CityForeignKey, CityModel

pytestmark = pytest.mark.django_db


def _rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_every_table_is_guarded_or_reviewed():
    guarded = dict(
        _rows(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS "
            "(SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname"
            " AND p.qual LIKE '%honrai.city%' AND p.with_check LIKE '%honrai.city%')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
    )
    unguarded = {table for table, safe in guarded.items() if not safe}
    assert unguarded <= set(CITYLESS), f"no row security on {sorted(unguarded - set(CITYLESS))}"
    with_city = {
        row[0]
        for row in _rows(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'city_id' AND table_schema = 'public'"
        )
    }
    assert not (with_city - {"cities_cityhost"}) & unguarded


def test_every_reviewed_table_exists_and_says_why():
    existing = {row[0] for row in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert set(CITYLESS) <= existing
    assert all(len(entry.reason) > 10 for entry in CITYLESS.values())


def test_references_between_city_tables_carry_the_city():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in city_models()
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey)
        and not isinstance(field, CityForeignKey)
        and issubclass(field.related_model, CityModel)
    ]
    assert not wrong, f"use CityForeignKey: {wrong}"


def test_uniqueness_starts_with_the_city():
    wrong = []
    for model in city_models():
        wrong += [f"{model.__name__}.{f.name}" for f in model._meta.local_fields if f.unique and not f.primary_key]
        for constraint in model._meta.total_unique_constraints:
            if constraint.fields[:1] != ("city",):
                wrong.append(f"{model.__name__}: {constraint.name}")
        wrong += [f"{model.__name__}: unique_together" for _ in model._meta.unique_together]
    assert not wrong


def test_the_run_time_role_owns_nothing():
    assert _rows("SELECT tablename FROM pg_tables WHERE tableowner = 'honrai_app'") == []


def test_no_model_hides_from_the_guards():
    assert {m._meta.db_table for m in apps.get_models() if m._meta.managed} <= (
        {m._meta.db_table for m in city_models()} | set(CITYLESS)
    )
