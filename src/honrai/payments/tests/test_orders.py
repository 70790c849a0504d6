"""Payments on PostgreSQL: accounts by two people, payables once, orders decided, files released by another, results, screens."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from honrai.approvals import api as approvals
from honrai.exchange.testing import load_records, take_back
from honrai.payments import api
from honrai.payments.follows import decide, keep_payable
from honrai.payments.models import (
    AccountState,
    OrderLine,
    Payable,
    PayableState,
    PayeeAccount,
    PaymentFile,
    PaymentOrder,
)
from honrai.payments.rules.accounts import why_suspicious
from honrai.platform.authority.api import Conflict, Denied, Invalid, Rank, set_level, system_actor
from honrai.platform.cities.models import City
from honrai.platform.events.api import SYSTEM, Announced
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.models import PostCharge
from honrai.platform.organisations.testing import DAY, NOW, START, small_city
from honrai.platform.signin.testing import signed_in

ANSWERS = {"bank": "0001", "branch": "001", "kind": "普通", "number": "1234567", "holder": "ホンライ　タロウ"}
YUCHO = {"bank": "9900", "yucho_symbol": "10530", "yucho_number": "12345671", "holder": "ホンライ　タロウ"}
PAYEE = api.Payee("1000000001", "本来 太郎", "ホンライ タロウ")
BANKS = [{"bank": "0001", "name": "見本銀行", "kana": "ﾐﾎﾝ"}, {"bank": "9900", "name": "ゆうちょ銀行", "kana": "ﾕｳﾁﾖ"}]
BRANCHES = [
    {"bank": "0001", "branch": "001", "name": "本店", "kana": "ﾎﾝﾃﾝ"},
    {"bank": "9900", "branch": "058", "name": "〇五八", "kana": "ｾﾞﾛｺﾞﾊﾁ"},
]
PAYER = {
    "originator": "0123456789", "originator_name": "ﾎﾝﾗｲｼ", "bank": "0001", "branch": "001", "account_kind": "1",
    "account": "0000001",
}  # fmt: skip
PAY_ON = DAY + timedelta(10)


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    store = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: store)
    made = small_city(city)
    setup = system_actor(city, DAY)
    set_level(actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=DAY, source="x")
    PostCharge.objects.create(post_id=made.posts["head"], charge=api.ACCOUNTING, period=(START, None))
    PostCharge.objects.create(post_id=made.posts["personnel"], charge=api.ACCOUNTING, period=(START, None))
    City.objects.filter(pk=city).update(settings={"payer_account": PAYER})
    load_records("banks-full", BANKS, as_of=DAY, actor=made.personnel, now=NOW)
    load_records("branches-full", BRANCHES, as_of=DAY, actor=made.personnel, now=NOW)
    again = {
        name: organisations.actor_of_person(getattr(made, name).person, city, DAY) for name in ("head", "personnel")
    }
    return type("People", (), {**{f: getattr(made, f) for f in made.__slots__}, **again})


def enter(people, payee=PAYEE, answers=ANSWERS, actor=None):
    return api.enter_account(payee, answers, actor=actor or people.clerk, now=NOW)


def release(people, account, **more):
    api.release_account(account, actor=more.pop("actor", people.second), now=more.pop("now", NOW), **more)


def payable(people, number=1, amount=12_000, party=PAYEE.party):
    return api.NewPayable(
        f"claims/{number}", party, "本来 太郎", amount, "医療費の支払", "03-01", people.unit, DAY, "kodomo-iryo"
    )


def approved(people):
    order = api.draft_order(heading="03-01", pay_on=PAY_ON, actor=people.clerk, now=NOW)
    document = PaymentOrder.objects.get(pk=order).document
    approvals.approve(document=document, actor=people.head, now=NOW)
    told("approvals.decided", decide)
    return order


def told(name, follow):
    for entry in LogEntry.objects.filter(name=name).order_by("pk"):
        follow(Announced(entry.pk, entry.name, entry.data, entry.at, SYSTEM, ("x", None), entry.case_id))


def test_an_account_is_used_only_after_another_official_released_it(people):
    account = enter(people)
    assert PayeeAccount.objects.get().holder == "ﾎﾝﾗｲ ﾀﾛｳ"
    with pytest.raises(Denied, match="自分が登録した"):
        api.release_account(account, actor=people.clerk, now=NOW)
    with pytest.raises(Denied, match="職員だけ"):
        api.release_account(account, actor=people.operator, now=NOW)
    release(people, account)
    row = PayeeAccount.objects.get()
    assert (row.state, row.since, row.released_by) == ("released", DAY, people.second.person)
    with pytest.raises(Conflict):
        release(people, account)
    assert LogEntry.objects.filter(name="payments.account_released").count() == 1


def test_the_database_itself_keeps_the_two_people_apart(people):
    enter(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeeAccount.objects.update(released_by=people.clerk.person)


def test_a_yucho_account_is_turned_into_one_for_transfers(people):
    enter(people, answers=YUCHO)
    row = PayeeAccount.objects.get()
    assert (row.bank, row.branch, row.kind, row.number, row.findings) == ("9900", "058", "1", "1234567", [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"bank": "0002"}, "bank-unknown"),
        ({"branch": "777"}, "branch-unknown"),
        ({"holder": "ホンライ　ジロウ"}, "holder-differs"),
        ({"holder": "本来太郎"}, "holder-letters"),
    ],
)
def test_what_a_person_must_look_at_is_found_and_needs_a_reason(people, changed, code):
    account = enter(people, answers={**ANSWERS, **changed})
    assert code in [one["code"] for one in PayeeAccount.objects.get().findings]
    with pytest.raises(Invalid, match="どう確かめたか"):
        release(people, account)
    release(people, account, reason="通帳の写しで確かめた")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"last_change": None, "has_payables": True, "others": 0}, ""),
        ({"last_change": DAY - timedelta(60), "has_payables": False, "others": 0}, "60日前"),
        ({"last_change": DAY - timedelta(61), "has_payables": False, "others": 0}, ""),
        ({"last_change": DAY - timedelta(400), "has_payables": True, "others": 0}, "支払が決まったあと"),
        ({"last_change": None, "has_payables": False, "others": 2}, "2人と同じ"),
    ],
)
def test_a_change_shortly_before_money_goes_out_is_suspicious(given, said):
    found = why_suspicious(today=DAY, **given)
    assert said in found
    assert bool(found) is bool(said)


def test_a_second_change_ends_the_first_account_and_is_shown(people):
    release(people, enter(people))
    second = enter(people, answers={**ANSWERS, "number": "7654321"})
    row = PayeeAccount.objects.get(pk=second)
    assert "口座が変わっています" in row.suspicious
    release(people, second, reason="本人に電話で確かめた")
    assert list(PayeeAccount.objects.order_by("pk").values_list("state", flat=True)) == ["ended", "released"]
    assert enter(people, answers={**ANSWERS, "number": "7654321"}) == second


def test_payables_come_in_by_copy_once_and_find_their_account(people):
    release(people, enter(people))
    given = [payable(people, n) for n in range(500)] + [payable(people, 900, party="nobody")]
    assert api.take_payables(given, who=SYSTEM, now=NOW) == 501
    assert api.take_payables(given, who=SYSTEM, now=NOW) == 0
    assert api.totals()["支払待ち"] == (500, 6_000_000)
    assert api.totals()["口座待ち"] == (1, 12_000)
    with pytest.raises(Invalid, match="0円以下"):
        api.take_payables([payable(people, 901, amount=0)], who=SYSTEM, now=NOW)


def test_an_order_goes_through_decision_file_and_release_by_another(people):
    release(people, enter(people))
    api.take_payables([payable(people, 1), payable(people, 2, amount=345)], who=SYSTEM, now=NOW)
    order = api.draft_order(heading="03-01", pay_on=PAY_ON, actor=people.clerk, now=NOW)
    with pytest.raises(Conflict, match="決裁のあと"):
        api.make_file(order, kind="finance", actor=people.clerk, now=NOW)
    document = PaymentOrder.objects.get().document
    with pytest.raises(Denied):
        approvals.approve(document=document, actor=people.clerk, now=NOW)
    approvals.approve(document=document, actor=people.head, now=NOW)
    told("approvals.decided", decide)
    made = api.make_file(order, kind="finance", actor=people.clerk, now=NOW)
    for wrong, why in ((people.clerk, "自分が作った"), (people.operator, "職員だけ")):
        with pytest.raises(Denied, match=why):
            api.release_file(made, actor=wrong, now=NOW)
    with pytest.raises(Conflict, match="引渡しの前"):
        api.content_of(made, actor=people.second, now=NOW)
    api.release_file(made, actor=people.second, now=NOW)
    with pytest.raises(Conflict, match="二度は払えません"):
        api.release_file(made, actor=people.second, now=NOW)
    name, content = api.content_of(made, actor=people.second, now=NOW)
    assert name == "2026-000001-finance.csv"
    assert content.decode("cp932").count("本来 太郎") == 2
    assert "12000" in content.decode("cp932")


def test_the_bank_file_is_the_accounting_roles_alone(people):
    release(people, enter(people))
    api.take_payables([payable(people, 1), payable(people, 2, amount=345)], who=SYSTEM, now=NOW)
    order = approved(people)
    with pytest.raises(Denied, match="会計"):
        api.make_file(order, kind="zengin", actor=people.clerk, now=NOW)
    made = api.make_file(order, kind="zengin", actor=people.personnel, now=NOW)
    with pytest.raises(Denied, match="会計"):
        api.release_file(made, actor=people.second, now=NOW)
    api.release_file(made, actor=people.head, now=NOW)
    content = api.content_of(made, actor=people.head, now=NOW)[1]
    assert {len(line) for line in content.split(b"\r\n") if line} == {120}
    with pytest.raises(Denied):
        api.content_of(made, actor=people.clerk, now=NOW)


def test_a_returned_draft_gives_its_payables_back(people):
    release(people, enter(people))
    api.take_payables([payable(people, 1)], who=SYSTEM, now=NOW)
    order = api.draft_order(heading="03-01", pay_on=PAY_ON, actor=people.clerk, now=NOW)
    with pytest.raises(Invalid, match="支払待ちのものがありません"):
        api.draft_order(heading="03-01", pay_on=PAY_ON, actor=people.clerk, now=NOW)
    document = PaymentOrder.objects.get(pk=order).document
    approvals.send_back(document=document, actor=people.head, reason="支払日を確かめて", now=NOW)
    told("approvals.decided", decide)
    told("approvals.returned", decide)
    assert Payable.objects.get().state == PayableState.READY
    assert approved(people) != order


def test_the_database_never_lets_more_be_paid_than_decided_nor_anything_twice(people):
    release(people, enter(people))
    api.take_payables([payable(people, 1)], who=SYSTEM, now=NOW)
    approved(people)
    line = OrderLine.objects.get()
    for change in ({"amount": 12_001}, {"decided": 20_000, "amount": 20_000}, {"amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payable.objects.update(amount=99_999)
    line.pk, line.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


def test_results_settle_an_order_and_what_came_back_waits_for_a_new_account(people):
    release(people, enter(people))
    api.take_payables([payable(people, 1), payable(people, 2)], who=SYSTEM, now=NOW)
    order = approved(people)
    api.release_file(api.make_file(order, kind="finance", actor=people.clerk, now=NOW), actor=people.second, now=NOW)
    results = [
        {"change": "put", "order_no": "2026-000001", "line": "1", "result": "支払済"},
        {"change": "put", "order_no": "2026-000001", "line": "2", "result": "振込不能", "reason": "口座なし"},
    ]
    load = load_records("payment-results", results, as_of=DAY, actor=people.personnel, now=NOW)
    assert sorted(Payable.objects.values_list("state", "reason")) == [("paid", ""), ("returned", "口座なし")]
    assert PaymentOrder.objects.get().state == "settled"
    assert LogEntry.objects.filter(name="payments.transfer_returned").count() == 1
    take_back(load, actor=people.personnel, now=NOW)
    assert set(Payable.objects.values_list("state", flat=True)) == {"ordered"}
    load_records("payment-results", [*results, {**results[0], "line": "9"}], as_of=DAY, actor=people.personnel, now=NOW)
    second = enter(people, answers={**ANSWERS, "number": "7654321"})
    release(people, second, reason="本人に確かめた")
    assert api.totals()["支払待ち"] == (1, 12_000)
    assert approved(people) != order
    assert OrderLine.objects.filter(state__in=("ordered", "paid")).count() == 2


def test_sums_always_add_up_whatever_happens(people):
    release(people, enter(people))
    rng = random.Random(7)
    given = [payable(people, n, amount=rng.randint(1, 90_000)) for n in range(30)]
    api.take_payables(given, who=SYSTEM, now=NOW)
    order = approved(people)
    assert sum(total for _, total in api.totals().values()) == sum(one.amount for one in given)
    assert PaymentOrder.objects.get(pk=order).total == sum(OrderLine.objects.values_list("amount", flat=True))


def test_a_file_whose_bytes_changed_is_not_given_out(people, monkeypatch):
    release(people, enter(people))
    api.take_payables([payable(people, 1)], who=SYSTEM, now=NOW)
    made = api.make_file(approved(people), kind="finance", actor=people.clerk, now=NOW)
    api.release_file(made, actor=people.second, now=NOW)
    real = files.fetch
    monkeypatch.setattr(files, "fetch", lambda *a, **k: (real(*a, **k)[0], b"changed"))
    with pytest.raises(Conflict, match="内容が作成したときと違います"):
        api.content_of(made, actor=people.second, now=NOW)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        PaymentFile.objects.update(total=1)


DETAILS = {
    "purpose": "償還払い", "heading": "03-02", "procedure": "kodomo-iryo-shokan", "number": "08-000001", "school": "",
    "payee": ANSWERS, "owner": {"name": "本来 太郎", "kana": "ホンライ タロウ"}, "party": "1000000009", "document": None,
    "outcome": "支給決定", "received_on": "2026-04-01",
}  # fmt: skip


def test_a_case_brings_its_payable_and_the_account_of_its_form_once(people):
    said = {"source": "case/1/1/refund", "amount": 4_200}
    announced = Announced(
        1, "cases.payable_decided", said, NOW, SYSTEM, ("case", 1), 1, after={**DETAILS, "unit": people.unit}
    )
    keep_payable(announced)
    keep_payable(announced)
    row = Payable.objects.get()
    assert (row.amount, row.state, row.party) == (4_200, "waiting", "1000000009/guardian")
    account = PayeeAccount.objects.get()
    assert account.entered_by is None
    release(people, account.pk, actor=people.clerk)
    assert api.payables_of_case(1)[0].state == "ready"


def test_screens_are_for_staff_and_carry_an_order_to_its_file(people):
    assert signed_in(people.operator).get(reverse("payments:home")).status_code == 403
    clerk, second = signed_in(people.clerk), signed_in(people.second)
    form = {"party": PAYEE.party, "name": PAYEE.name, "kana": PAYEE.kana, **ANSWERS}
    assert clerk.post(reverse("payments:new_account"), {**form, "number": "12"}).status_code == 422
    shown = clerk.post(reverse("payments:new_account"), form, follow=True)
    assert "1234567" in shown.content.decode()
    account = reverse("payments:account", args=[PayeeAccount.objects.get().pk])
    assert clerk.post(account, {"reason": ""}).status_code == 422
    assert second.post(account, {"reason": ""}).status_code == 302
    api.take_payables([payable(people, 1)], who=SYSTEM, now=NOW)
    assert "医療費の支払" in clerk.get(reverse("payments:home")).content.decode()
    assert clerk.post(reverse("payments:home"), {"heading": "03-01", "pay_on": "R8.4.25"}).status_code == 302
    order = PaymentOrder.objects.get()
    approvals.approve(document=order.document, actor=people.head, now=NOW)
    told("approvals.decided", decide)
    clerk.post(reverse("payments:make", args=[order.pk]), {"kind": "finance"})
    made = PaymentFile.objects.get().pk
    page = second.get(reverse("payments:order", args=[order.pk])).content.decode()
    assert "引き渡す" in page
    second.post(reverse("payments:release", args=[order.pk, made]))
    assert second.post(reverse("payments:download", args=[order.pk, made])).content.startswith(
        "支出命令番号".encode("cp932")
    )
    for name in ("accounts", "orders"):
        assert clerk.get(reverse(f"payments:{name}")).status_code == 200
    assert AccountState.RELEASED in set(PayeeAccount.objects.values_list("state", flat=True))
