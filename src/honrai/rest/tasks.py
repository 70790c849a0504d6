"""Jobs of the machine interface: sending notices, forgetting what need not be kept."""

from datetime import datetime

from procrastinate.contrib.django import app

from honrai.platform import clock
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.jobs.api import enqueue, every_city, job
from honrai.rest import limits, repeats
from honrai.rest.webhooks import operations


@job("rest.send")
def send(*, now: datetime, delivery: int) -> None:
    """Send one notice; what is not taken is tried again, and at last lies with the jobs that gave up."""
    operations.send(delivery, now=now)


def tell(announced: Announced) -> None:
    """Note an event for whoever subscribed to it, with a job for each."""
    for delivery in operations.tell(announced):
        enqueue(send, current_city(), delivery=delivery)


@app.periodic(cron="17 * * * *")
@app.task(name="rest.forget", queueing_lock="rest.forget", lock="rest.forget")
def forget(timestamp: int) -> None:
    """Drop answers and counts that are older than they need be."""
    now = clock.now()
    every_city(_forget, now=now)


def _forget(now: datetime) -> None:
    repeats.forget(now)
    limits.forget_uses(now)
