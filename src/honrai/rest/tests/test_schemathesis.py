"""schemathesis against every endpoint, seeded: no failure (5xx), no status, media type or shape that is not described.

`make soak` runs it for twenty minutes with ever new examples (`HONRAI_SOAK`, seconds in `HONRAI_SOAK_SECONDS`).
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from honrai.cases import testing
from honrai.cases.models import Case, Task
from honrai.rest.testing import EVERY, calling, machine

SECONDS = float(os.environ.get("HONRAI_SOAK_SECONDS", "1200")) if os.environ.get("HONRAI_SOAK") else 0
EXAMPLES = 6
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


class Doors:
    """The site as a WSGI application, called by one of several keys; the clock goes on with every call."""

    def __init__(self, callers, clock):
        self._site, self._callers, self._clock = get_wsgi_application(), callers, clock
        self.turn = 0

    def __call__(self, environ, start_response):
        self.turn += 1
        self._clock.at += timedelta(seconds=1)
        caller = self._callers[self.turn % len(self._callers)]
        environ |= {"HTTP_HOST": "a.test", "HTTP_AUTHORIZATION": f"Bearer {caller.token}"}
        return self._site(environ, start_response)


@pytest.fixture
def doors(city, tmp_path, monkeypatch, stopped_clock):
    people = testing.town(city, tmp_path, monkeypatch)
    for number in range(6):
        _, case = testing.apply(papers=[("insurance", testing.PDF)] if number % 2 else ())
    testing.work(case, people.operator, "receive_check")
    testing.jobs(case)
    testing.work(case, people.operator2, "second_check", "一致")
    testing.work(case, people.clerk, "draft")
    callers = [calling(people, actor, *EVERY, per_minute=6000) for actor in (people.clerk, people.head)]
    callers += [calling(people, people.operator, per_minute=6000), machine(people, unit=people.unit, per_minute=6000)]
    signals = (request_started, request_finished)
    for signal in signals:  # the connection holds the test's transaction
        signal.disconnect(close_old_connections)
    yield Doors(callers, stopped_clock)
    for signal in signals:
        signal.connect(close_old_connections)


def _known():
    """Keys of rows that stand, for each place in an address."""
    files = [one["file"] for row in Case.objects.all() for one in row.attachments]
    return {
        "case": list(Case.objects.values_list("pk", flat=True)),
        "task": list(Task.objects.values_list("pk", flat=True)),
        "document": list(Task.objects.exclude(document=None).values_list("document", flat=True)),
        "application": list(Case.objects.values_list("application", flat=True)),
        "file": files,
    }


def _try(operation, known, statuses, *, examples, number):
    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), pick=st.integers(0, 10**6), token=st.uuids(), star=st.booleans())
    def one(case, pick, token, star):
        for name in case.path_parameters or {}:
            if pick % 4:
                case.path_parameters[name] = known[name][pick % len(known[name])]
        if operation.method.upper() == "POST":
            case.headers = (
                dict(case.headers or {}) | {"Idempotency-Key": str(token)} | ({"If-Match": "*"} if star else {})
            )
        response = case.call()
        case.validate_response(response, checks=CHECKS)
        statuses[response.status_code] += 1

    one()


def test_no_failure_and_nothing_undescribed(doors):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", doors)
    operations = [found.ok() for found in schema.get_all_operations()]
    known, statuses, begun, number = _known(), Counter(), time.monotonic(), 20260401
    assert len(operations) == 23
    rng = random.Random()
    while True:
        for operation in operations:
            _try(operation, known, statuses, examples=EXAMPLES if not SECONDS else 20, number=number)
        if time.monotonic() - begun >= SECONDS:
            break
        number = rng.randrange(2**32)
    assert statuses[200] > 20, statuses
    print(f"{sum(statuses.values())} calls, answers {dict(sorted(statuses.items()))}, {time.monotonic() - begun:.0f} s")
