"""A small town with こども医療費 published and a desk for 支援措置, shared by the tests of contact."""

import pytest

from honrai.contact import testing


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    """A city with one procedure and its people; inside one transaction."""
    return testing.town(city, tmp_path, monkeypatch)
