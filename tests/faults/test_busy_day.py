"""A busy day: so many applications driven to a decision by forty scripted people at once; no error, none stuck, none lost.

Sixty in the suite; `HONRAI_SOAK=1` (`make soak`) drives 10,000, `HONRAI_BUSY=500` as many as said.
"""

import os
import random
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from conftest import CITY_A

pytestmark = pytest.mark.slow
APPLICATIONS = int(os.environ.get("HONRAI_BUSY", "10000" if os.environ.get("HONRAI_SOAK") else "60"))
PEOPLE = 40
PDF = b"%PDF-1.7\n" + b"x" * 100
RESULTS = {"second_check": "一致"}


class Day:
    """What happens on the day: who did how much, what went wrong, whether it is over."""

    def __init__(self, count):
        self.left = list(range(count))
        self.lock = threading.Lock()
        self.done, self.wrong = Counter(), []
        self.over = threading.Event()

    def run(self, name, step, actor, number):
        """One person: do a step, rest a moment where there was none, until the day is over."""
        from django.db import connections

        from honrai.platform.errors import Conflict

        pause = random.Random(number)
        while not self.over.is_set():
            try:
                did = step(actor)
            except Conflict:
                did = False  # somebody was quicker
            except Exception as error:
                self.wrong.append(f"{name}: {error!r}")
                did = False
            if did:
                self.done[name] += 1
            else:
                time.sleep(pause.uniform(0.1, 0.5))
        connections.close_all()

    def next(self):
        with self.lock:
            return self.left.pop() if self.left else None


def _apply(day):
    from honrai.cases.testing import APPLICANT, VALUES
    from honrai.intake import api as intake
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    def step(actor):
        number = day.next()
        if number is None:
            return False
        with in_city(CITY_A):
            made = intake.start(
                procedure="kodomo-iryo", channel="web", token=f"busy-day-{number}", who=APPLICANT, now=NOW
            )
            intake.save(application=made, values=VALUES, now=NOW)
            intake.attach(application=made, kind="insurance", content=PDF, name="p.pdf", who=APPLICANT, now=NOW)
        with in_city(CITY_A):
            intake.submit(application=made, who=APPLICANT, now=NOW)
        return True

    return step


def _work(actor):
    """Take the next task and finish it; a step before the decider is the decider's."""
    from honrai.cases import api as cases
    from honrai.cases.models import Task
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(CITY_A):
        task = cases.claim_next(actor=actor, now=NOW)
        if task is None:
            return False
        node = Task.objects.get(pk=task).node
    with in_city(CITY_A):
        if node == "issue":
            cases.issue(task=task, actor=actor, now=NOW)
        else:
            cases.complete(task=task, result=RESULTS.get(node, ""), actor=actor, now=NOW)
    return True


def _decide(actor):
    from honrai.approvals import api as approvals
    from honrai.approvals.models import Document
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(CITY_A):
        waiting = list(Document.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True)[:20])
        if not waiting:
            return False
        approvals.approve(document=random.choice(waiting), actor=actor, now=NOW)
    return True


def _jobs(actor):
    """What the job worker does with one waiting delivery."""
    import json

    from django.db import connection, transaction

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.api import deliver
    from honrai.platform.organisations.testing import NOW

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE task_name = 'events.deliver' AND status = 'todo' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)"
            " RETURNING args"
        )
        row = cursor.fetchone()
    if row is None:
        return False
    args = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    with in_city(CITY_A):
        deliver(args["entry"], args["subscriber"], now=NOW)
    return True


@pytest.fixture
def people(committed, stopped_clock, tmp_path, monkeypatch):
    from honrai.cases.testing import town
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        made = town(CITY_A, tmp_path, monkeypatch)
        return made, [_clerk(made, number) for number in range(8)]


def _clerk(people, number):
    from honrai.platform.authority.api import Rank, system_actor
    from honrai.platform.organisations import api as organisations
    from honrai.platform.organisations.testing import DAY, NOW, START

    make = {"actor": system_actor(CITY_A, START), "now": NOW}
    post = organisations.define_post(
        **make, code=f"busy{number}", unit=people.unit, title="主事", rank=Rank.STAFF, since=START
    )
    person = organisations.register_staff(**make, number=f"B-{number}", name=f"職員 {number}")
    organisations.assign_post(**make, person=person, post=post, since=START)
    return organisations.actor_of_person(person, CITY_A, DAY)


def _staff(people, clerks, day):
    """Forty people: 26 of the contract, 8 clerks, 3 who decide, 3 who do what the job worker does; and four phones."""
    many = [("operator", _work, replace(people.operator, person=10_000 + number)) for number in range(26)]
    many += [("clerk", _work, clerk) for clerk in clerks]
    many += [("head", _decide, people.head)] * 3 + [("jobs", _jobs, people.head)] * 3
    assert len(many) == PEOPLE
    many += [("applicant", _apply(day), people.head)] * 4
    for number, (name, step, actor) in enumerate(many):
        yield threading.Thread(target=day.run, args=(name, step, actor, number))


def test_a_busy_day_loses_nothing(people):
    day = Day(APPLICATIONS)
    started = time.perf_counter()
    threads = list(_staff(*people, day))
    for thread in threads:
        thread.start()
    limit = started + 60 + APPLICATIONS * 2.0
    while time.perf_counter() < limit and _closed() < APPLICATIONS:
        time.sleep(0.3)
    day.over.set()
    for thread in threads:
        thread.join(60)
    took = time.perf_counter() - started
    print(f"{APPLICATIONS:,} applications in {took:.0f} s with {PEOPLE} people: {dict(day.done)}")
    assert not day.wrong, (len(day.wrong), Counter(day.wrong).most_common(5))
    _nothing_is_lost()


def _closed():
    from honrai.cases.models import Case
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        return Case.objects.filter(closed_at__isnull=False).count()


def _nothing_is_lost():
    """Every application has its one case, every case its one decision and its letter; nothing waits, no number is missing."""
    from honrai.cases.models import Case, CaseDecision, CaseLetter, Task
    from honrai.intake.models import Application
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        sent = set(Application.objects.exclude(number="").values_list("pk", flat=True))
        assert len(sent) == APPLICATIONS
        assert set(Case.objects.values_list("application", flat=True)) == sent
        assert Case.objects.count() == CaseDecision.objects.count() == APPLICATIONS
        assert Case.objects.filter(closed_at=None).count() == 0
        assert CaseLetter.objects.values("case").distinct().count() == APPLICATIONS
        assert not Task.objects.filter(state__in=("open", "held")).exists()
        assert len(set(Case.objects.values_list("number", flat=True))) == APPLICATIONS
