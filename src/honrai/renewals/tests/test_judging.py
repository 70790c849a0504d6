"""Judging on PostgreSQL: classes, what the ledger would hold, equality with one case, refusals, two cities, stopping."""

from dataclasses import replace

import pytest
from conftest import CITY_A, CITY_B

from honrai.platform.authority.api import Conflict, Denied, NotFound
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.renewals import api
from honrai.renewals.models import Item, Run
from honrai.renewals.operations import judging
from honrai.renewals.rules.classes import Class
from honrai.renewals.testing import BASIS, EXPECTED, item, judged, renewal_town


@pytest.fixture
def people(city, tmp_path, monkeypatch):
    return renewal_town(city, tmp_path, monkeypatch)


def _start(actor, **more):
    return api.start(
        **({"procedure": "judo-iryo", "basis_on": BASIS, "rehearsal": True, "actor": actor, "now": NOW} | more)
    )


def test_everybody_falls_into_one_class_and_the_sums_are_the_total(people):
    run = judged(people.clerk)
    assert run.problem == ""
    found = dict(Item.objects.filter(run=run).values_list("key", "kind"))
    assert {key: (kind, item(run, key).change) for key, kind in found.items()} == EXPECTED
    assert run.total == len(EXPECTED) == sum(run.counts["class"].values())
    for table in ("ward", "age", "change", "reason"):
        assert sum(sum(each.values()) for each in run.counts[table].values()) == run.total
    assert run.compared >= run.total
    judged_event = LogEntry.objects.get(name="renewals.judged")
    assert judged_event.data["total"] == run.total
    assert LogEntry.objects.filter(name="renewals.started").count() == 1


def test_what_the_ledger_would_hold(people):
    run = judged(people.clerk)
    assert item(run, "0000001").after == {
        "since": "2026-08-01", "until": "2027-07-31", "category": "全額", "state": "有効",
    }  # fmt: skip
    assert item(run, "0000003").after["state"] == "停止"
    assert item(run, "0000010").after == {
        "since": "2025-08-01", "until": "2026-07-31", "category": "全額", "state": "喪失",
    }  # fmt: skip
    assert item(run, "0000005").after == item(run, "0000007").after == {}
    assert "本人の所得が限度額を超えています" in item(run, "0000003").reason
    assert item(run, "0000003").rules == ["proposal_09"]


def test_one_case_from_the_kept_facts_gives_the_same(people):
    from honrai.procedures import api as procedures

    run = judged(people.clerk)
    for row in Item.objects.filter(run=run):
        single = api.proposal_of(procedures.runnable(run.version), run, row)
        assert single.outcome == row.outcome, row.key


def test_columns_that_differ_from_one_case_stop_the_run(people, monkeypatch):
    from honrai.procedures.rules import columns

    real = columns.propose
    monkeypatch.setattr(
        columns, "propose", lambda *a, **k: replace(real(*a, **k), results={"助成区分": "全額", "本人の限度額": 1})
    )
    run = judged(people.clerk)
    assert run.state == api.State.FAILED
    assert "一件の判断" in run.problem
    assert not Item.objects.filter(run=run).exists()


def test_a_job_run_twice_doubles_nothing(people):
    run = judged(people.clerk)
    before = list(Item.objects.filter(run=run).order_by("pk").values_list("pk", "key"))
    judging.judge(run.pk, now=NOW)
    assert list(Item.objects.filter(run=run).order_by("pk").values_list("pk", "key")) == before


def test_rehearsals_stand_beside_each_other_and_one_run_a_year(people):
    first, second = judged(people.clerk, rehearsal=True), judged(people.clerk, rehearsal=True)
    assert first.pk != second.pk
    assert first.counts == second.counts
    judged(people.clerk)
    with pytest.raises(Conflict, match="もう始まっています"):
        _start(people.clerk, rehearsal=False)


def test_contractors_and_other_sections_may_not(people):
    for actor in (people.operator, people.manager, people.personnel):
        with pytest.raises(Denied):
            _start(actor)
    run = judged(people.clerk)
    for actor in (people.operator, people.personnel):
        with pytest.raises(Denied):
            api.submit(run.pk, actor=actor, now=NOW)
        with pytest.raises(Denied):
            api.undo(run.pk, reason="試験", actor=actor, now=NOW)
        assert not api.visible_runs(actor).exists()


def test_another_city_sees_nothing(db, tmp_path, monkeypatch):
    with in_city(CITY_A):
        people = renewal_town(CITY_A, tmp_path, monkeypatch)
        run = judged(people.clerk)
    with in_city(CITY_B):
        assert not Run.objects.exists()
        assert not Item.objects.exists()
        with pytest.raises(NotFound):
            api.undo(run.pk, reason="試験", actor=people.clerk, now=NOW)


def test_without_a_ledger_the_run_says_what_to_load(people, monkeypatch):
    from honrai.renewals.operations import gathering

    monkeypatch.setattr(gathering.exchange, "present_day", lambda source: None)
    run = judged(people.clerk)
    assert run.state == api.State.FAILED
    assert "データ連携" in run.problem


def test_classes_have_words():
    assert [each.label for each in Class] == ["変わらない", "変わる", "分からない", "要確認"]
