"""Entries that go out in four ways, and the proof by the next day's extract."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from openpyxl import load_workbook

from honrai.exchange import api
from honrai.exchange.models import Entry
from honrai.exchange.testing import Shelf, bound, load_records, take_back
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.api import Kind, system_actor
from honrai.platform.errors import Conflict, Denied, Invalid
from honrai.platform.events.api import SYSTEM
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore

NOW = datetime(2026, 4, 15, 16, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
LAYOUT, LEDGER = "child-medical-entry", "child-medical-ledger"
ACTOR = system_actor(1, NOW.date())


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)
    with bound("parties.ledgers", Shelf()):
        yield


def child(number, **more):
    return {
        "recipient_no": f"{number:07}", "person_no": f"{1000000000 + number}", "name": "髙橋　𠮷子", "birth": "2026-04-02",
        "since": "2026-04-02", "until": "2045-03-31", "insurer_no": "01430016",
    } | more  # fmt: skip


def put(number, **more):
    values = child(number, **more)
    return api.put_out(layout=LAYOUT, reference=f"case/{number}", values=values, who=SYSTEM, now=NOW, case=number)


def ledger(children, days=0):
    rows = [{"state": "有効"} | values for values in children]
    return load_records(LEDGER, rows, as_of=NOW.date() + timedelta(days), actor=ACTOR, now=NOW + timedelta(days, 1))


def states():
    return dict(Entry.objects.values_list("case", "state"))


def test_the_same_reference_is_one_entry(city):
    assert put(1) == put(1)
    assert LogEntry.objects.filter(name="exchange.entry_written").count() == 1


def test_what_the_core_system_could_not_take_is_refused_at_once_by_field(city):
    with pytest.raises(Invalid, match="受給者番号: 7桁ではありません"):
        put(1, recipient_no="12")
    with pytest.raises(Invalid, match="氏名: 要同定の文字があります"):
        put(1, name="\U00030000")


def test_the_bulk_file_is_the_layouts_and_states_move(city):
    keys = [put(1), put(2)]
    done = api.hand_over(layout=LAYOUT, way="bulk", entries=keys, actor=ACTOR, now=NOW)
    content = files.fetch(done.file, who=SYSTEM, now=NOW)[1]
    assert [len(line) for line in content.split(b"\r\n")] == [107, 107, 0]
    assert content.startswith("100000011000000001髙橋　吉子".encode("cp932"))
    assert set(states().values()) == {"handed_over"}
    with pytest.raises(Conflict, match="引渡し済み"):
        api.hand_over(layout=LAYOUT, way="bulk", entries=keys, actor=ACTOR, now=NOW)


def test_the_robots_sheet_and_the_form_hold_the_fields_in_the_screens_order(city):
    sheet = api.hand_over(layout=LAYOUT, way="sheet", entries=[put(1)], actor=ACTOR, now=NOW)
    rows = list(load_workbook(BytesIO(files.fetch(sheet.file, who=SYSTEM, now=NOW)[1])).active.values)
    assert rows[1][:3] == ("処理区分", "受給者番号", "宛名番号")
    assert rows[2] == ("1", "0000001", "1000000001", "髙橋　吉子", "5080402", "5080402", "5270331", "01430016")
    form = api.hand_over(layout=LAYOUT, way="form", entries=[put(2)], actor=ACTOR, now=NOW)
    text = pypdfium2.PdfDocument(files.fetch(form.file, who=SYSTEM, now=NOW)[1])[0].get_textpage().get_text_range()
    assert "受給者番号" in text
    assert "0000002" in text


def test_the_copy_screen_shows_the_fields_in_order_and_is_recorded(city):
    key = put(1)
    contractor = Actor(city=city, kind=Kind.CONTRACTOR, day=NOW.date(), contract=7)
    cells = api.cells_of(key, contract=7, actor=contractor, now=NOW)
    assert cells[1] == ("受給者番号", "0000001")
    assert LogEntry.objects.filter(name="exchange.entry_read", case_id=1).count() == 1
    with pytest.raises(Denied, match="契約"):
        api.cells_of(key, contract=8, actor=contractor, now=NOW)
    with pytest.raises(Denied, match="データ連携"):
        api.hand_over(layout=LAYOUT, way="copy", entries=[key], actor=contractor, now=NOW)


def test_the_next_extract_proves_what_landed_and_finds_what_did_not(city):
    for number in (1, 2, 3, 4):
        put(number)
    going = list(Entry.objects.filter(case__lte=3).values_list("id", flat=True))
    api.hand_over(layout=LAYOUT, way="bulk", entries=going, actor=ACTOR, now=NOW)
    load = ledger([child(1), child(2, until="2035-03-31")])
    assert states() == {1: "landed", 2: "missing", 3: "missing", 4: "written"}
    assert Entry.objects.get(case=2).differences == [{"field": "until", "ours": "2045-03-31", "theirs": "2035-03-31"}]
    assert Entry.objects.get(case=3).differences == [{"field": "", "ours": "0000003", "theirs": ""}]
    assert LogEntry.objects.filter(name="exchange.entry_landed", case_id=1).count() == 1
    assert LogEntry.objects.get(name="exchange.entry_missing", case_id=2).data["fields"] == ["until"]
    take_back(load, actor=ACTOR, now=NOW)
    assert states() == {1: "handed_over", 2: "handed_over", 3: "handed_over", 4: "written"}


def test_a_missing_entry_is_handed_over_again_and_lands(city):
    api.hand_over(layout=LAYOUT, way="copy", entries=[put(1)], actor=ACTOR, now=NOW)
    ledger([child(9)])
    assert states() == {1: "missing"}
    keys = list(Entry.objects.values_list("id", flat=True))
    api.hand_over(layout=LAYOUT, way="bulk", entries=keys, actor=ACTOR, now=NOW + timedelta(1))
    ledger([child(9), child(1)], days=1)
    assert states() == {1: "landed"}


def test_an_extract_of_the_day_before_proves_nothing(city):
    api.hand_over(layout=LAYOUT, way="copy", entries=[put(1)], actor=ACTOR, now=NOW)
    ledger([child(9)], days=-1)
    assert states() == {1: "handed_over"}


def test_a_removal_has_landed_when_the_record_is_gone(city):
    ledger([child(1), child(2)], days=-1)
    api.hand_over(
        layout=LAYOUT, way="bulk", entries=[put(1, change="gone"), put(2, change="gone")], actor=ACTOR, now=NOW
    )
    ledger([child(2)])
    assert states() == {1: "landed", 2: "missing"}


def test_a_number_merged_meanwhile_is_the_same_person(city):
    api.hand_over(layout=LAYOUT, way="bulk", entries=[put(1)], actor=ACTOR, now=NOW)
    merge = {"change": "put", "old_no": "1000000001", "new_no": "1000000777", "merged_on": "2026-04-15"}
    load_records("person-merges", [merge], as_of=date(2026, 4, 15), actor=ACTOR, now=NOW)
    ledger([child(1, person_no="1000000777")])
    assert states() == {1: "landed"}


def test_an_entry_is_withdrawn_before_it_goes_never_after(city):
    first, second = put(1), put(2)
    api.withdraw(first, actor=ACTOR, now=NOW)
    api.hand_over(layout=LAYOUT, way="copy", entries=[second], actor=ACTOR, now=NOW)
    with pytest.raises(Conflict, match="取消しの登録"):
        api.withdraw(second, actor=ACTOR, now=NOW)
    assert states() == {1: "withdrawn", 2: "handed_over"}
