"""A small city with こども医療費 published, two of its staff, two operators of its contractor."""

import pytest

from honrai.cases import testing
from honrai.documents import api
from honrai.platform.organisations.testing import NOW


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    return testing.town(city, tmp_path, monkeypatch)


@pytest.fixture
def bundle(town):
    return api.register(kind="bundle", count=2, arrived_on=NOW.date(), actor=town.clerk, now=NOW)
