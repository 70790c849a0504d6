"""日報 and 月報: equal to an independent recount of rows and of the log, immutable once confirmed, late events as corrections."""

from collections import Counter
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honrai.cases import api as cases
from honrai.cases.models import Task
from honrai.cases.operations.undoing import UNDO, case_after, case_before
from honrai.cases.rules import results_of
from honrai.cases.testing import open_one
from honrai.insight import reporting, rules
from honrai.insight.models import Report, ReportKind
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.clock import TOKYO
from honrai.platform.events.api import record
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import DAY, NOW
from honrai.procedures.api import runnable

NEXT = DAY + timedelta(days=1)
ACTS = st.lists(
    st.tuples(st.sampled_from(["open", "work", "work", "undo", "withdraw"]), st.integers(0, 5), st.integers(0, 300)),
    min_size=3,
    max_size=12,
)


def _one(figures):
    [one] = figures
    return one


def _count(people, first=DAY, last=DAY):
    return reporting.count(people.contract, first, last)


def _act(people, kind, number, at, undone):
    if kind == "open":
        open_one(2 * number + 100 * (LogEntry.objects.count() + 1))
        return
    if kind == "undo":
        if undone:
            task, before = undone.pop()
            UNDO["complete"](task, before, people.operator, at)
        return
    tasks = Task.objects.filter(contract=people.contract, state="open", robot="").order_by("pk")
    task = tasks[number % tasks.count()] if tasks.exists() else None
    if task is None:
        return
    if kind == "withdraw":
        cases.withdraw_for_applicant(case=task.case_id, evidence="取下書 4月15日", actor=people.clerk, now=at)
        return
    who = people.operator if task.not_by != people.operator.person else people.operator2
    cases.claim(task=task.pk, actor=who, now=at)
    before = case_before(task)
    wanted = results_of(runnable(task.case.version).flow, task.node)
    with suppress(Invalid):
        cases.complete(task=task.pk, result=wanted[number % len(wanted)] if wanted else "", actor=who, now=at)
        undone.append((task.pk, before | case_after(task.case_id)))


def _recount_log(people, since, until):
    """The log read entry by entry in Python; tasks by their rows."""
    mine = set(Task.objects.filter(contract=people.contract, robot="").values_list("pk", flat=True))
    count = Counter()
    for entry in LogEntry.objects.filter(name__startswith="cases.task_", at__lt=until).order_by("pk"):
        if entry.data.get("task") in mine:
            name = entry.name.removeprefix("cases.task_")
            count["waiting"] += {"opened": 1, "undone": 1, "done": -1, "cancelled": -1}.get(name, 0)
            count[name] += entry.at >= since
    return count


def _recount_rows(people):
    """Raw SQL over rows alone: what waits now, what is done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state IN ('open', 'held')), count(*) FILTER (WHERE state = 'done'),"
            " count(*), count(*) FILTER (WHERE state = 'cancelled'),"
            " count(*) FILTER (WHERE state = 'done' AND (done_at AT TIME ZONE 'Asia/Tokyo')::date <= due_on)"
            " FROM cases_task WHERE contract = %s AND robot = ''",
            [people.contract],
        )
        return cursor.fetchone()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_figures_equal_a_recount_of_rows_and_of_the_log(town, acts):
    point = transaction.savepoint()
    try:
        undone, at = [], NOW
        for one in range(2):
            open_one(2 * one + 2)
        for kind, number, minutes in acts:
            at += timedelta(minutes=minutes)
            with suppress(Conflict, Denied):
                _act(town, kind, number, at, undone)
        first, last = DAY - timedelta(days=9), at.astimezone(TOKYO).date()
        figures = _count(town, first, last)
        since, until = (datetime.combine(d, datetime.min.time(), TOKYO) for d in (first, last + timedelta(days=1)))
        log = _recount_log(town, since, until)
        total = {name: sum(getattr(one, name) for one in figures) for name in rules.COUNTED}
        assert (total["received"], total["done"], total["undone"], total["cancelled"], total["waiting"]) == (
            log["opened"], log["done"], log["undone"], log["cancelled"], log["waiting"],
        )  # fmt: skip
        waiting, done, opened, cancelled, in_time = _recount_rows(town)
        assert (total["waiting"], total["done"] - total["undone"]) == (waiting, done)
        assert (total["received"], total["cancelled"]) == (opened, cancelled)
        assert total["in_time"] >= in_time
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for name in ("received", "done", "undone", "cancelled", "returned", "redone", "in_time"):
            assert sum(getattr(f, name) for d in days for f in _count(town, d, d)) == total[name], "days add up"
    finally:
        transaction.savepoint_rollback(point)


def _work_one(people, at=NOW):
    task = Task.objects.filter(contract=people.contract, state="open", robot="").order_by("pk").first()
    cases.claim(task=task.pk, actor=people.operator, now=at)
    wanted = results_of(runnable(task.case.version).flow, task.node)
    cases.complete(task=task.pk, result=wanted[0] if wanted else "", actor=people.operator, now=at)
    return task


def _confirm(people, day=DAY, now=NOW, kind=ReportKind.DAILY, by=None):
    return reporting.confirm(contract=people.contract, kind=kind, day=day, actor=by or people.manager, now=now)


def test_the_day_is_drafted_confirmed_and_accepted(town):
    open_one(20)
    _work_one(town)
    made = reporting.draft(contract=town.contract, kind=ReportKind.DAILY, day=DAY, actor=town.clerk)
    one = _one(made.figures)
    assert (one.procedure, one.done, one.in_time) == ("kodomo-iryo", 1, 1)
    with pytest.raises(Denied):
        _confirm(town, by=town.personnel)
    with pytest.raises(Denied):
        _confirm(town, by=town.operator)
    report = _confirm(town)
    with pytest.raises(Conflict):
        _confirm(town)
    with pytest.raises(Denied):
        reporting.reply(report=report, accepted=True, actor=town.clerk, now=NOW)
    with pytest.raises(Invalid):
        reporting.reply(report=report, accepted=False, actor=town.personnel, now=NOW)
    reporting.reply(report=report, accepted=False, words="二次確認の所見がない", actor=town.personnel, now=NOW)
    again = _confirm(town)
    reporting.reply(report=again, accepted=True, actor=town.personnel, now=NOW)
    assert Report.objects.get(pk=again).revision == 2
    names = LogEntry.objects.filter(name__startswith="insight.").order_by("pk").values_list("name", flat=True)
    assert list(names) == [
        "insight.report_confirmed", "insight.report_replied", "insight.report_confirmed", "insight.report_replied",
    ]  # fmt: skip


def test_a_confirmed_report_cannot_be_changed_below_the_screen(town):
    open_one(20)
    report = _confirm(town)
    for change in ("UPDATE insight_report SET note = 'x' WHERE id = %s", "DELETE FROM insight_report WHERE id = %s"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [report])


def test_a_late_event_is_a_correction_of_the_next_report_once(town):
    open_one(20)
    _work_one(town)
    _confirm(town)
    frozen = Report.objects.get().figures
    # a piece done that day, entered the next morning with the time it was done
    late = NOW + timedelta(hours=7)
    open_one(10)
    _work_one(town, at=late)
    tomorrow = {"actor": _on(town.manager, NEXT), "now": NOW + timedelta(days=1)}
    reporting.confirm(contract=town.contract, kind=ReportKind.DAILY, day=NEXT, **tomorrow)
    said = reporting.corrections_of(Report.objects.get(first_day=NEXT))
    told = {(one.first_day, one.count): one.by for one in said}
    assert told[DAY, "done"] == 1
    assert Report.objects.get(first_day=DAY).figures == frozen
    now_told = {name: getattr(_one(_count(town)), name) for name in rules.COUNTED}
    stated = reporting.by_activity(frozen)["kodomo-iryo"]
    assert {name: stated[name] + told.get((DAY, name), 0) for name in rules.COUNTED} == now_told
    third = NEXT + timedelta(days=1)
    made = reporting.draft(contract=town.contract, kind=ReportKind.DAILY, day=third, actor=_on(town.manager, third))
    assert not [one for one in made.corrections if one.first_day == DAY], "stated once"


def _on(actor, day):
    return replace(actor, day=day)


def test_a_month_is_confirmed_when_it_is_over(town):
    with pytest.raises(Invalid, match="月が終わって"):
        _confirm(town, kind=ReportKind.MONTHLY)
    may = date(2026, 5, 1)
    _confirm(town, kind=ReportKind.MONTHLY, now=NOW + timedelta(days=20), by=_on(town.manager, may))
    assert Report.objects.get().last_day == date(2026, 4, 30)
    with pytest.raises(Invalid, match="まだ来ていない"):
        reporting.draft(contract=town.contract, kind=ReportKind.DAILY, day=NEXT, actor=town.clerk)


def test_nobody_of_the_contractor_stands_in_a_report(town):
    open_one(20)
    _work_one(town)
    text = str([asdict(one) for one in _count(town)])
    assert str(town.operator.person) not in [part for part in text.split() if "person" in part]
    assert {name for one in _count(town) for name in asdict(one)} <= {*rules.COUNTED, "procedure", "hours"}


def test_the_city_does_the_contractors_work_in_no_report(town):
    since, until = (datetime(2026, 4, day, tzinfo=TOKYO) for day in (1, 30))
    assert cases.city_hands(contract=town.contract, since=since, until=until) == 0
    open_one(20)
    task = Task.objects.filter(contract=town.contract).first()
    record("cases.task_claimed", who=town.clerk.who, now=NOW, subject=("task", task.pk), data={"task": task.pk})
    assert cases.city_hands(contract=town.contract, since=since, until=until) == 1
