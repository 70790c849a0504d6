"""The jobs of the platform itself: delivering events, sealing the log, picking up after crashed workers."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from honrai.platform import clock
from honrai.platform.events import api as events
from honrai.platform.events.rules import signing_key
from honrai.platform.events.sealing import seal
from honrai.platform.jobs.api import STALLED_AFTER, enqueue, every_city, job


@job("events.deliver")
def deliver(*, now: datetime, entry: int, subscriber: str) -> None:
    """Give one event to one subscriber, once."""
    events.deliver(entry, subscriber, now=now)


def defer_delivery(city: int, entry: int, subscriber: str, case: int | None) -> None:
    """Enqueue a delivery; those of one case to one subscriber keep their order."""
    lock = f"{city}/{case}/{subscriber}" if case is not None else None
    enqueue(deliver, city, lock=lock, entry=entry, subscriber=subscriber)


def publish_head(head: dict[str, Any]) -> None:
    """Append a signed head to the file outside the database once its seal has committed."""
    transaction.on_commit(lambda: _append_head(head))


def _append_head(head: dict[str, Any]) -> None:
    path = Path(settings.CONFIG.var) / "audit" / "heads.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        file.flush()
        os.fsync(file.fileno())


@app.periodic(cron="*/30 * * * * *")
@app.task(name="events.seal", queueing_lock="events.seal", lock="events.seal")
def seal_logs(timestamp: int) -> None:
    """Seal what every city's log has finished since the last time."""
    key = signing_key(settings.CONFIG.audit_key)
    every_city(lambda now: seal(key=key, now=now, publish=publish_head), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="jobs.rescue", queueing_lock="jobs.rescue", pass_context=True)
async def rescue_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of dead workers back into the queue."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds()):
        await manager.retry_job(stalled, retry_at=clock.now())
