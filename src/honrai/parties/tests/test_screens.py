"""The search for a person as a browser sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from honrai.exchange.testing import load_records
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import DAY, NOW, small_city
from honrai.platform.signin.testing import signed_in


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)
    made = small_city(city)
    day = DAY - timedelta(1)
    person = {
        "person_no": "1000000001", "household_no": "2000000001", "name": "髙橋　花子",
        "kana": "タカハシ　ハナコ", "birth": "2020-05-01",
    }  # fmt: skip
    home = {
        "household_no": "2000000001",
        "head_no": "1000000001",
        "address": "東京都千代田区永田町1-7-1",
        "protected": "true",
    }
    load_records("residents-full", [person], as_of=day, actor=made.personnel, now=NOW)
    load_records("households-full", [home], as_of=day, actor=made.personnel, now=NOW)
    return made


def test_a_clerk_finds_a_protected_person_and_learns_no_address(people):
    browser = signed_in(people.clerk)
    page = reverse("parties:people")
    assert "検索の目的" in browser.get(page).content.decode()
    missing = browser.post(page, {"kana": "タカ", "purpose": ""})
    assert missing.status_code == 422
    found = browser.post(page, {"kana": "タカ", "purpose": "case"}).content.decode()
    assert "髙橋　花子" in found
    assert "支援措置のため表示できません" in found
    shown = browser.post(reverse("desk:person"), {"number": "1000000001"}).content.decode()
    assert "支援措置の対象です" in shown
    assert "永田町" not in found + shown


def test_an_operator_without_a_case_finds_nobody(people):
    browser = signed_in(people.operator)
    assert (
        "見つかりません"
        in browser.post(reverse("parties:people"), {"kana": "タカ", "purpose": "case"}).content.decode()
    )
    assert browser.post(reverse("desk:person"), {"number": "1000000001"}).status_code == 404
