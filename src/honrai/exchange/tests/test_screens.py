"""The screens of exchange as a browser sees them, and who is turned away."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from honrai.exchange import api
from honrai.exchange.models import Entry, Load
from honrai.exchange.operations import working
from honrai.exchange.queries import layout_of
from honrai.exchange.rules.writing import write_file
from honrai.exchange.testing import Shelf, bound, load_records
from honrai.platform.events.api import SYSTEM
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import NOW, small_city
from honrai.platform.signin.testing import signed_in

DAY = date(2026, 4, 14)
HOME = {"household_no": "2000000001", "head_no": "1000000001", "address": "本町1-1", "size": "2"}


@pytest.fixture(autouse=True)
def quiet(tmp_path, monkeypatch, stopped_clock):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)
    with bound("parties.households", Shelf()), bound("parties.ledgers", Shelf()):
        yield


@pytest.fixture
def people(city):
    return small_city(city)


def upload(browser, content, **more):
    given = {"layout": "households-full", "as_of": "R080414", "file": SimpleUploadedFile("世帯.csv", content)} | more
    return browser.post(reverse("exchange:new"), given)


def test_a_load_from_upload_over_preview_and_rejects_to_undo(people):
    browser = signed_in(people.personnel)
    bad = write_file([HOME], layout_of("households-full", DAY)).content.replace(b"\r\n20", b"\r\nxx,=1+1\r\n20", 1)
    assert upload(browser, bad).status_code == 302
    load = Load.objects.get()
    page = reverse("exchange:load", args=[load.pk])
    assert "読込み中です" in browser.get(page).content.decode()
    working.read_load(load.pk, now=NOW)
    text = browser.get(page).content.decode()
    assert "取り込むとこうなります" in text
    assert "項目の数が違います" in text
    assert "行全体" in browser.get(reverse("exchange:rejects", args=[load.pk])).content.decode("utf-8-sig")
    refused = browser.post(reverse("exchange:confirm", args=[load.pk]))
    assert refused.status_code == 422
    assert browser.post(reverse("exchange:confirm", args=[load.pk]), {"confirmed": "on"}).status_code == 302
    working.apply_load(load.pk, now=NOW)
    assert "取込みを取り消す" in browser.get(page).content.decode()
    browser.post(reverse("exchange:undo", args=[load.pk]), {"reason": "別の市のファイル"})
    working.undo_load(load.pk, now=NOW)
    text = browser.get(page).content.decode()
    assert "別の市のファイル" in text
    assert "世帯（全件）" in browser.get(reverse("exchange:loads")).content.decode()


def test_a_wrong_day_is_told_in_the_form(people):
    answer = upload(signed_in(people.personnel), b"x", as_of="R990101")
    assert answer.status_code == 422
    assert "先の日付" in answer.content.decode()


def test_outgoing_entries_are_copied_handed_over_and_seen_to_land(people):
    browser = signed_in(people.personnel)
    values = {
        "recipient_no": "0000001", "person_no": "1000000001", "name": "山田　花子", "birth": "2026-04-02", "since": "2026-04-02",
    }  # fmt: skip
    keys = [
        api.put_out(
            layout="child-medical-entry", reference=f"case/{n}", who=SYSTEM, now=NOW,
            values=values | {"recipient_no": f"000000{n}"},
        )
        for n in (1, 2)
    ]  # fmt: skip
    text = browser.get(reverse("exchange:entry", args=[keys[0]])).content.decode()
    assert 'data-copy="5080402"' in text
    assert browser.post(reverse("exchange:entry", args=[keys[0]])).status_code == 302
    done = browser.post(reverse("exchange:entries"), {"layout": "child-medical-entry", "way": "bulk"})
    assert done.status_code == 302
    batch = Entry.objects.get(pk=keys[1]).batch_id
    assert browser.get(reverse("exchange:batch_file", args=[batch])).content.startswith(b"10000002")
    ledger = [values | {"until": "", "insurer_no": "", "state": "有効"}]
    load_records(
        "child-medical-ledger", ledger, as_of=NOW.date(), actor=people.personnel, now=NOW + timedelta(hours=12)
    )
    text = browser.get(reverse("exchange:entries")).content.decode()
    assert "反映済み" in text
    assert "（ありません）" in browser.get(reverse("exchange:entry", args=[keys[1]])).content.decode()


def test_nobody_without_the_charge_comes_in(people):
    for actor in (people.clerk, people.operator):
        browser = signed_in(actor)
        for name in ("exchange:loads", "exchange:new", "exchange:entries"):
            assert browser.get(reverse(name)).status_code == 403
        assert "データ連携" not in browser.get(reverse("parties:people")).content.decode()
