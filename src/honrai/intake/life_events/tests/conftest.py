"""A small city that offers the shipped life events."""

import pytest

from honrai.intake.life_events.tests.town import Town, settle
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore


@pytest.fixture
def town(city, tmp_path, monkeypatch, stopped_clock) -> Town:
    """City A with packs, life events and people; files are kept below a temporary folder."""
    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    return settle(city)
