"""For tests that seal: other tests share the server, and a transaction of theirs holds a seal up."""

import time

from django.db import connection

_PATIENCE = 600


def await_others() -> None:
    """Wait until no transaction that began before the newest entry of the current city runs on this server.

    Raises:
        TimeoutError: one does not end within a minute.
    """
    for _ in range(_PATIENCE):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > max(transaction) FROM events_logentry"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise TimeoutError("a transaction of another test does not end")
