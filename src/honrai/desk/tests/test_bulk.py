"""One act on all that match: permission on each, a result for each, stop, undo; nothing that has left the house comes back."""

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Bulk, BulkItem, Case, Task
from honrai.cases.operations import bulk as operations
from honrai.cases.tasks import run_bulk
from honrai.platform.authority.api import Denied, Invalid
from honrai.platform.events.api import Announced, Who
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in


def work_through() -> int:
    """Do what the job worker does; returns how many pieces it took."""
    done = 0
    for entry in LogEntry.objects.filter(name__startswith="cases.bulk_").order_by("pk").iterator():
        who = Who(entry.who_kind, entry.who_person, place=entry.place)
        run_bulk(Announced(entry.pk, entry.name, entry.data, entry.at, who, ("bulk", None), None))
        done += 1
    return done


def ask(actor, action, tasks=None, **given):
    keys = list(Task.objects.order_by("pk").values_list("pk", flat=True)) if tasks is None else tasks
    return cases.start_bulk(action=action, parameters=given, tasks=keys, actor=actor, now=NOW)


def items(bulk):
    return list(BulkItem.objects.filter(bulk=bulk).order_by("pk").values_list("state", "reason"))


def test_each_task_is_asked_for_and_tells_its_reason(people, opened):
    opened(3)
    first, second, third = Task.objects.order_by("pk")
    cases.claim(task=second.pk, actor=people.operator2, now=NOW)
    Task.objects.filter(pk=third.pk).update(contract=None, unit=people.unit)
    bulk = ask(people.operator, "hold", reason="書類待ち")
    assert Task.objects.filter(state="held").count() == 0
    work_through()
    states = items(bulk)
    assert [state for state, _ in states] == ["done", "refused", "refused"]
    assert "ほかの人" in states[1][1]
    assert "担当課の作業" in states[2][1]
    first.refresh_from_db()
    assert (first.state, first.held_for) == ("held", "書類待ち")
    view = cases.bulk_view(bulk, people.operator)
    assert (view.state, view.done, view.refused, len(view.lines)) == ("finished", 1, 2, 2)


def test_an_act_is_undone_as_far_as_it_may(people, opened):
    opened(2)
    first, second = Task.objects.order_by("pk")
    bulk = ask(people.operator, "hold", reason="書類待ち")
    work_through()
    cases.resume(task=second.pk, actor=people.operator2, now=NOW)
    cases.undo_bulk(bulk=bulk, actor=people.operator, now=NOW)
    work_through()
    assert [state for state, _ in items(bulk)] == ["undone", "kept"]
    first.refresh_from_db()
    assert first.state == "open"
    assert Bulk.objects.get().state == "undone"


def test_finished_steps_are_taken_back_until_somebody_goes_on(people, opened, monkeypatch):
    one, other = opened(2)
    before = {case.pk: (case.state, case.stage) for case in Case.objects.all()}
    bulk = ask(people.operator, "complete", result="")
    work_through()
    assert [state for state, _ in items(bulk)] == ["done", "done"], items(bulk)
    assert Task.objects.filter(state="done", done_by=people.operator.person).count() == 2
    Case.objects.filter(pk=other).update(lock=99)  # the case went on
    cases.undo_bulk(bulk=bulk, actor=people.operator, now=NOW)
    work_through()
    assert [state for state, _ in items(bulk)] == ["undone", "kept"]
    assert "後の処理" in items(bulk)[1][1]
    case = Case.objects.get(pk=one)
    assert (case.state, case.stage) == before[one]
    assert [task.state for task in case.tasks.all()] == ["open"]
    again = ask(people.operator, "complete", tasks=[case.tasks.get().pk], result="")
    work_through()
    assert items(again)[0][0] == "done"


def test_a_step_that_needs_a_look_is_not_finished_in_bulk(people, opened):
    case = opened(1)[0]
    Task.objects.filter(case_id=case).update(node="issue", contract=None, unit=people.unit)
    bulk = ask(people.clerk, "complete", result="")
    work_through()
    assert "1件ずつ" in items(bulk)[0][1]


def test_managers_share_out_among_their_own_people_only(people, opened):
    opened(2)
    for actor, person in (
        (people.manager, people.clerk),
        (people.operator, people.operator2),
        (people.head, people.clerk),
    ):
        bulk = ask(actor, "assign", person=person.person)
        work_through()
        assert {state for state, _ in items(bulk)} == {"refused"}
    bulk = ask(people.manager, "assign", person=people.operator2.person)
    work_through()
    assert set(Task.objects.values_list("assigned_to", flat=True)) == {people.operator2.person}
    cases.undo_bulk(bulk=bulk, actor=people.manager, now=NOW)
    work_through()
    assert set(Task.objects.values_list("assigned_to", flat=True)) == {None}
    assert LogEntry.objects.filter(name="cases.task_assigned").count() == 4


def test_a_manager_takes_back_what_own_people_hold(people, opened):
    opened(2)
    for task in Task.objects.all():
        cases.claim(task=task.pk, actor=people.operator, now=NOW)
    stranger = ask(people.operator2, "release")
    work_through()
    assert {state for state, _ in items(stranger)} == {"refused"}
    bulk = ask(people.manager, "release")
    work_through()
    assert Task.objects.filter(claimed_by=None).count() == 2
    cases.undo_bulk(bulk=bulk, actor=people.manager, now=NOW)
    work_through()
    assert Task.objects.filter(claimed_by=people.operator.person).count() == 2


def test_it_goes_piece_by_piece_and_stops(people, opened, monkeypatch):
    monkeypatch.setattr(operations, "PIECE", 2)
    opened(5)
    bulk = ask(people.operator, "hold", reason="停電")
    entry = LogEntry.objects.get(name="cases.bulk_asked")
    who = people.operator.who
    run_bulk(Announced(entry.pk, entry.name, entry.data, entry.at, who, ("bulk", None), None))
    view = cases.bulk_view(bulk, people.operator)
    assert (view.moving, view.passed, view.total) == (True, 2, 5)
    cases.stop_bulk(bulk=bulk, actor=people.operator, now=NOW)
    work_through()
    assert Task.objects.filter(state="held").count() == 2
    assert cases.bulk_view(bulk, people.operator).waiting == 3


def test_nobody_follows_or_undoes_anothers_act(people, opened):
    opened(1)
    bulk = ask(people.operator, "hold", reason="x")
    other = signed_in(people.operator2)
    assert other.get(f"/desk/bulk/{bulk}/").status_code == 404
    assert other.post(f"/desk/bulk/{bulk}/stop/").status_code == 404
    assert other.post(f"/desk/bulk/{bulk}/undo/").status_code == 404


def test_what_is_asked_must_be_whole(people, opened):
    opened(1)
    with pytest.raises(Invalid, match="理由"):
        ask(people.operator, "hold", reason=" ")
    with pytest.raises(Invalid, match="操作"):
        ask(people.operator, "destroy")
    with pytest.raises(Invalid, match="ありません"):
        ask(people.operator, "release", tasks=[])
    from honrai.platform.authority.api import system_actor

    with pytest.raises(Denied):
        ask(system_actor(1, NOW.date()), "release")


def test_the_list_sends_its_address_and_count(people, opened):
    opened(3)
    browser = signed_in(people.operator)
    assert "条件に合う 3件" in browser.get("/desk/work/").content.decode()
    sent = {"query": "", "shown": "2", "action": "hold", "reason": "x"}
    assert browser.post("/desk/bulk/start/", sent).status_code == 422
    answer = browser.post("/desk/bulk/start/", sent | {"shown": "3"})
    assert answer.status_code == 302
    assert "実行中" in browser.get(answer.headers["Location"]).content.decode()
    work_through()
    assert "元に戻す（3件）" in browser.get(answer.headers["Location"]).content.decode()
    assert "割り当てる相手" not in browser.get("/desk/work/").content.decode()
    assert "割り当てる相手" in signed_in(people.manager).get("/desk/work/?whose=held").content.decode()
