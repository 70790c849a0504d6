"""Who opens which screen of reception."""

import pytest
from django.test import Client

from honrai.intake import api
from honrai.intake.models import Application
from honrai.intake.reception.models import Reception
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in

TOKEN = "s" * 30
PAGES = ("person", "form", "papers", "check", "print", "slip", "done")


@pytest.fixture
def begun(town, stopped_clock):
    return api.begin(procedure="kodomo-iryo", channel="counter", token=TOKEN, actor=town.clerk, now=NOW)


@pytest.mark.parametrize("page", PAGES)
def test_a_reception_opens_to_who_began_it_only(town, begun, page):
    address = f"/intake/{begun}/{page}/"
    assert signed_in(town.clerk).get(address).status_code in (200, 302, 409)
    for other in (town.second, town.operator, town.personnel):
        assert signed_in(other).get(address).status_code == 403
    assert Client(headers={"host": "a.test"}).get(address).status_code == 302


@pytest.mark.parametrize("page", ["", "mail/", "files/", "doubles/"])
def test_the_lists_open_to_staff_and_the_contract(town, stopped_clock, page):
    for actor in (town.clerk, town.operator, town.personnel):
        assert signed_in(actor).get(f"/intake/{page}").status_code == 200
    assert Client(headers={"host": "a.test"}).get(f"/intake/{page}").status_code == 302


def test_a_double_click_begins_one_reception(town, stopped_clock):
    browser = signed_in(town.clerk)
    for _ in range(2):
        sent = browser.post("/intake/start/kodomo-iryo/", {"token": TOKEN, "channel": "counter"})
        assert sent.headers["Location"].endswith("/person/")
    assert Application.objects.count() == Reception.objects.count() == 1


def test_questions_come_and_go_without_saving_and_rows_are_added_without_a_script(town, begun):
    browser = signed_in(town.clerk)
    asked = browser.post(f"/intake/{begun}/form/", {"asks": "1", "application.kind": "新規"}).json()
    assert "application.reason" not in asked["hidden"]
    assert "application.kind" not in Application.objects.get().values
    key = api.begin(procedure="shugaku-enjo", channel="counter", token="r" * 30, actor=town.clerk, now=NOW)
    browser.post(
        f"/intake/{key}/form/", {"members-rows": "2", "members-0-members.name": "本来　花子", "add": "members"}
    )
    page = browser.get(f"/intake/{key}/form/").content.decode()
    assert "本来　花子" in page
    assert "3件目" in page


def test_an_unreadable_word_may_stay_and_becomes_a_deficiency(town, begun):
    browser = signed_in(town.clerk)
    sent = {"child.name": "本来　花子", "child.born": "よめない"}
    assert "日付として読めません" in browser.post(f"/intake/{begun}/form/", sent).content.decode()
    assert browser.post(f"/intake/{begun}/form/", sent | {"anyway": "1"}).status_code == 302
    assert Application.objects.get().values["child.born"] == "よめない"
