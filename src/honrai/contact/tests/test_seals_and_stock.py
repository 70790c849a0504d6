"""Seals with a custodian and a ledger; numbered stock that adds up."""

import pytest

from honrai.contact import api as contact
from honrai.contact import testing
from honrai.contact.models import BatchLine, SealUse, Stock, StockCount, StockSerial
from honrai.contact.permissions import sendable_items
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW


@pytest.fixture
def people(city, tmp_path, monkeypatch):
    return testing.town(city, tmp_path, monkeypatch, sealed=True)


def _batch(people, items, actor=None):
    return contact.make_batch(
        items=[one.pk for one in items], code="naga3-window", duplex=False, actor=actor or people.clerk, now=NOW
    )


def _ask(people, items, **more):
    given = {"purpose": "認定通知", "actor": people.clerk, "now": NOW} | more
    return contact.ask_seal(items=[one.pk for one in items], **given)


def test_a_letter_with_a_seal_goes_to_print_only_when_its_custodian_approved(people):
    testing.seal(people)
    items = [one for one in testing.issued(people) if one.sealed]
    assert [one.kind for one in items] == ["nintei"]
    with pytest.raises(Conflict, match="公印の承認がない"):
        _batch(people, items)
    with pytest.raises(Denied):
        _ask(people, items, actor=people.operator)
    request = _ask(people, items)
    with pytest.raises(Conflict):
        _ask(people, items)
    for stranger in (people.operator, people.manager, people.clerk, people.personnel):
        with pytest.raises(Denied):
            contact.decide_seal(request, approved=True, actor=stranger, now=NOW)
    with pytest.raises(Invalid, match="理由"):
        contact.decide_seal(request, approved=False, actor=people.head, now=NOW)
    contact.decide_seal(request, approved=True, actor=people.head, now=NOW)
    with pytest.raises(Conflict):
        contact.decide_seal(request, approved=True, actor=people.head, now=NOW)
    assert not sendable_items(people.operator).filter(sealed=True).exists()
    with pytest.raises(Denied, match="公印"):
        _batch(people, items, people.operator)
    _batch(people, items)
    use = SealUse.objects.get()
    assert (use.day, use.number, use.copies) == (people.day, items[0].number, 1)
    assert (use.printed_by, use.approved_by) == (people.clerk.person, people.head.person)
    assert {"contact.seal_asked", "contact.seal_decided"} <= set(LogEntry.objects.values_list("name", flat=True))


def test_a_custodian_cannot_approve_their_own_request(people):
    testing.seal(people, custodian="clerk1")
    request = _ask(people, [one for one in testing.issued(people) if one.sealed])
    with pytest.raises(Denied, match="自分の請求"):
        contact.decide_seal(request, approved=True, actor=people.clerk, now=NOW)


def test_a_reprint_prints_the_seal_only_on_a_new_approval(people):
    testing.seal(people)
    items = [one for one in testing.issued(people) if one.sealed]
    contact.decide_seal(_ask(people, items), approved=True, actor=people.head, now=NOW)
    _batch(people, items)
    with pytest.raises(Conflict, match="公印の承認がない"):
        contact.reprint(items[0].pk, reason="郵便事故", actor=people.clerk, now=NOW)
    contact.decide_seal(_ask(people, items), approved=True, actor=people.head, now=NOW)
    contact.reprint(items[0].pk, reason="郵便事故", actor=people.clerk, now=NOW)
    assert SealUse.objects.count() == 2


def test_a_refused_request_may_be_asked_again_and_only_the_charged_register_seals(people):
    with pytest.raises(Conflict, match="登録されていません"):
        _ask(people, [one for one in testing.issued(people) if one.sealed])
    with pytest.raises(Denied):
        contact.register_seal(
            name="x", authority="市長", image=testing.impression(), width=testing.Decimal(20), custodian=1,
            since=people.day, source="x", actor=people.head, now=NOW,
        )  # fmt: skip
    with pytest.raises(Invalid, match="印影"):
        contact.register_seal(
            name="x", authority="市長", image=b"GIF8", width=testing.Decimal(20), custodian=1, since=people.day,
            source="x", actor=people.personnel, now=NOW,
        )  # fmt: skip


def _stock(people, first=1, last=10, **more):
    given = {"code": "jukyusha-sho", "actor": people.clerk, "now": NOW} | more
    return contact.receive_stock(first=first, last=last, **given)


def test_a_certificate_takes_the_next_number_and_the_stock_adds_up(people):
    cards = [one for one in testing.issued(people) if one.stock]
    with pytest.raises(Conflict, match="残っていません"):
        _batch(people, cards)
    for wrong in ((0, 5), (6, 5), (1, 12345678)):
        with pytest.raises(Invalid):
            _stock(people, *wrong)
    with pytest.raises(Denied):
        _stock(people, actor=people.operator)
    _stock(people)
    with pytest.raises(Invalid, match="重なって"):
        _stock(people, 10, 20)
    mark = {"code": "jukyusha-sho", "actor": people.clerk, "now": NOW}
    contact.mark_serial(serial=1, what="spoiled", reason="インクのにじみ", **mark)
    contact.mark_serial(serial=10, what="returned", reason="様式の変更", **mark)
    with pytest.raises(NotFound):
        contact.mark_serial(serial=99, what="spoiled", reason="破れ", **mark)
    with pytest.raises(Conflict):
        contact.mark_serial(serial=1, what="returned", reason="破れ", **mark)
    assert not sendable_items(people.operator).exclude(stock="").exists()
    batch = _batch(people, cards).batch
    assert BatchLine.objects.get(batch=batch).serial == "0000002"
    left = contact.sum_of("jukyusha-sho", people.clerk.person)
    assert (left.received, left.used, left.spoiled, left.returned, left.left) == (10, 1, 1, 1, 7)
    assert contact.count_stock(code="jukyusha-sho", counted=7, actor=people.clerk, now=NOW) == 0
    with pytest.raises(Invalid, match="あるべき枚数は7"):
        contact.count_stock(code="jukyusha-sho", counted=6, actor=people.clerk, now=NOW)
    assert (
        contact.count_stock(code="jukyusha-sho", counted=6, note="1枚見当たらない", actor=people.clerk, now=NOW) == -1
    )
    assert StockCount.objects.count() == 2
    assert LogEntry.objects.filter(name="contact.stock_counted").order_by("-pk")[0].data["difference"] == -1
    with pytest.raises(Denied):
        contact.count_stock(code="jukyusha-sho", counted=7, actor=people.head, now=NOW)


def test_a_reissue_takes_a_new_number_and_voids_the_older(people):
    cards = [one for one in testing.issued(people) if one.stock]
    _stock(people)
    _batch(people, cards)
    with pytest.raises(Invalid, match="紛失か回収"):
        contact.reprint(cards[0].pk, reason="紛失の届出", actor=people.clerk, now=NOW)
    contact.reprint(cards[0].pk, reason="紛失の届出", voids="lost", actor=people.clerk, now=NOW)
    older, newer = StockSerial.objects.order_by("serial")
    assert (older.serial, older.void, older.replaced_by) == (1, "lost", 2)
    assert (newer.serial, newer.void) == (2, "")
    assert LogEntry.objects.get(name="contact.card_reissued").data["voided"] == 1


def test_a_card_spoiled_in_the_batch_takes_another_number(people):
    cards = [one for one in testing.issued(people) if one.stock]
    _stock(people)
    line = BatchLine.objects.get(batch=_batch(people, cards).batch)
    contact.remove(line.pk, what="spoiled", reason="印字のずれ", actor=people.clerk, now=NOW)
    _batch(people, cards)
    assert list(StockSerial.objects.order_by("serial").values_list("serial", "what")) == [(1, "spoiled"), (2, "used")]
    assert Stock.objects.get().following == 3
