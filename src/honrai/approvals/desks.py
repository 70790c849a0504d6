"""Whose desk documents lie on: what somebody may decide, agree to, see afterwards or find. All are QuerySets of one query."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from honrai.approvals import queries
from honrai.approvals.models import Document, Medium, Reading, RouteStep, Stack, State
from honrai.platform.authority.api import Actor, Kind, Rank
from honrai.platform.organisations.api import units_on


@dataclass(frozen=True, slots=True)
class Group:
    """Like documents that wait singly and could be laid into one stack."""

    group: str
    unit: int
    unit_name: str
    rank: Rank
    count: int
    subject: str
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """A stack as the inbox shows it: how many wait, how many must be opened, how many of those are."""

    id: int
    subject: str
    unit_name: str
    formed_at: datetime
    waiting: int
    must: int
    opened: int
    ordered: bool

    @property
    def left(self) -> int:
        """How many must still be opened."""
        return self.must - self.opened


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits for somebody: to decide, below one's own 専決, to agree to, to see afterwards, outside the screen."""

    decide: int
    below: int
    agree: int
    see: int
    outside: int


def to_decide(actor: Actor) -> QuerySet[Document]:
    """Return what lies on the actor's own desk for a decision on screen: own work and own cases are somebody else's."""
    rows = Document.objects.filter(state=State.WAITING, medium=Medium.SCREEN)
    return _not_own(rows.filter(_at_seats(actor, exactly=True)), actor)


def decidable(actor: Actor) -> QuerySet[Document]:
    """Return what the actor may decide on screen, lower desks of the own line included."""
    rows = Document.objects.filter(state=State.WAITING, medium=Medium.SCREEN)
    return _not_own(rows.filter(_at_seats(actor, exactly=False)), actor)


def to_agree(actor: Actor) -> QuerySet[Document]:
    """Return what waits for the actor on a route (回議・合議)."""
    places: list[Q] = [Q(unit=seat.unit, rank__lte=seat.rank) for seat in actor.seats]
    steps = RouteStep.objects.filter(reduce(or_, places, Q(pk__in=[])), document=OuterRef("pk"), current=True)
    return _not_own(Document.objects.filter(Exists(steps), state=State.ROUTE, medium=Medium.SCREEN), actor)


def to_see(actor: Actor) -> QuerySet[Document]:
    """Return what deputies decided for the posts the actor holds and nobody saw afterwards yet (後閲)."""
    posts = [seat.post for seat in actor.seats if not seat.acting]
    return Document.objects.filter(stands_for__in=posts, seen_at__isnull=True, state=State.DECIDED)


def visible(actor: Actor) -> QuerySet[Document]:
    """Return every document of the actor's line and of routes through the actor's section; never one's own case."""
    if actor.kind is not Kind.STAFF:
        return Document.objects.none()
    units = frozenset().union(*(below for _, below in _seats(actor)))
    route = RouteStep.objects.filter(document=OuterRef("pk"), unit__in=actor.units)
    rows = Document.objects.filter(Q(unit__in=units) | Exists(route))
    return rows.exclude(parties__overlap=sorted(actor.recused)) if actor.recused else rows


def counts(actor: Actor) -> Counts:
    """Return how much waits for the actor; exact."""
    own = to_decide(actor).count()
    return Counts(
        decide=own,
        below=decidable(actor).count() - own,
        agree=to_agree(actor).count(),
        see=to_see(actor).count(),
        outside=visible(actor).filter(state=State.WAITING).exclude(medium=Medium.SCREEN).count(),
    )


def groups(actor: Actor) -> list[Group]:
    """Return the groups of two or more like documents on the actor's desk that no stack holds yet."""
    return _grouped(queries.loose_documents().filter(_at_seats(actor, exactly=True)), actor)


def groups_to_agree(actor: Actor) -> list[Group]:
    """Return the groups of two or more like documents that wait for the actor on their route."""
    return _grouped(to_agree(actor).exclude(group=""), actor)


def piles(actor: Actor) -> list[Pile]:
    """Return the open stacks on the actor's desk with their progress, oldest first; one query and the names."""
    read = Reading.objects.filter(document=OuterRef("documents__pk"), person=actor.person or 0)
    waiting = Q(documents__state=State.WAITING, documents__medium=Medium.SCREEN)
    must = waiting & (Q(documents__flagged=True) | Q(documents__refusal=True) | Q(documents__sampled=True))
    rows = (
        Stack.objects.filter(_at_seats(actor, exactly=True), closed_at__isnull=True)
        .annotate(
            waiting=Count("documents", filter=waiting),
            must=Count("documents", filter=must),
            opened=Count("documents", filter=must & Q(Exists(read))),
            subject=Min("documents__subject"),
        )
        .filter(waiting__gt=0)
        .order_by("formed_at", "pk")
    )
    names = unit_names(actor)
    return [
        Pile(
            row.pk,
            row.subject,
            names.get(row.unit, ""),
            row.formed_at,
            row.waiting,
            row.must,
            row.opened,
            row.ordered_at is not None,
        )
        for row in rows
    ]


def _grouped(rows: QuerySet[Document], actor: Actor) -> list[Group]:
    keys = ("group", "unit", "rank")
    found = rows.values(*keys).annotate(count=Count("pk"), first=Min("pk"), oldest=Min("drawn_at"))
    gathered = list(found.filter(count__gt=1).order_by("oldest"))
    subjects = dict(Document.objects.filter(pk__in=[row["first"] for row in gathered]).values_list("pk", "subject"))
    names = unit_names(actor)
    return [
        Group(
            row["group"],
            row["unit"],
            names.get(row["unit"], ""),
            Rank(row["rank"]),
            row["count"],
            subjects[row["first"]],
            row["oldest"],
        )
        for row in gathered
    ]


def unit_names(actor: Actor) -> dict[int, str]:
    """Return the names of all units on the actor's day."""
    return {view.id: view.name for view in units_on(actor.day)}


def _seats(actor: Actor) -> list[tuple[Rank, frozenset[int]]]:
    """Each seat of the actor: its 職位, and its unit with all units below."""
    parents = {view.id: view.parent for view in units_on(actor.day)}
    return [(seat.rank, _below(parents, seat.unit)) for seat in actor.seats]


def _below(parents: dict[int, int | None], top: int) -> frozenset[int]:
    found, layer = {top}, {top}
    while layer:
        layer = {unit for unit, parent in parents.items() if parent in layer} - found
        found |= layer
    return frozenset(found)


def _at_seats(actor: Actor, *, exactly: bool) -> Q:
    """The condition that a document or stack lies on a desk the actor sits at, or may decide from there."""
    wanted = "rank" if exactly else "rank__lte"
    places = [Q(**{"unit__in": sorted(units), wanted: rank}) for rank, units in _seats(actor)]
    return reduce(or_, places, Q(pk__in=[]))


def _not_own(rows: QuerySet[Document], actor: Actor) -> QuerySet[Document]:
    if actor.person is not None:
        rows = rows.exclude(worked_by__contains=[actor.person])
    return rows.exclude(parties__overlap=sorted(actor.recused)) if actor.recused else rows
