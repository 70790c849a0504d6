"""Double click, a lost answer, the back button, two tabs, a refused page, a session that ends: one application, nothing lost."""

import pytest
from django.test import Client

from honrai.cases import testing
from honrai.cases.models import Case
from honrai.intake import api
from honrai.intake.models import Application
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures

TOKEN = "t" * 32


@pytest.fixture
def browser(city, stopped_clock, tmp_path, monkeypatch):
    testing.town(city, tmp_path, monkeypatch)
    return Client(headers={"host": "a.test"})


def _begun(browser, token=TOKEN) -> Application:
    browser.post("/apply/start/kodomo-iryo/", {"token": token})
    return Application.objects.get(token=token)


def _filled(browser) -> Application:
    row = _begun(browser)
    api.save(application=row.pk, values=testing.VALUES, now=NOW)
    return row


def test_sent_twice_is_one_case_and_the_receipt_is_shown_again(browser):
    _filled(browser)
    for _ in range(2):
        assert browser.post("/apply/check/", {"email": ""}).headers["Location"] == "/apply/done/"
    first, second = (browser.get("/apply/done/").content.decode() for _ in range(2))
    number = Application.objects.get().number
    assert Case.objects.count() == 1
    assert number in first
    assert first.count("figure mono") == second.count("figure mono") == 2


def test_an_answer_lost_on_the_way_loses_neither_the_number_nor_the_secret(browser):
    row = _filled(browser)
    lost = Client(headers={"host": "a.test"})
    lost.cookies["honrai_draft"] = TOKEN  # the browser never saw the answer: no new cookie, no session
    lost.post("/apply/check/")
    row.refresh_from_db()
    page = browser.get("/apply/check/", follow=True).content.decode()
    assert row.number in page
    secret = page.partition("照会番号</dt><dd>")[2].partition("</span>")[0].rpartition(">")[2]
    assert api.find_by_receipt(row.number, secret).pk == row.pk


@pytest.mark.parametrize("address", ["/apply/step/0/", "/apply/papers/", "/apply/check/"])
def test_going_back_after_sending_shows_the_receipt_and_changes_nothing(browser, address):
    _filled(browser)
    browser.post("/apply/check/")
    before = Application.objects.get().values
    assert browser.post(address, {"application.kind": "喪失"}).headers["Location"] == "/apply/done/"
    assert Application.objects.get().values == before


def test_two_tabs_of_one_draft_are_one_application(browser):
    row = _filled(browser)
    other = Client(headers={"host": "a.test"})
    other.cookies["honrai_draft"] = TOKEN
    other.post("/apply/step/0/", {"application.kind": "変更"})
    row.refresh_from_db()
    assert row.values["application.kind"] == "変更"
    assert row.values["child.name"] == testing.VALUES["child.name"]
    for tab in (browser, other):
        tab.post("/apply/check/")
    assert Application.objects.count() == 1


def test_a_refused_page_keeps_what_was_typed_even_in_a_new_session(browser):
    _begun(browser)
    fields = [one.id for one in procedures.runnable(Application.objects.get().version).pack.form.sections[1].fields]
    assert "child.born" in fields
    sent = {"child.name": "本来　花子", "child.born_1": "3", "child.born_2": "2", "child.born_3": "31x"}
    page = browser.post("/apply/step/1/", sent).content.decode()
    assert "入力内容を確かめてください" in page
    again = Client(headers={"host": "a.test"})
    again.cookies["honrai_draft"] = TOKEN
    page = again.get("/apply/step/1/").content.decode()
    assert "本来　花子" in page
    assert 'value="31x"' in page


def test_the_receipt_is_not_shown_for_ever_to_the_next_person_at_the_terminal(browser, monkeypatch):
    from datetime import timedelta

    _filled(browser)
    browser.post("/apply/check/")
    Application.objects.update(submitted_at=NOW - timedelta(hours=2))
    assert browser.get("/apply/done/").headers["Location"] == "/apply/status/"


@pytest.mark.parametrize(
    ("code", "address"),
    [("860-0801", "熊本県熊本市中央区安政町"), ("８６０８６０１", "熊本県熊本市中央区"), ("000-0000", ""), ("x", "")],
)
def test_a_postcode_gives_the_address_as_far_as_the_town(browser, code, address):
    assert browser.get("/apply/postcode/", {"code": code}).json() == {"address": address}
