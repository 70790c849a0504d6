"""Reading approvals: routes in force, documents somebody may act on, what was decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from honrai.approvals.models import Document, Medium, RouteRule, RouteStep, SamplingRule, State
from honrai.approvals.rules import RouteLine
from honrai.platform.authority.api import NotFound, Rank

UNDECIDED = (State.ROUTE, State.WAITING)


@dataclass(frozen=True, slots=True)
class Decision:
    """How a document stands.

    Attributes:
        document: its key.
        case: key of the case.
        state: route, waiting, decided, returned or withdrawn.
        accepted: approved (perhaps changed).
        outcome: as decided; as proposed while it is not.
        changed: decided otherwise than proposed.
        reason: why changed or returned.
        decided_on: 決裁日.
        decided_by: person who decided; None for one entered from 文書管理 without a name.
        number: 文書番号 of the city's 文書管理, "" without.
    """

    document: int
    case: int | None
    state: str
    accepted: bool
    outcome: str
    changed: bool
    reason: str
    decided_on: date | None
    decided_by: int | None
    number: str


def decision_of(document: int) -> Decision:
    """Return how a document stands and what was decided.

    Raises:
        NotFound: no such document in this city.
    """
    row = Document.objects.filter(pk=document).first()
    if row is None:
        raise NotFound("起案文書が見つかりません。")
    return Decision(
        document=row.pk,
        case=row.case,
        state=row.state,
        accepted=row.state == State.DECIDED,
        outcome=row.outcome or str(row.proposal["outcome"]),
        changed=row.changed,
        reason=row.reason,
        decided_on=row.decided_on,
        decided_by=row.decided_by,
        number=row.archive_number,
    )


def route_lines_on(day: date, procedure: str) -> list[RouteLine]:
    """Return the lines on 回議・合議 in force on a day: those of the procedure and the general ones."""
    rows = RouteRule.objects.filter(period__contains=day, procedure__in=["", procedure])
    return [
        RouteLine(row.kind, row.unit, Rank(row.rank), row.turn, row.over, row.refusals_only, row.procedure)
        for row in rows.order_by("turn", "rank", "pk")
    ]


def route_rules() -> QuerySet[RouteRule]:
    """Return every line on 回議・合議, past, present and to come."""
    return RouteRule.objects.all()


def sampling_rules() -> QuerySet[SamplingRule]:
    """Return every rule on samples, past, present and to come."""
    return SamplingRule.objects.all()


def sampling_on(day: date) -> tuple[int, int]:
    """Return part of a hundred and least number of documents a stack's sample has; all of them where nothing was set."""
    row = SamplingRule.objects.filter(period__contains=day).first()
    return (row.percent, row.at_least) if row is not None else (100, 0)


def loose_documents() -> QuerySet[Document]:
    """Return documents that wait for a decision on screen and may be laid into a stack."""
    rows = Document.objects.filter(state=State.WAITING, medium=Medium.SCREEN, stack__isnull=True)
    return rows.filter(pulled_out="", raised_to__isnull=True).exclude(group="")


def waiting_in(stack: int) -> QuerySet[Document]:
    """Return the documents of a stack that still wait for the decision."""
    return Document.objects.filter(stack=stack, state=State.WAITING, medium=Medium.SCREEN)


def steps_of(documents: Collection[int]) -> dict[int, list[RouteStep]]:
    """Return the steps of the route of each document, in order."""
    found: dict[int, list[RouteStep]] = {}
    for step in RouteStep.objects.filter(document__in=documents).order_by("document_id", "turn", "rank", "pk"):
        found.setdefault(step.document_id, []).append(step)
    return found
