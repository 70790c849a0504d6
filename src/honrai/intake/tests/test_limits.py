"""Guessing at receipt numbers and flooding the applicants' pages is slowed, kindly, and never tells what was right."""

from datetime import timedelta

import pytest
from tests.shared_data import ROOT

from honrai.intake import limits
from honrai.intake import operations as intake
from honrai.intake.models import Application
from honrai.platform.events.api import Who
from honrai.platform.organisations.testing import small_city
from honrai.platform.signin.limits import Limit, check_limit, count_try
from honrai.platform.signin.models import Try
from honrai.procedures import api as procedures

WHO = Who("applicant")


@pytest.fixture
def receipt(city, stopped_clock):
    """A receipt of an application, without a case."""
    now = stopped_clock.at
    Application.objects.create(
        token="t", number="08-000001", secret=intake.hashed("RIGHTCODE2"), version=1, procedure="p", channel="web",
        started_at=now, saved_at=now, submitted_at=now, arrived_on=now.date(),
    )  # fmt: skip
    return {"number": "08-000001", "secret": "RIGHTCODE2"}


def _ask(client, given, address="203.0.113.9"):
    return client.post("/apply/status/", given, headers={"host": "a.test"}, REMOTE_ADDR=address)


def test_after_five_wrong_tries_a_number_rests_also_for_the_right_secret(client, receipt, stopped_clock):
    wrong = receipt | {"secret": "WRONGCODE2"}
    assert [_ask(client, wrong, f"203.0.113.{n}").status_code for n in range(5)] == [200] * 5
    answer = _ask(client, receipt, "198.51.100.1")
    assert answer.status_code == 429
    assert "15分ほどたってから" in answer.content.decode()
    assert "08-000001" in answer.content.decode(), "the number typed stays"
    stopped_clock.at += timedelta(minutes=16)
    assert _ask(client, receipt, "198.51.100.1").status_code == 302


def test_an_address_that_tries_many_numbers_rests_and_others_go_on(client, receipt):
    for number in range(limits.WRONG_FROM_ADDRESS.most):
        assert _ask(client, {"number": f"08-{number + 100:06}", "secret": "X"}).status_code == 200
    assert _ask(client, receipt).status_code == 429
    assert _ask(client, receipt, "198.51.100.1").status_code == 302


def test_right_answers_are_not_counted(client, receipt):
    for _ in range(30):
        assert _ask(client, receipt).status_code == 302
    assert not Try.objects.exists()


def test_starting_again_and_again_rests(client, city, stopped_clock, monkeypatch):
    people = small_city(city)
    files = procedures.files_of_folder(ROOT / "packs" / "kodomo-iryo")
    procedures.publish(files=files, actor=people.head, now=people.now)
    monkeypatch.setattr(limits, "STARTED", Limit("intake.started", 2, timedelta(hours=1), limits.STARTED.told))
    answers = [
        client.post("/apply/start/kodomo-iryo/", {"token": "t" * 20 + str(n)}, headers={"host": "a.test"})
        for n in range(3)
    ]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "1時間ほどたってから" in answers[2].content.decode()
    assert Application.objects.count() == 2


def test_no_address_is_stored_and_old_tries_are_forgotten(city, stopped_clock):
    limit = Limit("x", 1, timedelta(hours=1), "止めています")
    count_try(limit, "203.0.113.9", now=stopped_clock.at)
    assert "203" not in Try.objects.get().key
    count_try(limit, "203.0.113.10", now=stopped_clock.at + timedelta(days=1, minutes=1))
    assert Try.objects.count() == 1
    check_limit(limit, "203.0.113.9", now=stopped_clock.at)
