"""How far a job has come, written on a connection of its own: the page sees it before the job's transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection

from honrai.platform.cities.tenancy import SETTING, current_city

_UPSERT = """INSERT INTO exchange_progress (city_id, load, stage, done, total) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (city_id, load) DO UPDATE SET stage = excluded.stage, done = excluded.done, total = excluded.total"""


class Note(Protocol):
    """Tells how far a stage is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write it down, seen by others at once."""


@contextmanager
def progress(load: int) -> Iterator[Note]:
    """Open the second connection for the time of a job's work on a load."""
    city = current_city()
    aside = connection.copy()

    def note(stage: str, done: int, total: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, str(city)])
            cursor.execute(_UPSERT, [city, load, stage, done, max(done, total)])

    try:
        yield note
    finally:
        aside.close()
