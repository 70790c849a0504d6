"""Work of cases that no person waits for: looking up facts, letters of request, timers."""

from datetime import datetime

from procrastinate.contrib.django import app

from honrai.cases.models import Timer
from honrai.cases.operations.asking import REMINDER
from honrai.cases.operations.bulk import go_on
from honrai.cases.operations.completing import fire_timer, link_facts
from honrai.cases.operations.contacting import fire_reminder
from honrai.cases.operations.issuing import request_letter
from honrai.cases.operations.telling import tell_core
from honrai.cases.rules import TELLING
from honrai.platform import clock
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.jobs.api import every_city
from honrai.platform.organisations.api import actor_of_person

_BATCH = 200


def run_service(announced: Announced, *, now: datetime | None = None) -> None:
    """Do the step of a service: `link-facts` asks the sources what they know, `core-entry` tells the core systems."""
    if announced.data["robot"] == "link-facts":
        link_facts(task=announced.data["task"], now=now or clock.now())
    elif announced.data["robot"] in TELLING:
        tell_core(task=announced.data["task"], now=now or clock.now())


def send_request(announced: Announced) -> None:
    """Make the letter that asks the applicant to complete the application, the first time or again."""
    if announced.case is not None and announced.data["letter"]:
        request_letter(case=announced.case, letter=announced.data["letter"], who=announced.who, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="cases.timers", queueing_lock="cases.timers", lock="cases.timers")
def fire_timers(timestamp: int) -> None:
    """Fire every timer that is due, city by city."""
    every_city(fire_due, now=clock.now())


def fire_due(*, now: datetime) -> int:
    """Fire the timers of the current city that are due; returns how many."""
    due = list(Timer.objects.filter(due__lte=now).order_by("due").values_list("case_id", "key", "node")[:_BATCH])
    for case, key, node in due:
        if node == REMINDER:
            fire_reminder(case=case, key=key, now=now)
        else:
            fire_timer(case=case, key=key, now=now)
    return len(due)


def run_bulk(announced: Announced) -> None:
    """Do the next piece of a bulk act in the name of whoever asked for it, as they stand today."""
    now = clock.now()
    actor = actor_of_person(announced.who.person or 0, current_city(), now.date(), place=announced.who.place)
    go_on(bulk=announced.data["bulk"], actor=actor, now=now)
