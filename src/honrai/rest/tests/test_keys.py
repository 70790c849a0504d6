"""Keys: granting, collecting once, where and until when they work, how often; the same request sent twice."""

import json
import threading
from datetime import timedelta

import pytest
from conftest import CITY_A, CITY_B
from django.db import connections
from django.test import Client

from honrai.cases import testing
from honrai.cases.models import Case
from honrai.platform.authority.api import Conflict, Denied, Invalid, NotFound
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW, small_city
from honrai.platform.signin.testing import signed_in
from honrai.rest import keys, limits, repeats
from honrai.rest.models import Answer, ApiKey, KeyUse
from honrai.rest.scopes import Scope
from honrai.rest.testing import USUAL, calling, machine

VALUES = {"procedure": "kodomo-iryo", "values": testing.VALUES}


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


def _wanted(people, **more):
    given = {"name": "試験", "holder": "person", "person": people.clerk.person, "scopes": (Scope.CASES_READ,)}
    return keys.Wanted(**(given | {"expires_on": NOW.date() + timedelta(days=10)} | more))


def test_only_the_charged_official_grants_and_only_the_holder_collects_once(people):
    for actor in (people.clerk, people.head, people.manager):
        with pytest.raises(Denied):
            keys.issue(_wanted(people), actor=actor, now=NOW)
    key = keys.issue(_wanted(people), actor=people.personnel, now=NOW)
    with pytest.raises(NotFound):
        keys.collect(key=key, actor=people.personnel, now=NOW)
    token = keys.collect(key=key, actor=people.clerk, now=NOW)
    with pytest.raises(Conflict):
        keys.collect(key=key, actor=people.clerk, now=NOW)
    row = ApiKey.objects.get(pk=key)
    assert token not in json.dumps({name: str(value) for name, value in vars(row).items()})
    assert row.digest == keys.digest(token)
    names = LogEntry.objects.filter(subject_kind="api_key").values_list("name", flat=True)
    assert set(names) == {"rest.key_issued", "rest.key_collected"}


@pytest.mark.parametrize(
    "more",
    [
        {"scopes": ()},
        {"scopes": ("everything",)},
        {"expires_on": NOW.date()},
        {"expires_on": NOW.date() + timedelta(days=401)},
        {"networks": ("10.0.0.0/99",)},
        {"per_minute": 0},
        {"name": " "},
        {"holder": "system", "person": None},
        {"holder": "system", "person": None, "unit": 999_999},
        {"holder": "robot", "person": None, "contract": 999_999},
    ],
)
def test_what_cannot_be_is_not_granted(people, more):
    with pytest.raises(Invalid):
        keys.issue(_wanted(people, **more), actor=people.personnel, now=NOW)


def test_public_authority_is_not_lent(people):
    for scope in (Scope.DECISIONS_TAKE, Scope.DECISIONS_DRAFT):
        with pytest.raises(Invalid):
            keys.issue(_wanted(people, person=people.manager.person, scopes=(scope,)), actor=people.personnel, now=NOW)
        with pytest.raises(Invalid):
            keys.issue(
                _wanted(people, holder="robot", person=None, unit=people.unit, scopes=(scope,)),
                actor=people.personnel,
                now=NOW,
            )


def test_a_key_stops_working_at_once_and_at_its_day(people, stopped_clock):
    caller = calling(people, people.clerk)
    assert caller.get("/me").json()["kind"] == "staff"
    stopped_clock.at += timedelta(days=30)
    assert caller.get("/me").status_code == 401
    stopped_clock.at -= timedelta(days=30)
    keys.revoke(key=caller.key.pk, actor=people.clerk, now=NOW)
    refused = caller.get("/me")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Bearer"
    with pytest.raises(Denied):
        keys.revoke(key=caller.key.pk, actor=people.second, now=NOW)


def test_a_key_works_from_its_networks_only(people):
    caller = calling(people, people.clerk, networks=("198.51.100.0/24",))
    refused = caller.get("/me")
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")
    assert LogEntry.objects.filter(name="rest.refused").count() == 1
    caller.key.networks = ["127.0.0.0/8"]
    caller.key.save()
    assert caller.get("/me").status_code == 200


def test_a_leaver_s_key_opens_nothing(people):
    from honrai.platform.organisations.models import Assignment

    caller = calling(people, people.clerk)
    Assignment.objects.filter(person=people.clerk.person).delete()
    assert caller.get("/me").status_code == 403


def test_calls_are_counted_and_limited(people, stopped_clock):
    caller = calling(people, people.clerk, per_minute=3)
    assert [caller.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert caller.get("/me")["Retry-After"] == "60"
    assert limits.last_used([caller.key.pk])
    stopped_clock.at += timedelta(minutes=1)
    assert caller.get("/me").status_code == 200
    limits.forget_uses(NOW + timedelta(days=60))
    assert not KeyUse.objects.exists()


def test_without_a_scope_nothing(people):
    caller = calling(people, people.clerk, Scope.EVENTS_READ)
    refused = caller.get("/cases")
    assert (refused.status_code, refused.json()["code"]) == (403, "no-scope")


def test_the_screen_grants_shows_once_and_revokes(people):
    browser = signed_in(people.personnel)
    page = browser.post(
        "/api-keys/",
        {
            "name": "学校事務システム", "holder": "system", "unit": people.unit, "scopes": ["cases:read", "events:read"],
            "per_minute": 60, "expires_on": "R090331",
        },
    )  # fmt: skip
    assert page.status_code == 302, page.content.decode()
    key = ApiKey.objects.get()
    assert "受け取る" in browser.get(f"/api-keys/{key.pk}/").content.decode()
    shown = browser.post(f"/api-keys/{key.pk}/collect/").content.decode()
    assert f"hk_{key.mark}_" in shown
    assert "hk_" not in browser.get(f"/api-keys/{key.pk}/").content.decode()
    made = browser.post(f"/api-keys/{key.pk}/subscribe/", {"url": "https://example.jp/x", "events": ["cases.closed"]})
    assert "whsec_" in made.content.decode()
    assert (
        browser.post(f"/api-keys/{key.pk}/subscribe/", {"url": "http://x", "events": ["cases.closed"]}).status_code
        == 422
    )
    assert browser.post("/api-keys/", {"network": "10.1.0.0/16", "reason": "庁内"}).status_code == 302
    assert browser.post(f"/api-keys/{key.pk}/revoke/", {"charged": "1"}).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert signed_in(people.clerk).get("/api-keys/").status_code == 403
    assert signed_in(people.clerk).get("/api-keys/own/").status_code == 200


def test_the_same_request_twice_is_done_once(city, tmp_path, monkeypatch, stopped_clock):
    people = testing.town(city, tmp_path, monkeypatch)
    caller = machine(people, unit=people.unit)
    first = caller.post("/applications", VALUES, again="a-1")
    second = caller.post("/applications", VALUES, again="a-1")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert "secret" not in Answer.objects.get().body
    other = caller.post("/applications", VALUES | {"arrived_on": "2026-04-14"}, again="a-1")
    assert (other.status_code, other.json()["code"]) == (422, "key-used-otherwise")
    missing = Client(headers={"host": "a.test"}).post(
        "/api/v1/tasks/next", "{}", content_type="application/json", headers={"authorization": f"Bearer {caller.token}"}
    )
    assert (missing.status_code, missing.json()["code"]) == (422, "malformed")
    repeats.forget(NOW + timedelta(hours=49))
    assert not Answer.objects.exists()


def test_what_was_refused_may_be_sent_again_with_the_same_key(people):
    caller = calling(people, people.clerk)
    for _ in range(2):
        assert caller.post("/tasks/999/claim", again="again").status_code == 404
    assert not Answer.objects.exists()


def test_two_at_once_with_one_key_are_one(committed, tmp_path, monkeypatch, stopped_clock):
    with in_city(CITY_A):
        people = testing.town(CITY_A, tmp_path, monkeypatch)
        caller = machine(people, unit=people.unit)
    found = []

    def send():
        found.append(caller.post("/applications", VALUES, again="same"))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert {one.status_code for one in found} == {201}
    assert len({one.content for one in found}) == 1
    with in_city(CITY_A):
        assert Case.objects.count() == 1


def test_a_key_of_one_city_is_none_in_another(db, stopped_clock):
    with in_city(CITY_B):
        there = small_city(CITY_B, tag="b-")
        stranger = calling(there, there.clerk, host="a.test")
    with in_city(CITY_A):
        small_city(CITY_A, tag="a-")
    assert stranger.get("/me").status_code == 401
    stranger.host = "b.test"
    assert stranger.get("/me").json()["city"] == "試験市B"


def test_bodies_that_are_no_json_or_cannot_be_kept_are_refused(people):
    caller = calling(people, people.operator, *USUAL)
    for body in (
        "{",
        "[1]",
        '{"reason": NaN}',
        '{"reason": "\\u0000"}',
        '{"reason": "\\ud800"}',
        "[" * 5000,
        '{"a":1e999}',
    ):
        refused = caller.post("/tasks/1/release", body)
        assert refused.status_code == 400, (body, refused.json())
        assert refused.json()["code"] == "unreadable"
    assert caller.post("/tasks/1/release", {"reasom": ""}).json()["code"] == "malformed"
    assert caller.get("/no/such").json()["code"] == "no-address"
