"""The live board: how much waits where and for how long, as counts. Nobody's name and no case stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet

from honrai.cases.models import Route, Task, TaskState
from honrai.cases.operations.claiming import tasks_for
from honrai.platform.authority.api import Actor, Denied, Kind

WAITING = (TaskState.OPEN, TaskState.HELD)
STUCK_AFTER = timedelta(days=14)
_LOOKED_BACK = timedelta(days=30)
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at one step in one ward: how many, how many late or held, since when the oldest."""

    node: str
    contract: bool
    ward: str
    count: int
    late: int
    held: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """What waits in one procedure."""

    procedure: str
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long finished tasks of a step lay before somebody began, and how long they then took, in hours."""

    node: str
    contract: bool
    count: int
    wait_median: float
    wait_p90: float
    work_median: float


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What one person of a contract has in hand, was given, and finished today."""

    person: int
    held: int
    assigned: int
    done: int


def totals(actor: Actor, now: datetime) -> list[Total]:
    """Return what waits in every procedure; one query, from the index alone.

    Raises:
        Denied: the actor is neither staff nor of a contract.
    """
    today = now.date()
    rows = _seen(actor).values("procedure").annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    return [Total(row["procedure"], row["n"], row["late"]) for row in rows.order_by("procedure")]


def loads(procedure: str, actor: Actor, now: datetime) -> list[Load]:
    """Return what waits at every step and ward of a procedure; one query, from the index alone.

    City staff read the counts of all sections; a contractor only its own contract's.

    Raises:
        Denied: the actor is neither staff nor of a contract.
    """
    today = now.date()
    rows = (
        _seen(actor)
        .filter(procedure=procedure)
        .values("node", "ward", inside=Q(contract__isnull=False))
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today)),
            held=Count("pk", filter=Q(state=TaskState.HELD)),
            oldest=Min("opened_at"),
        )
        .order_by("node", "ward")
    )
    return [Load(r["node"], r["inside"], r["ward"], r["n"], r["late"], r["held"], r["oldest"]) for r in rows]


def waits(procedure: str, actor: Actor, now: datetime) -> list[Wait]:
    """Return median and p90 of waiting and working hours per step over the last 30 days; one indexed query.

    What a contract did is one line for the city: its steps are taken together.

    Raises:
        Denied: the actor is neither staff nor of a contract.
    """
    _check_seen(actor)
    own = actor.contract is not None
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [own, procedure, now - _LOOKED_BACK, actor.contract, actor.contract])
        rows = cursor.fetchall()
    return [Wait(node, inside, count, *(float(one or 0) for one in figures)) for node, inside, count, *figures in rows]


_WAITS = f"""
    SELECT CASE WHEN contract IS NULL OR %s THEN node ELSE '' END AS step, contract IS NOT NULL AS inside, count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM coalesce(started_at, done_at) - opened_at) / 3600),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM coalesce(started_at, done_at) - opened_at) / 3600),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - coalesce(started_at, done_at)) / 3600)
    FROM {Task._meta.db_table}
    WHERE procedure = %s AND state = 'done' AND robot = '' AND done_at >= %s AND (%s::bigint IS NULL OR contract = %s)
    GROUP BY step, inside ORDER BY 5 DESC
"""  # noqa: S608 - the name of our own table


def stuck(actor: Actor, now: datetime, procedure: str = "") -> Sequence[Task]:
    """Return the tasks of the actor's own sections or contract that are late or have lain for long, worst first.

    For the city these are tasks of its own units and, as cases only, what lies with a contract.
    """
    rows = _seen(actor) if actor.contract is not None else _seen(actor).filter(section__in=actor.units)
    if procedure:
        rows = rows.filter(procedure=procedure)
    if actor.contract is not None:
        rows = rows.filter(case__protected=False)
    late = rows.filter(Q(due_on__lt=now.date()) | Q(opened_at__lte=now - STUCK_AFTER))
    return list(late.select_related("case").order_by("due_on", "pk")[:_SHOWN])


def people_loads(actor: Actor, now: datetime) -> list[PersonLoad]:
    """Return what each person of the contract has in hand and did today: for the contract's own managers only.

    Raises:
        Denied: anybody else asks.
    """
    if not actor.manages_contract:
        raise Denied("担当者ごとの状況は、その契約の管理責任者だけが見られます")
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = tasks_for(actor)
    held = _by(waiting.filter(lease_until__gt=now), "claimed_by")
    given = _by(waiting, "assigned_to")
    codes = list(Route.objects.values_list("procedure", flat=True).distinct())
    finished = Task.objects.filter(state=TaskState.DONE, procedure__in=codes, done_at__gte=midnight)
    done = _by(finished.filter(done_contract=actor.contract), "done_by")
    people = sorted(held.keys() | given.keys() | done.keys())
    return [PersonLoad(one, held.get(one, 0), given.get(one, 0), done.get(one, 0)) for one in people]


def _by(rows: QuerySet[Task], field: str) -> dict[int, int]:
    counted = rows.exclude(**{field: None}).values(who=F(field)).annotate(n=Count("pk")).order_by()
    return {row["who"]: row["n"] for row in counted}


def _seen(actor: Actor) -> QuerySet[Task]:
    _check_seen(actor)
    rows = Task.objects.filter(state__in=WAITING, robot="")
    if actor.contract is not None:
        return rows.filter(contract=actor.contract)
    return rows.filter(section__in=Route.objects.values("unit"))


def _check_seen(actor: Actor) -> None:
    if actor.kind is not Kind.STAFF and actor.contract is None:
        raise Denied("進み具合は、職員と、契約の受託者だけが見られます")
