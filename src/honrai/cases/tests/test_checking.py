"""Blind second checks: unseen, compared, decided by a third; nobody checks their own work."""

from datetime import timedelta

import pytest

from honrai.cases import api as cases
from honrai.cases import records, testing
from honrai.cases.check_rules import same, to_key
from honrai.cases.models import Rekeying
from honrai.cases.testing import apply, jobs, open_task, work
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.events.models import Change, LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures
from honrai.procedures.api import Field

VALUES = {
    "application.kind": "口座振替",
    "application.change": "新規",
    "application.applied_on": "2026-04-10",
    "payer.name": "見本 太郎",
    "payer.kana": "ミホン タロウ",
    "payer.postcode": "860-8601",
    "payer.address": "本来市中央区手取本町1番1号",
    "payer.phone": "096-328-0000",
    "payer.number": "0001234567",
    "taxes": [{"kind": "固定資産税・都市計画税", "notice": "20260001", "method": "期別"}],
    "holder.relation": "本人",
    "account.bank": "0001",
    "account.branch": "001",
    "account.kind": "普通",
    "account.number": "1234567",
    "account.holder": "ミホン タロウ",
    "account.seal": True,
    "consent.signed": True,
}
FACTS = {
    "payer_match.status": "一致",
    "bank.branch_status": "あり",
    "register.active": False,
    "arrears.exists": False,
    "resident.protected": False,
    "refund.claimable_from": "2026-04-01",
}


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    return testing.town(city, tmp_path, monkeypatch, pack="shizei-kouza", facts=FACTS)


@pytest.fixture
def waiting(town):
    """A case whose blind check is held by the second operator."""
    _, case = apply(VALUES, pack="shizei-kouza", channel="post", papers=[("request_form", b"%PDF-1.7\n" + b"x" * 100)])
    work(case, town.operator, "receive_check")
    jobs(case)
    task = open_task(case, "second_check")
    with pytest.raises(Denied):
        cases.claim(task=task.pk, actor=town.operator, now=NOW)
    cases.claim(task=task.pk, actor=town.operator2, now=NOW)
    return case, task


def _keyed(**other):
    return {name: value for name, value in VALUES.items() if name != "taxes"} | other


@pytest.mark.parametrize(
    ("kind", "one", "other", "equal"),
    [
        ("date_era", "2026-04-01", "R080401", True),
        ("person_name", "見本 太郎", "見本　太郎", True),
        ("kana", "ミホン タロウ", "ﾐﾎﾝ ﾀﾛｳ", True),
        ("account_number", "1234567", "１２３４５６７", True),
        ("account_number", "1234567", "1234576", False),
        ("text", None, "", True),
        ("text", "", "あ", False),
        ("whole", 12, "12", True),
    ],
)
def test_what_means_the_same_is_the_same(kind, one, other, equal):
    assert same(Field("a", "欄", kind), one, other) is equal


def test_nothing_is_seen_before_it_is_keyed(town, waiting):
    case, task = waiting
    seen = cases.view_case(case, town.operator2, now=NOW)
    assert seen.unseen
    assert (dict(seen.values), "見本" in seen.name) == ({}, False)
    assert not cases.view_case(case, town.operator, now=NOW).unseen
    with pytest.raises(Invalid, match="見ずに"):
        cases.complete(task=task.pk, result="一致", actor=town.operator2, now=NOW)


def test_two_who_agree_let_the_case_go_on(town, waiting):
    case, task = waiting
    got = cases.rekey(task=task.pk, keyed=_keyed(**{"payer.kana": "ミホンタロウ"}), actor=town.operator2, now=NOW)
    assert got.differences == ()
    assert got.fields == len(to_key(procedures.runnable(case.version).pack.form.sections))
    task.refresh_from_db()
    assert (task.state, task.result, task.done_by) == ("done", "一致", town.operator2.person)
    assert LogEntry.objects.get(name="cases.rekeyed").data["differences"] == 0


def test_where_they_differ_a_third_person_decides_field_by_field(town, waiting):
    case, task = waiting
    keyed = _keyed(**{"account.number": "1234576", "payer.address": "本来市中央区手取本町1番2号"})
    got = cases.rekey(task=task.pk, keyed=keyed, actor=town.operator2, now=NOW)
    assert [(one.field, one.first, one.second) for one in got.differences] == [
        ("payer.address", VALUES["payer.address"], "本来市中央区手取本町1番2号"),
        ("account.number", "1234567", "1234576"),
    ]
    task.refresh_from_db()
    assert (task.state, task.claimed_by, "相違の判定" in task.title) == ("open", None, True)
    assert [one["field"] for one in records.differences_of(task.pk)] == ["payer.address", "account.number"]
    for one_of_two in (town.operator, town.operator2):
        with pytest.raises(Denied):
            cases.claim(task=task.pk, actor=one_of_two, now=NOW)
    with pytest.raises(Denied):
        cases.claim(task=task.pk, actor=town.clerk, now=NOW)
    cases.claim(task=task.pk, actor=town.deputy, now=NOW)
    with pytest.raises(Conflict):
        cases.rekey(task=task.pk, keyed=keyed, actor=town.deputy, now=NOW)
    choose = {"account.number": "second", "payer.address": "first"}
    with pytest.raises(Invalid, match="すべての欄"):
        cases.settle_differences(
            task=task.pk, choices={"account.number": "second"}, result="一致", actor=town.deputy, now=NOW
        )
    with pytest.raises(Invalid, match="どちらも違う"):
        cases.settle_differences(
            task=task.pk, choices=choose | {"payer.address": "neither"}, result="一致", actor=town.deputy, now=NOW
        )
    cases.settle_differences(task=task.pk, choices=choose, result="一致", actor=town.deputy, now=NOW)
    case.refresh_from_db()
    assert (case.values["account.number"], case.values["payer.address"]) == ("1234576", VALUES["payer.address"])
    row = Rekeying.objects.get()
    assert (row.by, row.settled_by) == (town.operator2.person, town.deputy.person)
    change = Change.objects.get(entry__name="cases.difference_settled")
    assert (change.before, change.after) == ({"account.number": "1234567"}, {"account.number": "1234576"})


def test_neither_goes_to_the_officials(town, waiting):
    case, task = waiting
    cases.rekey(task=task.pk, keyed=_keyed(**{"account.number": "1"}), actor=town.operator2, now=NOW)
    cases.claim(task=task.pk, actor=town.deputy, now=NOW)
    cases.settle_differences(
        task=task.pk, choices={"account.number": "neither"}, result="相違", actor=town.deputy, now=NOW
    )
    assert open_task(case, "staff_confirm").unit == town.unit


def test_the_record_of_the_clock_shows_every_hand(town, waiting, django_assert_max_num_queries):
    case, _ = waiting
    case.refresh_from_db()
    lines = records.clock_of(case, now=NOW + timedelta(days=4))
    assert [line.holder for line in lines] == ["センター（受託者）", "自動処理", "センター（受託者）"]
    assert sum(line.days for line in lines) == 4
    with django_assert_max_num_queries(3):
        page = records.timeline_page(case.pk, town.clerk)
    assert page.older is None
    steps = records.timeline_page(case.pk, town.clerk, topic="applicant")
    assert {one.name.split(".")[0] for one in steps.moments} <= {"cases", "intake"}
    assert not any(one.name.startswith("cases.task") for one in steps.moments)
