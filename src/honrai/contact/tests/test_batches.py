"""From the issued letter to the post: queue, batch in postcode order, pulling, spoiling, handing over, printing again."""

import pypdfium2
import pytest

from honrai.cases.testing import VALUES
from honrai.contact import api as contact
from honrai.contact.models import Batch, BatchLine, HandOver, Item, ItemState, Reprint
from honrai.contact.permissions import sendable_items, visible_items
from honrai.contact.testing import issued
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.rules import content_hash
from honrai.platform.organisations.testing import NOW

FAR = VALUES | {
    "child.name": "海野 葉",
    "child.kana": "ウミノ ヨウ",
    "guardian.name": "海野 三郎",
    "guardian.postcode": "810-0001",
    "guardian.address": "福岡市中央区天神1丁目8-1",
}


@pytest.fixture
def plain(town):
    """Two cases with notices (and cards left aside) that wait, the farther postcode issued last."""
    items = [one for values in (VALUES, FAR) for one in issued(town, values) if not one.stock]
    return town, items


def _batch(people, items, **more):
    given = {"code": "naga3-window", "duplex": True, "actor": people.clerk, "now": NOW} | more
    return contact.make_batch(items=[one.pk for one in items], **given)


def _content(file, actor):
    return files.fetch(file, who=actor.who, now=NOW)[1]


def test_an_issued_letter_waits_where_its_case_belongs(plain):
    town, items = plain
    assert {one.state for one in items} == {ItemState.WAITING}
    assert set(visible_items(town.clerk).values_list("pk", flat=True)) >= {one.pk for one in items}
    assert set(sendable_items(town.operator).values_list("pk", flat=True)) >= {one.pk for one in items}
    assert not visible_items(town.personnel).exists()
    assert LogEntry.objects.filter(name="contact.item_queued", case_id=items[0].case).exists()


def test_a_batch_is_one_file_in_postcode_order_every_letter_on_a_front(plain):
    town, items = plain
    made = _batch(town, items, actor=town.operator)
    batch = Batch.objects.get(pk=made.batch)
    lines = list(BatchLine.objects.filter(batch=batch).order_by("piece", "first_page"))
    assert [line.to_postcode for line in lines] == sorted(line.to_postcode for line in lines)
    assert lines[0].to_postcode == "810-0001"
    assert {line.first_page % 2 for line in lines} == {1}
    document = pypdfium2.PdfDocument(_content(batch.file, town.clerk))
    assert len(document) == batch.pages
    for line in lines:
        text = document[line.first_page - 1].get_textpage().get_text_range()
        assert line.to_name.replace(" ", "") in text.replace(" ", "").replace("　", "")
    assert batch.sha256 == content_hash(_content(batch.file, town.clerk))
    index = pypdfium2.PdfDocument(_content(batch.index, town.clerk))[0].get_textpage().get_text_range()
    assert "810-0001" in index
    totals = pypdfium2.PdfDocument(_content(batch.sheet, town.clerk))[0].get_textpage().get_text_range()
    assert "定形 50gまで" in totals
    assert batch.pieces == 2
    assert LogEntry.objects.get(name="contact.batch_made").data["items"] == len(items)


def test_what_is_batched_cannot_be_batched_again_and_strangers_print_nothing(plain):
    town, items = plain
    with pytest.raises(Denied):
        _batch(town, items, actor=town.personnel)
    with pytest.raises(Invalid):
        _batch(town, items, code="no-such")
    _batch(town, items)
    with pytest.raises(Conflict, match="発送待ちでない"):
        _batch(town, items)


def test_items_are_printed_plus_pulled_plus_spoiled_and_nothing_leaves_after_the_post_has_it(plain):
    town, items = plain
    batch = _batch(town, items).batch
    before = Batch.objects.values().get(pk=batch)
    lines = list(BatchLine.objects.filter(batch=batch).order_by("pk"))
    with pytest.raises(Invalid, match="理由"):
        contact.remove(lines[0].pk, what="pulled", reason=" ", actor=town.clerk, now=NOW)
    contact.remove(lines[0].pk, what="pulled", reason="宛先の誤り", actor=town.clerk, now=NOW)
    with pytest.raises(Conflict, match="すでに"):
        contact.remove(lines[0].pk, what="spoiled", reason="汚れ", actor=town.clerk, now=NOW)
    done = contact.hand_over(batch, office="本来中央郵便局", actor=town.operator, now=NOW)
    assert (done.printed, done.pulled, done.spoiled) == (len(lines) - 1, 1, 0)
    assert done.printed + done.pulled + done.spoiled == before["items"]
    with pytest.raises(Conflict, match="差出し済み"):
        contact.remove(lines[1].pk, what="pulled", reason="差し替え", actor=town.clerk, now=NOW)
    with pytest.raises(Conflict, match="すでに"):
        contact.hand_over(batch, office="本来中央郵便局", actor=town.clerk, now=NOW)
    assert Item.objects.get(pk=lines[0].item_id).state == ItemState.PULLED
    assert Item.objects.get(pk=lines[1].item_id).state == ItemState.SENT
    assert Batch.objects.values().get(pk=batch) == before
    assert HandOver.objects.count() == 1
    assert {"contact.item_removed", "contact.batch_handed_over"} <= set(LogEntry.objects.values_list("name", flat=True))


def test_a_spoiled_letter_waits_again(plain):
    town, items = plain
    batch = _batch(town, items).batch
    line = BatchLine.objects.filter(batch=batch).first()
    contact.remove(line.pk, what="spoiled", reason="紙づまり", actor=town.operator, now=NOW)
    again = _batch(town, [line.item])
    assert again.batch != batch
    assert line.item.lines.count() == 2


def test_a_batch_is_written_once_also_for_the_database(plain):
    from django.db import ProgrammingError, transaction

    town, items = plain
    batch = _batch(town, items).batch
    with pytest.raises(ProgrammingError), transaction.atomic():
        Batch.objects.filter(pk=batch).update(items=0)


def test_a_reprint_says_why_and_stands_in_the_log(plain):
    town, items = plain
    with pytest.raises(Conflict, match="まだ印刷"):
        contact.reprint(items[0].pk, reason="紛失", actor=town.clerk, now=NOW)
    _batch(town, items)
    with pytest.raises(Invalid):
        contact.reprint(items[0].pk, reason="", actor=town.clerk, now=NOW)
    with pytest.raises(Denied):
        contact.reprint(items[0].pk, reason="紛失", actor=town.personnel, now=NOW)
    file = contact.reprint(items[0].pk, reason="郵便事故", actor=town.clerk, now=NOW)
    assert Reprint.objects.get().file == file
    assert LogEntry.objects.get(name="contact.reprinted").data["item"] == items[0].pk


def test_another_address_gets_an_address_sheet_and_keeps_the_letter_as_issued(plain):
    town, items = plain
    one = items[0]
    with pytest.raises(Denied):
        contact.readdress(
            one.pk,
            name="本来 太郎",
            postcode="8600002",
            address="本来市東区1-2",
            reason="転居",
            actor=town.operator,
            now=NOW,
        )
    with pytest.raises(Invalid):
        contact.readdress(
            one.pk, name="本来 太郎", postcode="86", address="本来市東区1-2", reason="転居", actor=town.clerk, now=NOW
        )
    assert contact.readdress(
        one.pk,
        name="本来 太郎",
        postcode="8600002",
        address="本来市東区新町5-6",
        reason="転居先を本人に確認",
        actor=town.clerk,
        now=NOW,
    )
    batch = Batch.objects.get(pk=_batch(town, [one], duplex=False).batch)
    assert batch.pages == one.pages + 1
    first = pypdfium2.PdfDocument(_content(batch.file, town.clerk))[0].get_textpage().get_text_range()
    assert "新町5-6" in first
    entry = LogEntry.objects.get(name="contact.item_readdressed")
    assert "新町" not in str(entry.data)


def test_who_applied_on_the_web_reads_it_there_and_gets_by_post_what_the_pack_says(town):
    found = {one.kind: one for one in issued(town, channel="web")}
    assert found["nintei"].state == ItemState.ONLINE
    assert (found["jukyusha-sho"].state, found["jukyusha-sho"].enclosures) == (ItemState.WAITING, ["受給者証の使い方"])
