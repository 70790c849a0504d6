"""The small city, the clock, and a browser at its host."""

import pytest
from django.test import Client

from honrai.platform.organisations.testing import small_city


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


@pytest.fixture
def browser():
    return Client(headers={"host": "a.test"})
