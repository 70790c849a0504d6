"""Lists leave the house only by those who may, marked and recorded; above the limit only with a decision."""

from io import BytesIO

import pytest
from conftest import CITY_A
from openpyxl import load_workbook

from honrai.cases.models import Case
from honrai.platform.authority.api import Denied, system_actor
from honrai.platform.cities.models import City
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import DAY, NOW, START, small_city
from honrai.platform.privacy.exports import EXPORT, release
from honrai.platform.signin.testing import signed_in


@pytest.fixture
def people(city, stopped_clock):
    people = small_city(city)
    setup = system_actor(city, START)
    organisations.lay_charge(actor=setup, now=NOW, post=people.posts["clerk1"], charge=EXPORT, since=START)
    for number in range(3):
        Case.objects.create(
            number=f"08-{number:06}",
            version=1,
            procedure="x",
            title="こども医療費",
            application=number,
            unit=people.unit,
            channel="web",
            received_on=DAY,
            name="=1+1" if number == 0 else f"本来 {number}",
            stage="受付",
            due_on=DAY,
            opened_at=NOW,
        )
    return people


def test_the_list_leaves_marked_and_recorded(people):
    browser = signed_in(people.clerk)
    assert "持ち出す" in browser.get("/desk/cases/").content.decode()
    answer = browser.get("/desk/cases/export/?q=08-00000")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert "取扱注意" in rows[0][0]
    assert len(rows) == 2 + 3
    assert "'=1+1" in {row[2] for row in rows[2:]}
    assert LogEntry.objects.get(name="privacy.exported").data["rows"] == 3


@pytest.mark.parametrize("who", ["second", "head", "operator", "manager"])
def test_nobody_else_takes_it_out(people, who):
    browser = signed_in(getattr(people, who))
    assert "持ち出す" not in browser.get("/desk/cases/").content.decode()
    assert browser.get("/desk/cases/export/").status_code == 403
    assert not LogEntry.objects.filter(name="privacy.exported").exists()


def test_above_the_limit_a_decision_is_needed(people):
    City.objects.filter(pk=CITY_A).update(settings={"export_limit": 2})
    assert signed_in(people.clerk).get("/desk/cases/export/").status_code == 403
    clerk = organisations.actor_of_person(people.clerk.person, CITY_A, DAY)
    with pytest.raises(Denied, match="決裁"):
        release(actor=clerk, what="案件", rows=3, now=NOW)
    assert "案件 3件" in release(actor=clerk, what="案件", rows=3, decision="R8総行第1号", now=NOW)
