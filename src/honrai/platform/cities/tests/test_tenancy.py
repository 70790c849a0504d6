"""The wrapper around every transaction of a city."""

import pytest
from conftest import CITY_A, CITY_B
from django.db import connection

from honrai.platform.cities.tenancy import NoCity, OtherCity, current_city, in_city

pytestmark = pytest.mark.django_db


def _setting() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('honrai.city', true), '')")
        return cursor.fetchone()[0]


def test_the_connection_is_neither_superuser_nor_bypassing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("honrai_app", False, False)


def test_the_city_is_set_inside_and_cleared_outside():
    assert _setting() is None
    with in_city(CITY_A):
        assert _setting() == str(CITY_A)
        with in_city(CITY_A):
            assert current_city() == CITY_A
        assert _setting() == str(CITY_A)
    assert _setting() is None


def test_the_city_is_cleared_after_an_error():
    with pytest.raises(ZeroDivisionError), in_city(CITY_A):
        _ = 1 / 0
    assert _setting() is None


def test_another_city_cannot_be_entered_inside():
    with in_city(CITY_A), pytest.raises(OtherCity), in_city(CITY_B):
        pass


def test_without_a_city_there_is_no_current_one():
    with pytest.raises(NoCity):
        current_city()
