"""Defining, enqueuing and watching jobs.

A job belongs to a city, takes ids only, and runs inside `in_city` in one transaction: it happened, or it did not. It may be
run again after a crash, so what it does must bear that; deliveries of events do (`events.api.deliver`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import close_old_connections, connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from honrai.platform import clock
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import in_city

STALLED_AFTER = timedelta(seconds=30)
RETRIES = RetryStrategy(max_attempts=8, exponential_wait=3)


class JobFunction(Protocol):
    """What a job is: takes the moment it runs at and ids."""

    def __call__(self, *, now: datetime, **ids: Any) -> None:
        """Do the work."""


def job(name: str) -> Callable[[Callable[..., None]], Task[Any, Any, Any]]:
    """Make `fn(now=..., **ids)` a job of a city, enqueued with `enqueue(job, city, **ids)`.

    Args:
        name: `chapter.what`, stable over releases: waiting jobs are found by it.
    """

    def decorate(fn: Callable[..., None]) -> Task[Any, Any, Any]:
        def run(context: JobContext, /, city: int, **ids: Any) -> None:
            close_old_connections()
            with in_city(city):
                fn(now=clock.now(), **ids)

        return app.task(name=name, pass_context=True, retry=RETRIES)(run)

    return decorate


def enqueue(task: Task[Any, Any, Any], city: int, *, lock: str | None = None, **ids: Any) -> int:
    """Enqueue a job in the running transaction; it starts after commit. Returns the job's key.

    Args:
        task: made by `job`.
        city: key of the city.
        lock: jobs with the same lock run one after another, in the order enqueued.
        ids: keys, codes and dates; never names or other personal data.
    """
    return int(task.configure(lock=lock).defer(city=city, **ids))


def every_city(task: Callable[..., object], *, now: datetime, **ids: Any) -> None:
    """Run `task(now=..., **ids)` once for each city, each in its own transaction."""
    for key in City.objects.order_by("pk").values_list("pk", flat=True):
        with in_city(key):
            task(now=now, **ids)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that gave up after its retries."""

    id: int
    name: str
    ids: dict[str, Any]
    attempts: int
    last_at: datetime | None


def dead_letters(city: int, *, offset: int = 0, limit: int = 50) -> Sequence[DeadLetter]:
    """Return the jobs of a city that gave up, newest first."""
    rows = ProcrastinateJob.objects.filter(status="failed", args__city=city).order_by("-id")[offset : offset + limit]
    return [_dead_letter(row) for row in rows]


def count_jobs(city: int) -> dict[str, int]:
    """Return how many jobs of a city there are in each state (todo, doing, succeeded, failed, ...)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, count(*) FROM procrastinate_jobs WHERE args->>'city' = %s GROUP BY status", [str(city)]
        )
        return {status: int(count) for status, count in cursor.fetchall()}


def count_all_jobs() -> dict[str, int]:
    """Return how many jobs of all cities there are in each state but "succeeded", which grows for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM procrastinate_jobs WHERE status <> 'succeeded' GROUP BY status")
        counted = {status: int(count) for status, count in cursor.fetchall()}
    return {"todo": 0, "doing": 0, "failed": 0} | counted


def retry_dead_letter(city: int, job_id: int, *, now: datetime) -> bool:
    """Put a job that gave up back into the queue; False where it is not a dead letter of this city."""
    if not ProcrastinateJob.objects.filter(pk=job_id, status="failed", args__city=city).exists():
        return False
    app.job_manager.retry_job_by_id(job_id, retry_at=now)
    return True


def _dead_letter(row: ProcrastinateJob) -> DeadLetter:
    ids = {key: value for key, value in row.args.items() if key != "city"}
    last = row.procrastinateevent_set.order_by("-at").values_list("at", flat=True).first()
    return DeadLetter(row.pk, row.task_name, ids, row.attempts, last)
