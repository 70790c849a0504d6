"""The screens that keep the house running: who may open them, what they do, what they record."""

from datetime import date

import pytest
from conftest import CITY_B

from honrai.platform.cities.calendar import city_calendar, closed_days
from honrai.platform.cities.models import City
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import small_city
from honrai.platform.signin.testing import signed_in

SCREENS = ["/desk/log/", "/desk/jobs/", "/desk/calendar/"]


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("who", "status"), [("personnel", 200), ("clerk", 403), ("head", 403), ("operator", 403), ("manager", 403)]
)
def test_who_opens_which_screen(people, screen, who, status):
    assert signed_in(getattr(people, who)).get(screen).status_code == status


@pytest.mark.parametrize("screen", [*SCREENS, "/desk/", "/desk/work/", "/desk/cases/"])
def test_nobody_gets_in_without_signing_in(people, client, screen):
    assert client.get(screen, headers={"host": "a.test"}).status_code == 302


def test_the_log_is_searched_and_the_search_is_recorded(people):
    page = signed_in(people.personnel).get("/desk/log/?name=organisations.").content.decode()
    assert "organisations.account_issued" in page
    assert LogEntry.objects.filter(name="audit.searched").count() == 1


def test_the_chain_is_checked_from_the_screen(people):
    page = signed_in(people.personnel).post("/desk/log/check/").content.decode()
    assert "異常はありません" in page
    assert LogEntry.objects.filter(name="audit.verified").exists()


def test_a_closed_day_moves_the_calendar(people):
    browser = signed_in(people.personnel)
    answer = browser.post("/desk/calendar/", {"day": "R080501", "why": "開庁記念日"})
    assert answer.status_code == 302
    assert closed_days() == {"2026-05-01": "開庁記念日"}
    assert not city_calendar().is_open(date(2026, 5, 1))
    assert "2026年5月1日" in browser.get("/desk/calendar/").content.decode()
    browser.post("/desk/calendar/", {"remove": "2026-05-01"})
    assert closed_days() == {}


def test_a_wrong_day_is_told_and_kept(people):
    page = signed_in(people.personnel).post("/desk/calendar/", {"day": "080501", "why": "x"}).content.decode()
    assert "入力内容を確かめてください" in page
    assert 'value="080501"' in page


def test_a_job_of_another_city_cannot_be_retried(people):
    assert signed_in(people.personnel).post("/desk/jobs/", {"job": "1"}).status_code == 409
    assert signed_in(people.personnel).post("/desk/jobs/", {"job": "x"}).status_code == 409


def test_another_citys_settings_cannot_be_changed(people):
    assert City.objects.filter(pk=CITY_B).update(settings={"closed_days": {"2026-05-01": "x"}}) == 0
    assert City.objects.get(pk=CITY_B).settings == {}
