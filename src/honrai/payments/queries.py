"""Reading payments."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from honrai.payments.models import Payable, PayableState


@dataclass(frozen=True, slots=True)
class PayableView:
    """A payable as other chapters see it."""

    id: int
    source: str
    party: str
    name: str
    amount: int
    purpose: str
    state: str
    decided_on: date
    reason: str


def payables_of_case(case: int) -> list[PayableView]:
    """Return what a case lets be paid, oldest first."""
    return [_view(row) for row in Payable.objects.filter(case=case).order_by("id")]


def payable_of(source: str) -> PayableView | None:
    """Return the payable of a source; None where none was taken in."""
    row = Payable.objects.filter(source=source).first()
    return _view(row) if row else None


@dataclass(frozen=True, slots=True)
class Ready:
    """What waits under one heading: how many and how much."""

    heading: str
    purpose: str
    count: int
    total: int


def ready() -> list[Ready]:
    """Return what is ready to be ordered, by heading."""
    rows = Payable.objects.filter(state=PayableState.READY).values("heading", "purpose")
    summed = rows.annotate(n=Count("pk"), total=Sum("amount")).order_by("heading", "purpose")
    return [Ready(row["heading"], row["purpose"], row["n"], row["total"]) for row in summed]


def totals() -> dict[str, tuple[int, int]]:
    """Return how many payables stand in each state, and their sum; together they are all that was ever decided."""
    rows = Payable.objects.values("state").annotate(n=Count("pk"), total=Sum("amount"))
    found = {row["state"]: (row["n"], row["total"]) for row in rows}
    return {PayableState(state).label: found.get(state, (0, 0)) for state in PayableState.values}


def _view(row: Payable) -> PayableView:
    return PayableView(
        row.pk, row.source, row.party, row.name, row.amount, row.purpose, row.state, row.decided_on, row.reason
    )
