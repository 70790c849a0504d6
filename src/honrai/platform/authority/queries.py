"""Reading the city's 専決規程."""

from datetime import date

from django.db.models import QuerySet

from honrai.platform.authority.acts import Act, Rank
from honrai.platform.authority.models import DecisionLevel
from honrai.platform.authority.rules import Level


def levels_on(day: date, procedure: str | None = None) -> list[Level]:
    """Return the 専決 rows of the current city in force on a day: those of one procedure and the general ones, or all."""
    rows = DecisionLevel.objects.filter(period__contains=day)
    if procedure is not None:
        rows = rows.filter(procedure__in=["", procedure])
    return [
        Level(
            row.procedure,
            Act(row.act) if row.act else None,
            Rank(row.rank),
            row.up_to,
            row.period.lower,
            row.period.upper,
        )
        for row in rows.order_by("procedure", "act", "rank")
    ]


def level_rows() -> QuerySet[DecisionLevel]:
    """Return every row of the 専決規程, past, present and to come."""
    return DecisionLevel.objects.all()
