"""Made-up residents come in by the same way as real extracts."""

import pytest

from honrai.exchange.models import Load
from honrai.parties.models import Gram, Household, Resident
from honrai.platform.errors import Invalid
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import NOW
from honrai.site.demo.people import take_in_residents


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)


def test_residents_and_households_are_taken_in_through_exchange(city):
    done = take_in_residents(city, 60, now=NOW)
    assert done["residents-full"].new == Resident.objects.count() == 60
    assert done["households-full"].new == Household.objects.count()
    assert Gram.objects.exists()
    assert set(Load.objects.values_list("state", flat=True)) == {"applied"}


def test_a_smaller_city_the_next_time_is_for_a_person_to_look_at(city):
    take_in_residents(city, 60, now=NOW)
    with pytest.raises(Invalid, match="なくなります"):
        take_in_residents(city, 5, now=NOW)
    assert Resident.objects.count() == 60
