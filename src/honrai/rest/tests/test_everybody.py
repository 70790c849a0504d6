"""Every endpoint, walked from the description: strangers, other cities, contractors without a right; reads are written down."""

import pytest
from conftest import CITY_A, CITY_B
from django.test import Client

from honrai.cases import testing
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry
from honrai.rest.described import document
from honrai.rest.scopes import Scope
from honrai.rest.testing import EVERY, USUAL, calling, machine

BODIES = {
    "/applications": {"procedure": "kodomo-iryo", "values": testing.VALUES},
    "/decisions": {"task": 1},
    "/decisions/{document}/approve": {"code": "123456"},
    "/cases/{case}/deficiencies": {"code": "M-guardian.phone"},
    "/cases/{case}/answers": {"values": {"guardian.phone": "096-111-2222"}},
}


def _endpoints():
    found = []
    for path, each in document()["paths"].items():
        found += [(method, path.removeprefix("/api/v1")) for method in each]
    return sorted(found)


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    return testing.town(city, tmp_path, monkeypatch)


def _call(caller, method, path, keys):
    address = path.format(**keys)
    return caller.get(address) if method == "get" else caller.post(address, BODIES.get(path, {}))


def _keys(case, task):
    return {
        "case": case.pk,
        "task": task.pk,
        "document": task.document,
        "application": case.application,
        "file": case.attachments[0]["file"],
    }


@pytest.fixture
def waiting(people):
    """A case that waits for its decision, out of the contractor's hands."""
    _, case = testing.apply(papers=[("insurance", testing.PDF)])
    testing.work(case, people.operator, "receive_check")
    testing.jobs(case)
    testing.work(case, people.operator2, "second_check", "一致")
    testing.work(case, people.clerk, "draft")
    return case, testing.open_task(case, "approve")


def test_there_are_all_of_them():
    assert len(_endpoints()) == 23, _endpoints()


@pytest.mark.parametrize(("method", "path"), _endpoints(), ids=lambda one: one)
def test_a_stranger_is_refused(people, method, path):
    address = "/api/v1" + path.format(case=1, task=1, document=1, application=1, file=1)
    for headers in ({}, {"authorization": "Bearer hk_00000000_nothing"}, {"authorization": "Basic eDp5"}):
        client = Client(headers={"host": "a.test", "idempotency-key": "x"} | headers)
        answer = getattr(client, method)(
            address, **({"data": "{}", "content_type": "application/json"} if method == "post" else {})
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "no-key")
        assert answer["Content-Type"] == "application/problem+json"


def test_a_browser_session_is_no_key(people):
    from honrai.platform.signin.testing import signed_in

    assert signed_in(people.head).get("/api/v1/cases").status_code == 401


def test_somebody_of_another_section_or_firm_gets_nothing(people, waiting):
    """The screens' own matrix: a case of another unit, and a contract's people where the city's steps begin."""
    case, task = waiting
    keys = _keys(case, task)
    stranger = calling(people, people.personnel, *EVERY)
    firm = calling(people, people.operator, *USUAL)
    for method, path in _endpoints():
        if "{" not in path:
            continue
        answer = _call(stranger, method, path, keys)
        assert answer.status_code in (403, 404), (path, answer.content)
        assert "本来" not in answer.content.decode()
        if (method == "post" and "task" in path) or path.startswith("/decisions"):
            refused = _call(firm, method, path, keys)
            assert refused.status_code in (403, 404), (path, refused.content)
    case.refresh_from_db()
    task.refresh_from_db()
    assert (task.state, case.outcome) == ("open", "")


def test_two_cities_by_interface_see_nothing_of_one_another(db, tmp_path, monkeypatch, stopped_clock):
    """Journey (i), by the interface: the same calls with the other city's keys and rows."""
    with in_city(CITY_B):
        there = testing.town(CITY_B, tmp_path / "b", monkeypatch)
        _, theirs = testing.apply(papers=[("insurance", testing.PDF)])
        task = testing.open_task(theirs, "receive_check")
        foreign = calling(there, there.clerk, *EVERY, host="a.test")
    with in_city(CITY_A):
        from honrai.platform.organisations.testing import small_city

        here = small_city(CITY_A, tag="a-")
        callers = [
            calling(here, here.clerk, *EVERY),
            machine(here, *USUAL, unit=here.unit),
            calling(here, here.operator),
        ]
    keys = _keys(theirs, task) | {"document": 1}
    for method, path in _endpoints():
        assert _call(foreign, method, path, keys).status_code == 401
        for caller in callers:
            answer = _call(caller, method, path, keys)
            assert answer.status_code in (200, 403, 404, 422), (path, answer.content)
            text = answer.content.decode()
            assert "本来 花子" not in text
            assert theirs.number not in text
            if answer.status_code == 200 and "items" in answer.json():
                assert answer.json()["items"] == []
    with in_city(CITY_B):
        task.refresh_from_db()
        assert task.claimed_by is None
        assert not LogEntry.objects.filter(name__startswith="rest.refused").exists()


def test_every_read_of_a_case_is_written_down(people, waiting):
    case, task = waiting
    clerk = calling(people, people.clerk, *EVERY)
    for method, path in _endpoints():
        if method != "get" or "{" not in path:
            continue
        before = LogEntry.objects.filter(case_id=case.pk, name__in=("cases.read", "files.read")).count()
        answer = _call(clerk, method, path, _keys(case, task))
        assert answer.status_code == 200, (path, answer.content)
        after = LogEntry.objects.filter(case_id=case.pk, name__in=("cases.read", "files.read")).count()
        assert after > before, path
    place = LogEntry.objects.filter(name="cases.read").latest("pk").place
    assert clerk.key.mark in place


def test_protected_cases_are_closed_to_machines(people):
    _, case = testing.apply(papers=[("insurance", testing.PDF)])
    from honrai.cases.models import Case

    Case.objects.filter(pk=case.pk).update(protected=True)
    for place in ({"unit": people.unit}, {"contract": people.contract}):
        caller = machine(people, **place)
        assert caller.get("/cases").json()["items"] == []
        assert caller.get("/tasks").json()["items"] == []
        assert caller.post("/tasks/next").json()["task"] is None
        assert caller.get(f"/cases/{case.pk}").status_code == 403


def test_a_machine_works_in_its_own_place_only(people):
    _, case = testing.apply()
    task = testing.open_task(case, "receive_check")
    city = machine(people, unit=people.unit)
    assert city.post(f"/tasks/{task.pk}/claim").status_code in (403, 404)
    firm = machine(people, contract=people.contract)
    assert firm.post(f"/tasks/{task.pk}/claim").status_code == 200
    task.refresh_from_db()
    assert task.claimed_by == firm.key.person_id


def test_the_description_and_its_page_need_no_key_and_nothing_from_outside(people):
    client = Client(headers={"host": "a.test"})
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    page = client.get("/api/v1/docs/").content.decode()
    for outside in ("//cdn", "https://", '<script src="http'):
        assert outside not in page
    for _, path in _endpoints():
        assert path in page
    for each in described["paths"].values():
        for one in each.values():
            assert {"401", "403", "429"} <= set(one["responses"])


def test_scopes_have_words():
    assert all(not one.label.isascii() for one in Scope)
