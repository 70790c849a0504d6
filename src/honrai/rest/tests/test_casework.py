"""A whole case by the interface: applying, working, asking, answering, deciding, reading; each act as on the screens."""

import base64
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honrai.cases import testing
from honrai.cases.models import Case, Task
from honrai.platform.accounts.models import Account
from honrai.platform.events.models import LogEntry
from honrai.rest.scopes import Scope
from honrai.rest.testing import EVERY, calling, machine

PAPER = {"kind": "insurance", "name": "hoken.pdf", "content": base64.b64encode(testing.PDF).decode()}


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    return testing.town(city, tmp_path, monkeypatch)


def _apply(caller, **more):
    values = dict(testing.VALUES)
    return caller.post("/applications", {"procedure": "kodomo-iryo", "values": values} | more)


def test_a_system_applies_with_papers_and_reads_how_it_stands(people):
    system = machine(people, Scope.APPLICATIONS_WRITE, Scope.APPLICATIONS_READ, unit=people.unit)
    made = _apply(system, attachments=[PAPER])
    assert made.status_code == 201, made.json()
    receipt = made.json()
    assert receipt["number"].startswith("08-")
    assert len(receipt["cases"]) == 1
    row = Case.objects.get(pk=receipt["cases"][0])
    assert row.channel == "api"
    assert len(row.attachments) == 1
    stands = system.get(f"/applications/{receipt['application']}").json()
    assert stands["cases"][0]["number"] == receipt["number"]
    submitted = LogEntry.objects.get(name="intake.submitted")
    assert submitted.who_kind == "robot"
    assert system.key.mark in submitted.place


def test_what_is_wrong_is_named_and_nothing_is_kept(people):
    system = machine(people, Scope.APPLICATIONS_WRITE, unit=people.unit)
    wrong = system.post("/applications", {"procedure": "kodomo-iryo", "values": {"child.born": "きのう", "no.such": 1}})
    assert wrong.status_code == 422
    assert wrong.json()["code"] == "incomplete"
    assert wrong["Content-Type"] == "application/problem+json"
    assert {one["at"] for one in wrong.json()["errors"]} >= {"no.such"}
    assert not Case.objects.exists()


def _waiting():
    """A case whose first step waits for the contract."""
    _, case = testing.apply()
    testing.jobs(case)
    return case


def test_an_operator_takes_the_next_task_and_finishes_it(people):
    case = _waiting()
    operator = calling(people, people.operator)
    listed = operator.get("/tasks").json()["items"]
    assert [one["case"] for one in listed] == [case.pk]
    task = operator.post("/tasks/next").json()["task"]
    assert task == listed[0]["id"]
    bench = operator.get(f"/tasks/{task}")
    assert bench.json()["task"]["mine"] is True
    assert bench.json()["fields"]
    assert LogEntry.objects.filter(name="cases.read", case_id=case.pk, who_person=people.operator.person).exists()
    done = operator.post(
        f"/tasks/{task}/complete", {"result": (bench.json()["results"] or [""])[0]}, if_match=bench["ETag"]
    )
    assert done.status_code == 200, done.json()
    assert Task.objects.get(pk=task).done_by == people.operator.person


def test_a_change_needs_to_know_what_it_changes(people):
    case = _waiting()
    operator = calling(people, people.operator)
    task = operator.post("/tasks/next").json()["task"]
    blind = operator.post(f"/tasks/{task}/complete", {"result": ""})
    assert (blind.status_code, blind.json()["code"]) == (428, "if-match-needed")
    tag = operator.get(f"/tasks/{task}")["ETag"]
    Case.objects.filter(pk=case.pk).update(stage="ほか")
    late = operator.post(f"/tasks/{task}/complete", {"result": ""}, if_match=tag)
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    assert Task.objects.get(pk=task).state == "open"


def test_release_and_hold(people):
    _waiting()
    operator = calling(people, people.operator)
    task = operator.post("/tasks/next").json()["task"]
    assert operator.post(f"/tasks/{task}/release").status_code == 200
    assert Task.objects.get(pk=task).claimed_by is None
    operator.post(f"/tasks/{task}/claim")
    assert operator.post(f"/tasks/{task}/release", {"reason": "照会中"}).status_code == 200
    assert Task.objects.get(pk=task).state == "held"


def test_a_deficiency_is_asked_and_answered(people):
    case = _waiting()
    clerk = calling(people, people.clerk)
    codes = clerk.get(f"/cases/{case.pk}/deficiencies").json()["codes"]
    code = next(one for one in codes if "guardian.phone" in one)
    added = clerk.post(f"/cases/{case.pk}/deficiencies", {"code": code, "note": "番号を確かめてください"})
    assert added.status_code == 201, added.json()
    sent = clerk.post(f"/cases/{case.pk}/deficiencies/send")
    assert sent.status_code == 200, sent.json()
    answered = clerk.post(f"/cases/{case.pk}/answers", {"values": {"guardian.phone": "096-111-2222"}})
    assert answered.status_code == 200, answered.json()
    case.refresh_from_db()
    assert case.values["guardian.phone"] == "096-111-2222"
    unasked = clerk.post(f"/cases/{case.pk}/answers", {"values": {"child.name": "別人"}})
    assert unasked.status_code in (409, 422)


def _to_decision(people):
    _, case = testing.apply(papers=[("insurance", testing.PDF)])
    testing.work(case, people.operator, "receive_check")
    testing.jobs(case)
    testing.work(case, people.operator2, "second_check", "一致")
    testing.work(case, people.clerk, "draft")
    return case, testing.open_task(case, "approve")


def _with_app(actor):
    """Give an account an authenticator app; return its present code."""
    secret = generate_totp_secret()
    TOTP.activate(Account.objects.get(pk=actor.account), secret)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_head_decides_with_key_and_code(people):
    case, task = _to_decision(people)
    head, code = calling(people, people.head, *EVERY), _with_app(people.head)
    document = head.get(f"/cases/{case.pk}/decisions").json()["document"]
    assert head.post("/decisions", {"task": task.pk}).json()["document"] == document
    wrong = head.post(f"/decisions/{document}/approve", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 403
    decided = head.post(f"/decisions/{document}/approve", {"code": code})
    assert decided.status_code == 200, decided.json()
    assert decided.json()["accepted"] is True
    assert head.get(f"/cases/{case.pk}/decisions").json()["items"]


def test_no_contractor_and_no_machine_decides(people):
    """Journey (f), by the interface: even a key with a scope it should never have is refused, and that is written down."""
    case, task = _to_decision(people)
    document = task.document
    _with_app(people.manager)
    for caller in (
        calling(people, people.manager),
        machine(people, unit=people.unit),
        machine(people, contract=people.contract),
    ):
        caller.key.scopes = [*caller.key.scopes, Scope.DECISIONS_TAKE.value, Scope.DECISIONS_DRAFT.value]
        caller.key.save()
        for path, body in ((f"/decisions/{document}/approve", {"code": "123456"}), ("/decisions", {"task": task.pk})):
            before = LogEntry.objects.filter(name="rest.refused").count()
            refused = caller.post(path, body)
            assert (refused.status_code, refused.json()["code"]) == (403, "denied")
            assert LogEntry.objects.filter(name="rest.refused").count() == before + 1
            written = LogEntry.objects.filter(name="rest.refused").latest("pk")
            assert written.who_person == caller.key.person_id
            assert written.data["key"] == caller.key.pk
        task_refused = caller.post(f"/tasks/{task.pk}/claim")
        assert task_refused.status_code in (403, 404)
    case.refresh_from_db()
    assert not case.decisions.exists()


def test_papers_and_letters_are_listed_and_fetched(people):
    _, case = testing.apply(papers=[("insurance", testing.PDF)])
    clerk = calling(people, people.clerk)
    papers = clerk.get(f"/cases/{case.pk}/documents").json()["items"]
    assert [one["media_type"] for one in papers] == ["application/pdf"]
    bytes_ = clerk.get(f"/cases/{case.pk}/documents/{papers[0]['file']}")
    assert bytes_.content == testing.PDF
    assert LogEntry.objects.filter(name="files.read", case_id=case.pk).exists()
    assert clerk.get(f"/cases/{case.pk}/documents/999999").status_code == 404


def test_lists_go_on_from_a_cursor_with_the_same_number_of_queries(people):
    clerk, operator = calling(people, people.clerk), calling(people, people.operator)
    counts = []
    for number in (1, 60):
        for one in range(number):
            testing.open_one(2 * (1000 * number + one))
        found = []
        for caller, path in ((clerk, "/cases"), (operator, "/tasks")):
            with CaptureQueriesContext(connection) as made:
                page = caller.get(path).json()
            found.append(len(made))
        counts.append(found)
    assert counts[0] == counts[1]
    page, seen = clerk.get("/cases").json(), []
    while True:
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        page = clerk.get("/cases", {"cursor": page["next"]}).json()
    assert len(seen) == len(set(seen)) == 61
    assert clerk.get("/cases", {"state": "closed"}).json()["items"] == []


def test_timeline_reads_in_japanese(people):
    case = _waiting()
    lines = calling(people, people.clerk).get(f"/cases/{case.pk}/timeline").json()["items"]
    assert {"cases.opened", "cases.read"} <= {one["event"] for one in lines}
    assert all(not one["words"].isascii() for one in lines)
