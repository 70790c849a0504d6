"""What a contract did, counted from the event log by activity (procedure); nobody's name, pace or presence stands here.

Times are of the work, not of people: how long a piece lay from its opening to its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from honrai.platform.cities.tenancy import current_city

_MOVES = """
    WITH work AS (
        SELECT id, procedure, due_on, opened_at, case_id,
            row_number() OVER (PARTITION BY case_id, node ORDER BY id) > 1 AS again
        FROM cases_task WHERE city_id = %(city)s AND contract = %(contract)s AND robot = ''
    ), moves AS (
        SELECT work.*, log.at, log.name, log.at >= %(since)s AS within
        FROM work JOIN events_logentry log
            ON log.city_id = %(city)s AND log.subject_kind = 'task' AND log.subject_id = work.id AND log.at < %(until)s
            AND log.name IN ('cases.task_opened', 'cases.task_done', 'cases.task_undone', 'cases.task_cancelled')
    )
"""
_ACTIVITIES = (
    _MOVES  # noqa: S608 - our own text
    + """
    SELECT procedure,
        count(*) FILTER (WHERE within AND name = 'cases.task_opened'),
        count(*) FILTER (WHERE within AND name = 'cases.task_done'),
        count(*) FILTER (WHERE within AND name = 'cases.task_undone'),
        count(*) FILTER (WHERE within AND name = 'cases.task_cancelled'),
        sum(CASE WHEN name IN ('cases.task_opened', 'cases.task_undone') THEN 1 ELSE -1 END),
        count(*) FILTER (WHERE within AND name = 'cases.task_opened' AND again),
        count(*) FILTER (WHERE within AND name = 'cases.task_done' AND again),
        count(*) FILTER (WHERE within AND name = 'cases.task_done' AND (at AT TIME ZONE 'Asia/Tokyo')::date <= due_on),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - opened_at) / 3600)
            FILTER (WHERE within AND name = 'cases.task_done')
    FROM moves GROUP BY procedure ORDER BY procedure
"""
)
_CHECKS = """
    SELECT work.procedure, sum((log.data->>'compared')::int), sum((log.data->>'differences')::int)
    FROM events_logentry log JOIN cases_task work
        ON work.city_id = %(city)s AND work.id = log.subject_id AND work.contract = %(contract)s
    WHERE log.city_id = %(city)s AND log.name = 'cases.rekeyed' AND log.at >= %(since)s AND log.at < %(until)s
    GROUP BY work.procedure
"""
_DELIVERED = (
    _MOVES  # noqa: S608 - our own text
    + """
    SELECT case_id, max(at) FROM moves
    WHERE within AND name = 'cases.task_done' AND procedure = %(procedure)s GROUP BY case_id ORDER BY case_id
"""
)
_STEP_TIMES = """
    SELECT node, contract IS NOT NULL, count(*), count(DISTINCT case_id), count(started_at),
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - started_at) / 60)
    FROM cases_task
    WHERE city_id = %(city)s AND procedure = %(procedure)s AND state = 'done' AND robot = ''
        AND done_at >= %(since)s AND done_at < %(until)s
    GROUP BY node, contract IS NOT NULL ORDER BY node
"""


_CITY_HANDS = """
    SELECT log.name, count(*) FROM cases_task work JOIN events_logentry log
        ON log.city_id = %(city)s AND log.subject_kind = 'task' AND log.subject_id = work.id
        AND log.name IN ('cases.task_assigned', 'cases.task_claimed', 'cases.task_released', 'cases.task_done')
        AND log.who_kind = 'staff' AND log.at >= %(since)s AND log.at < %(until)s
    WHERE work.city_id = %(city)s AND work.contract = %(contract)s GROUP BY log.name
"""


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened to a contract's part of one procedure in a period.

    waiting = waiting at the start + received - done + undone - cancelled, always.

    Attributes:
        procedure: code.
        received: pieces of work that came in, those that came back included.
        done: pieces finished.
        undone: finished pieces taken back.
        cancelled: pieces no longer needed.
        waiting: pieces waiting at the end.
        returned: of those received, pieces of a step the case had been through before.
        redone: of those done, pieces of such steps.
        in_time: of those done, finished by the day they were due.
        hours: median hours from opening to end of those done; None where none was.
        compared: fields compared in second checks.
        differences: fields that differed.
    """

    procedure: str
    received: int = 0
    done: int = 0
    undone: int = 0
    cancelled: int = 0
    waiting: int = 0
    returned: int = 0
    redone: int = 0
    in_time: int = 0
    hours: float | None = None
    compared: int = 0
    differences: int = 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """A case the contract finished a step of in a period, and when last."""

    case: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step took from its taking to its end: pieces, cases, pieces with a taking, quartiles of those in minutes."""

    node: str
    contract: bool
    pieces: int
    cases: int
    timed: int
    minutes: tuple[float, float, float] | None


def activities(*, contract: int, since: datetime, until: datetime) -> Sequence[Activity]:
    """Return what a contract did from `since` to before `until`, by procedure, counted from the event log.

    Who may ask is for the caller to check: reports are read by the city and the contract's managers.
    """
    known: dict[str, Any] = {"city": current_city(), "contract": contract, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_CHECKS, known)
        checks = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
        cursor.execute(_ACTIVITIES, known)
        return [_activity(row, *checks.get(row[0], (0, 0))) for row in cursor.fetchall()]


def _activity(row: Sequence[Any], compared: int, differences: int) -> Activity:
    hours = None if row[9] is None else round(float(row[9]), 1)
    counts = dict(
        zip(
            ("received", "done", "undone", "cancelled", "waiting", "returned", "redone", "in_time"),
            row[1:9],
            strict=True,
        )
    )
    return Activity(procedure=row[0], hours=hours, compared=compared, differences=differences, **counts)


def delivered(*, contract: int, procedure: str, since: datetime, until: datetime) -> Sequence[Delivered]:
    """Return the cases of a procedure the contract finished a step of in a period, by key."""
    known: dict[str, Any] = {
        "city": current_city(),
        "contract": contract,
        "since": since,
        "until": until,
        "procedure": procedure,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERED, known)
        return [Delivered(*row) for row in cursor.fetchall()]


def step_times(*, procedure: str, since: datetime, until: datetime) -> Sequence[StepTime]:
    """Return how long each step of a procedure took from being taken to its end, in a period; services are left out."""
    known: dict[str, Any] = {"city": current_city(), "procedure": procedure, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_STEP_TIMES, known)
        rows = cursor.fetchall()
    return [
        StepTime(node, inside, pieces, cases, timed, (float(low), float(middle), float(high)) if timed else None)
        for node, inside, pieces, cases, timed, (low, middle, high) in ((*row[:5], row[5] or (0, 0, 0)) for row in rows)
    ]


def city_hands(*, contract: int, since: datetime, until: datetime) -> int:
    """Return how often staff of the city assigned, took, gave back or finished the contract's work in a period: none should."""
    known: dict[str, Any] = {"city": current_city(), "contract": contract, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_CITY_HANDS, known)
        return sum(count for _, count in cursor.fetchall())
