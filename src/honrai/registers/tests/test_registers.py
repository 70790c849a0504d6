"""Registers through exchange: dated lines, undo, lookups, facts, numbers; screens and who may see them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from honrai.exchange.testing import load_records, take_back
from honrai.kernel.medical_codes import RecipientNumber
from honrai.platform.authority.api import Invalid
from honrai.platform.events.api import SYSTEM
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import DAY, NOW, small_city
from honrai.platform.signin.testing import signed_in
from honrai.registers import api
from honrai.registers.models import GivenNumber, RegisterLine
from honrai.registers.rules.kinds import Series, answers, registers

BRANCH = {"bank": "0001", "branch": "001", "bank_name": "見本銀行", "name": "本店", "kana": "ﾎﾝﾃﾝ"}
CLOSED = {"bank": "0001", "branch": "002", "name": "東支店", "kana": "ﾋｶﾞｼ", "closed": "2026-03-01", "successor": "001"}
PREMISES = {
    "premises_no": "00000001", "name": "見本ビル", "address": "東京都千代田区永田町1-7-1", "use": "(4)", "area": "2500",
    "single_stair": "false", "designated": "false", "co2": "false", "due": "2026-06-30",
}  # fmt: skip
APPLICATION = {"premises.address": "東京都千代田区永田町一丁目７番１号", "premises.name": "見本ビル"}


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    store = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: store)
    return small_city(city)


def load(people, layout, records, *, days=0):
    return load_records(layout, records, as_of=DAY + timedelta(days), actor=people.personnel, now=NOW + timedelta(days))


def test_a_line_is_ended_by_the_next_extract_and_the_past_stays_askable(people):
    load(people, "branches-full", [BRANCH, CLOSED], days=-10)
    load(people, "branches-full", [{**BRANCH, "name": "本店営業部"}], days=-2)
    assert api.line("branch", "0001-001", DAY).name == "本店営業部"
    assert api.line("branch", "0001-001", DAY - timedelta(5)).name == "本店"
    assert api.line("branch", "0001-002", DAY) is None
    assert api.line("branch", "0001-002", DAY - timedelta(5)).values["successor"] == "001"
    assert api.line("branch", "0001-001", DAY - timedelta(400)).name == "本店"


def test_taking_a_load_back_leaves_the_lines_as_before(people):
    load(people, "branches-full", [BRANCH, CLOSED], days=-2)
    before = list(RegisterLine.objects.order_by("id").values())
    second = load(people, "branches-full", [{**BRANCH, "name": "新本店"}, {**BRANCH, "branch": "009"}], days=-1)
    assert list(RegisterLine.objects.order_by("id").values()) != before
    take_back(second, actor=people.personnel, now=NOW)
    assert list(RegisterLine.objects.order_by("id").values()) == before


@pytest.mark.parametrize(
    ("branch", "told"),
    [("001", "あり"), ("002", "統廃合"), ("777", "なし"), ("", None)],
)
def test_a_branch_stands_is_closed_or_was_never_there(people, branch, told):
    load(people, "branches-full", [BRANCH, CLOSED], days=-2)
    values = {"account.bank": "0001", "account.branch": branch}
    assert api.facts(["bank.branch_status"], values, DAY, {}).get("bank.branch_status") == told


def test_premises_are_found_by_their_address_however_it_is_written(people):
    load(people, "premises-full", [PREMISES, {**PREMISES, "premises_no": "00000002", "name": "見本ビル別館"}], days=-1)
    known = api.facts(answers(), APPLICATION, DAY, {})
    assert {name: known[name] for name in ("ledger.found", "ledger.use", "ledger.area", "ledger.due")} == {
        "ledger.found": True, "ledger.use": "(4)", "ledger.area": "2500", "ledger.due": "2026-06-30",
    }  # fmt: skip
    assert api.facts(["ledger.found"], {**APPLICATION, "premises.name": "どこか"}, DAY, {}) == {"ledger.found": False}


def test_an_old_or_missing_extract_answers_nothing(people):
    assert api.facts(["ledger.found"], APPLICATION, DAY, {}) == {}
    load(people, "premises-full", [PREMISES], days=-9)
    assert api.facts(["ledger.found"], APPLICATION, DAY, {"ledger.found": 8}) == {}
    assert api.facts(["ledger.found"], APPLICATION, DAY, {"ledger.found": 9}) == {"ledger.found": True}


def test_numbers_carry_their_check_digit_and_pass_over_those_the_core_system_holds(people):
    taken = [{"recipient_no": api.series()["child-medical"].number(100001), "person_no": "1000000001",
              "since": "2026-04-01", "state": "有効"}]  # fmt: skip
    load(people, "child-medical-ledger", taken, days=-1)
    first = api.next_number(series="child-medical", reference="case/1", who=SYSTEM, now=NOW)
    again = api.next_number(series="child-medical", reference="case/1", who=SYSTEM, now=NOW)
    second = api.next_number(series="child-medical", reference="case/2", who=SYSTEM, now=NOW)
    assert (first, again) == (api.series()["child-medical"].number(100002), first)
    assert second[:6] == "100003"
    assert RecipientNumber(first).warning is None
    assert GivenNumber.objects.count() == 2
    with pytest.raises(Invalid, match="番号の種類"):
        api.next_number(series="no-such", reference="case/1", who=SYSTEM, now=NOW)


def test_a_used_up_series_says_so():
    short = Series("x", "見本番号", digits=3, first=1, taken="x")
    assert short.number(99) == "992"
    with pytest.raises(ValueError, match="使い切りました"):
        short.number(100)


def test_every_register_has_a_layout_that_fills_it():
    from honrai.exchange.api import layouts

    for one in registers().values():
        found = [layout for layout in layouts() if layout.source == one.source]
        assert found, one.code
        ids = {field.id for layout in found for field in layout.fields}
        assert {*one.columns, one.name, *filter(None, [one.kana, one.place])} <= ids


def test_screens_show_lines_and_their_past_to_staff_and_contractors(people):
    load(people, "branches-full", [BRANCH, CLOSED], days=-2)
    load(people, "branches-full", [{**BRANCH, "name": "本店営業部"}, CLOSED], days=-1)
    for actor in (people.clerk, people.operator):
        browser = signed_in(actor)
        assert "支店" in browser.get(reverse("registers:overview")).content.decode()
        listed = browser.get(reverse("registers:lines", args=["branch"]), {"q": "本店"}).content.decode()
        assert "本店営業部" in listed
        assert "東支店" not in listed
    past = browser.get(reverse("registers:history", args=["branch", "0001-001"])).content.decode()
    assert past.index("本店営業部") < past.index("の前日まで")
    assert browser.get(reverse("registers:history", args=["branch", "9999-999"])).status_code == 404
    assert browser.get("/registers/nothing/").status_code == 404
