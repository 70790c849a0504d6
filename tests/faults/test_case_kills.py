"""kill -9 of the process in the middle of submit, claim, complete, approve, issue: nothing lost, nothing done twice."""

import os
import random
import subprocess
import sys
import time

import pytest
from conftest import CITY_A, ROOT

pytestmark = pytest.mark.slow
KILLS = 60 if os.environ.get("HONRAI_SOAK") else 4
CASES = 6

#: Walks cases from submission to the issued letter, one transaction a step, and goes on where an earlier walker was killed.
WALKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "honrai.site.settings"
import django
django.setup()
from pathlib import Path
from django.db import transaction
from honrai.approvals import api as approvals
from honrai.cases import api as cases, testing
from honrai.cases.models import Case, Task
from honrai.cases.ports import ports
from honrai.intake import api as intake
from honrai.platform.cities.tenancy import in_city
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.api import actor_of_person
from honrai.platform.organisations.testing import DAY, NOW

CITY, WANTED = int(sys.argv[1]), int(sys.argv[2])
PEOPLE = dict(zip(["operator", "operator2", "clerk", "head"], map(int, sys.argv[3].split(","))))
files._store = lambda: EncryptedStore(FolderStore(Path(sys.argv[4])), bytes(32))
ports.facts[:] = [lambda question: testing.FACTS]
WHO = {"receive_check": "operator", "second_check": "operator2", "draft": "clerk", "issue": "clerk", "dispatch": "operator",
       "core_entry": "clerk"}


def step(work):
    with in_city(CITY):  # one transaction
        return work()


def actor(name):
    return actor_of_person(PEOPLE[name], CITY, DAY)


def submit(number):
    said = {"who": testing.APPLICANT, "now": NOW}
    application = intake.start(procedure="kodomo-iryo", channel="web", token=f"walk-{number}-{'x' * 20}", **said)
    from honrai.intake.models import Application
    row = Application.objects.get(pk=application)
    if row.submitted_at is None:
        intake.save(application=application, values=testing.VALUES, now=NOW)
        if not row.attachments.exists():
            paper = b"%PDF-1.7 " + b"x" * 99
            intake.attach(application=application, kind="insurance", content=paper, name="a", **said)
    number = intake.submit(application=application, **said).number
    print("submitted", number, flush=True)


def go_on(task):
    row = Task.objects.get(pk=task)
    if row.robot:
        from honrai.cases.operations.completing import link_facts
        link_facts(task=task, now=NOW)
    elif row.document is not None:
        approvals.approve(document=row.document, actor=actor("head"), now=NOW)
    else:
        who = actor(WHO[row.node])
        cases.claim(task=task, actor=who, now=NOW)
        if row.node == "issue":
            cases.issue(task=task, actor=who, now=NOW)
        else:
            cases.complete(task=task, result="一致" if row.node == "second_check" else "", actor=who, now=NOW)
    print("done", task, flush=True)


for number in range(WANTED):
    step(lambda: submit(number))
while (task := step(lambda: Task.objects.filter(state="open").order_by("pk").values_list("pk", flat=True).first())) is not None:
    step(lambda: go_on(task))
print("finished", flush=True)
"""


def test_cases_walked_by_processes_that_are_killed(committed, owner, tmp_path, monkeypatch, test_server, test_database):
    from honrai.cases import testing
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.db.roles import APP

    with in_city(CITY_A):
        people = testing.town(CITY_A, tmp_path, monkeypatch)
    keys = ",".join(str(one.person) for one in (people.operator, people.operator2, people.clerk, people.head))
    command = [sys.executable, "-c", WALKER, str(CITY_A), str(CASES), keys, str(tmp_path)]
    environment = os.environ | {
        "HONRAI_DATABASE_URL_NOW": test_server.url(APP, test_database),
        "PYTHONPATH": str(ROOT / "src"),
    }
    told = _walk_and_kill(command, environment, seed=11)
    with in_city(CITY_A):
        _check(told)


def _walk_and_kill(command: list[str], environment: dict[str, str], seed: int) -> list[str]:
    """Run walkers, killing each at a random moment after it began to work; the last one may finish. Returns all lines told."""
    dice, told = random.Random(seed), []
    for attempt in range(KILLS + 1):
        with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as walker:
            assert walker.stdout is not None
            first = walker.stdout.readline()
            if attempt < KILLS:
                time.sleep(dice.random() * 1.2)
                walker.kill()
            told += [first.strip(), *walker.stdout.read().split("\n")]
    assert "finished" in told
    return told


def _check(told: list[str]) -> None:
    from django.db.models import Count

    from honrai.cases.models import Case, CaseDecision, CaseLetter, Task
    from honrai.platform.events.models import LogEntry

    rows = Case.objects.all()
    assert rows.count() == CASES
    assert set(rows.values_list("stage", "outcome")) == {("完結", "認定")}
    submitted = {line.split()[1] for line in told if line.startswith("submitted ") and len(line.split()) == 2}
    assert submitted <= set(rows.values_list("number", flat=True)), "a number was told and is lost"
    done = {int(line.split()[1]) for line in told if line.startswith("done ") and len(line.split()) == 2}
    assert done <= set(Task.objects.filter(state="done").values_list("pk", flat=True)), (
        "a step was acknowledged and lost"
    )
    assert CaseDecision.objects.count() == CASES
    assert CaseLetter.objects.count() == 2 * CASES, "a letter is lost or doubled"
    numbers = list(CaseLetter.objects.values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers)
    doubled = (
        LogEntry.objects.filter(name="cases.task_done").values("subject_id").annotate(n=Count("pk")).filter(n__gt=1)
    )
    assert not doubled.exists()
