"""How far a job has come, and the wish to stop it: on a connection of its own, so both are seen before its transaction ends.

A job works inside `with progress("load", 7) as note:` and calls `note(stage, done, total)` between its chunks. Where somebody
asked to stop, `note` raises `Stopped`: the job's transaction (or savepoint) rolls back and nothing is half-done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from honrai.platform.cities.tenancy import SETTING, current_city
from honrai.platform.jobs.models import Progress

_UPSERT = """INSERT INTO jobs_progress (city_id, subject, key, stage, done, total, stopping)
VALUES (%(city)s, %(subject)s, %(key)s, %(stage)s, %(done)s, %(total)s, false)
ON CONFLICT (city_id, subject, key) DO UPDATE SET stage = excluded.stage, done = excluded.done, total = excluded.total
RETURNING stopping"""
_STOP = """INSERT INTO jobs_progress (city_id, subject, key, stage, done, total, stopping)
VALUES (%(city)s, %(subject)s, %(key)s, '', 0, 0, true)
ON CONFLICT (city_id, subject, key) DO UPDATE SET stopping = true RETURNING true"""
_DONE = (
    """DELETE FROM jobs_progress WHERE city_id = %(city)s AND subject = %(subject)s AND key = %(key)s RETURNING true"""
)


class Stopped(Exception):
    """Somebody asked to stop; what was begun is taken back."""


class Note(Protocol):
    """Tells how far a stage is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write it down, seen by others at once; raises `Stopped` where somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far work is: `done` of `total` in `stage`; `stopping` once somebody asked to stop."""

    stage: str
    done: int
    total: int
    stopping: bool


@contextmanager
def progress(subject: str, key: int) -> Iterator[Note]:
    """Open the second connection for the time of a job's work on something; afterwards nothing is told of it any more."""
    given: dict[str, Any] = {"city": current_city(), "subject": subject, "key": key}
    with _aside() as ask:

        def note(stage: str, done: int, total: int) -> None:
            if ask(_UPSERT, given | {"stage": stage, "done": done, "total": max(done, total)}):
                raise Stopped

        try:
            yield note
        finally:
            ask(_DONE, given)


def how_far(subject: str, key: int) -> Told | None:
    """Return how far the work on something is; None while it waits for its turn and when it is over."""
    row = Progress.objects.filter(subject=subject, key=key).first()
    return Told(row.stage, row.done, row.total, row.stopping) if row is not None else None


def ask_to_stop(subject: str, key: int) -> None:
    """Have the work on something stop at its next note, or as soon as it starts."""
    with _aside() as ask:
        ask(_STOP, {"city": current_city(), "subject": subject, "key": key})


class _Ask(Protocol):
    def __call__(self, statement: str, given: dict[str, Any]) -> bool: ...


@contextmanager
def _aside() -> Iterator[_Ask]:
    city, second = current_city(), connection.copy()

    def ask(statement: str, given: dict[str, Any]) -> bool:
        with second.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, str(city)])
            cursor.execute(statement, given)
            row = cursor.fetchone()
        return bool(row and row[0])

    try:
        yield ask
    finally:
        second.close()


def silent(stage: str, done: int, total: int) -> None:
    """Note for nobody: work done at once, before the page answers."""
