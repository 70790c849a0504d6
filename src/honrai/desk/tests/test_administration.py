"""The screens that keep the house running: who may open them, what they do, what they record."""

import re
from datetime import date, timedelta

import pytest
from conftest import CITY_B

from honrai.cases.models import Case
from honrai.parties.models import Resident
from honrai.platform.cities.calendar import city_calendar, closed_days
from honrai.platform.cities.models import City
from honrai.platform.events.api import record
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api as organisations
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
    page = signed_in(people.personnel).get("/desk/log/?word=利用者を発行").content.decode()
    assert "利用者を発行しました" in page
    assert "organisations.account_issued" not in page
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


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("word=住民を開", 1),
        ("word=parties.", 2),
        ("case=08-000001", 1),
        ("case=08-999999", 0),
        ("actor=S-clerk1", 1),
        ("actor=A-003", 1),
        ("actor=職員 clerk1", 1),
        ("actor=受託", 0),
        ("resident=0000001", 2),
        ("resident=9", 0),
        ("since=R080416&until=R080416", 2),
        ("since=R080417", 1),
        ("until=x", 0),
    ],
)
def test_the_log_is_found_by_case_person_actor_and_period(people, asked, rows):
    case = Case.objects.create(
        number="08-000001", version=1, procedure="x", title="x", application=1, unit=people.unit, channel="web",
        received_on=people.day, name="本来 花子", stage="審査", due_on=people.day, opened_at=people.now,
    )  # fmt: skip
    row = Resident.objects.create(number="0000001", household_number="1", name="本来 花子", born_on=people.day)
    later = people.now + timedelta(days=1)
    record("parties.person_read", who=people.clerk.who, now=later, subject=("resident", row.pk), case=case.pk)
    data = {"residents": [row.pk]}
    record("parties.searched", who=people.operator.who, now=later, subject=("search", 1), data=data)
    record("jobs.retried", who=people.personnel.who, now=later + timedelta(days=1), subject=("job", 1))
    page = signed_in(people.personnel).get(f"/desk/log/?{asked}").content.decode()
    found = re.search(r"記録　全(\d+)件", page)
    assert (int(found[1]) if found else 0) == rows


def test_the_log_leaves_the_house_only_by_those_who_may(people):
    office = signed_in(people.personnel)
    assert office.get("/desk/log/export/?word=利用者").status_code == 403
    assert "持ち出す" not in office.get("/desk/log/").content.decode()
    organisations.lay_charge(
        actor=people.personnel, now=people.now, post=people.posts["personnel"], charge="export", since=people.day
    )
    assert "持ち出す" in office.get("/desk/log/").content.decode()
    assert office.get("/desk/log/export/?word=利用者を発行").status_code == 200
    assert LogEntry.objects.get(name="audit.exported").data["word"] == "利用者を発行"
    assert signed_in(people.clerk).get("/desk/log/export/").status_code == 403


def test_a_check_of_the_chain_says_what_it_covers(people):
    page = signed_in(people.personnel).post("/desk/log/check/").content.decode()
    assert "封印</dt><dd>0個" in page
    assert "範囲の外" in page
