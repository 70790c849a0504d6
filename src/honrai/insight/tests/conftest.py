"""A small town with こども医療費 published and worked under a contract."""

import pytest

from honrai.cases import testing


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    """A city with one procedure, its people, its facts; inside one transaction."""
    return testing.town(city, tmp_path, monkeypatch)
