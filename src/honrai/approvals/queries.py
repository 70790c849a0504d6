"""Reading approvals: routes in force, documents somebody may act on, what was decided."""

from dataclasses import dataclass
from datetime import date

from honrai.approvals.models import Document, RouteRule, State
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
