"""A small town with many open cases, made through the real operations."""

import itertools

import pytest

from honrai.cases import api as cases
from honrai.cases.testing import open_one, town
from honrai.platform.organisations.testing import START


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    made = town(city, tmp_path, monkeypatch)
    cases.set_route(procedure="kodomo-iryo", unit=made.unit, contract=made.contract, since=START)
    return made


@pytest.fixture
def opened(people):
    """Open so many cases: `opened(3)` returns their keys."""
    numbers = itertools.count(1)
    return lambda count: [open_one(next(numbers)) for _ in range(count)]
