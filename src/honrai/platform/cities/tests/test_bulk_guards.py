"""Tables of bulk data: what a foreign key would prove is proved per statement, and cannot be got round."""

import psycopg
import pytest
from conftest import CITY_A, CITY_B
from django.db import IntegrityError, connection, transaction

from honrai.exchange.models import Load, Record
from honrai.platform.cities.guards import city_models
from honrai.platform.cities.models import BulkCityModel
from honrai.platform.cities.tenancy import in_city

_INSERT = """INSERT INTO exchange_record (city_id, load_id, source, key, change, content)
    SELECT %s, unnest(%s::bigint[]), 's', 'k', 'new', ''"""


def load():
    return Load.objects.create(
        layout="x", source="s", full=True, as_of="2026-04-01", file=1, sha256="0", state="previewed",
        uploaded_at="2026-04-01T09:00+09:00",
    )  # fmt: skip


def insert(loads, city=CITY_A):
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [city, loads])


def test_rows_point_to_what_is_there_one_wrong_row_among_many_stops_the_statement(city):
    real = load().pk
    insert([real] * 50)
    with pytest.raises(IntegrityError, match="points to nothing"), transaction.atomic():
        insert([real] * 50 + [real + 1000])
    assert Record.objects.count() == 50


def test_rows_do_not_point_into_another_city(db):
    with in_city(CITY_B):
        foreign = load().pk
    with in_city(CITY_A), pytest.raises(IntegrityError, match="points to nothing"), transaction.atomic():
        insert([foreign])


def test_what_is_pointed_at_stays_and_the_pointer_never_moves(city):
    first, second = load(), Load.objects.create(
        layout="y", source="s", full=True, as_of="2026-04-01", file=1, sha256="1", state="previewed",
        uploaded_at="2026-04-01T09:00+09:00",
    )  # fmt: skip
    insert([first.pk])
    for wrong in (
        f"DELETE FROM exchange_load WHERE id = {first.pk}",
        f"UPDATE exchange_load SET id = id + 1000 WHERE id = {first.pk}",
        f"UPDATE exchange_record SET load_id = {second.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wrong)
    Record.objects.get().save()  # writes every column, changes none
    first.save()
    Record.objects.all().delete()
    Load.objects.all().delete()


def test_a_city_that_does_not_exist_takes_no_rows(city):
    tables = [model._meta.db_table for model in city_models() if issubclass(model, BulkCityModel)]
    assert len(tables) >= 4
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT set_config('honrai.city', '999', true)")
            with pytest.raises(IntegrityError, match="no such city"), transaction.atomic():
                cursor.execute(f'INSERT INTO "{table}" (city_id) VALUES (999)')


def test_removing_a_load_waits_for_rows_being_written(committed, test_server, test_database):
    with in_city(CITY_A):
        key = load().pk
    url = test_server.url("honrai_app", test_database)
    with psycopg.connect(url) as writer, psycopg.connect(url) as remover:
        for each in (writer, remover):
            each.execute("SELECT set_config('honrai.city', %s, true)", [str(CITY_A)])
        writer.execute(_INSERT, [CITY_A, [key]])
        remover.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            remover.execute("DELETE FROM exchange_load WHERE id = %s", [key])
