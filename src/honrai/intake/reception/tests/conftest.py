"""A small city with こども医療費 and 就学援助 published."""

import pytest

from honrai.cases import api as cases
from honrai.cases import testing
from honrai.platform.organisations.testing import NOW, START
from honrai.procedures import api as procedures


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    people = testing.town(city, tmp_path, monkeypatch)
    files = procedures.files_of_folder(testing.PACKS / "shugaku-enjo")
    procedures.publish(files=files, actor=people.head, now=NOW)
    for code in ("kodomo-iryo", "shugaku-enjo"):
        cases.set_route(procedure=code, unit=people.unit, contract=people.contract, since=START)
    return people
