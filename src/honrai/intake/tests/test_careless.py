"""What a careless or hostile person sends to the applicants' pages is answered, never a server error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.shared_data import ROOT

from honrai.intake.models import Application, Attachment
from honrai.platform.authority.api import system_actor
from honrai.platform.organisations.testing import DAY, NOW
from honrai.procedures import api as procedures

TOKEN = "t" * 32


@pytest.fixture
def browser(city, stopped_clock):
    files = procedures.files_of_folder(ROOT / "packs" / "kodomo-iryo")
    procedures.publish(files=files, actor=system_actor(city, DAY), now=NOW)
    return Client(headers={"host": "a.test"})


@pytest.mark.parametrize("token", ["", "x", "x" * 500])
def test_a_bad_token_begins_nothing(browser, token):
    assert browser.post("/apply/start/kodomo-iryo/", {"token": token}).status_code == 422
    assert not Application.objects.exists()


def test_a_double_click_is_one_draft(browser):
    for _ in range(2):
        assert browser.post("/apply/start/kodomo-iryo/", {"token": TOKEN}).status_code == 302
    assert Application.objects.count() == 1


def test_unknown_papers_and_keys_are_told(browser):
    browser.post("/apply/start/kodomo-iryo/", {"token": TOKEN})
    file = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")
    assert "この申請にない書類" in browser.post("/apply/papers/", {"z" * 90: file}).content.decode()
    assert browser.post("/apply/papers/", {"remove": "1 OR 1"}).status_code == 302
    assert not Attachment.objects.exists()


def test_a_foreign_receipt_opens_nothing(browser):
    page = browser.post("/apply/status/", {"number": "08-000001", "secret": "' OR 1=1"}).content.decode()
    assert "違います" in page
    assert browser.get("/apply/mine/").status_code == 302
