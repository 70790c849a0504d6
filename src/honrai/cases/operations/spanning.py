"""Keeps the record of who held a case from when to when."""

from datetime import datetime

from honrai.cases import clock_rules
from honrai.cases.models import Case, ClockSpan


def keep_span(case: Case, *, now: datetime) -> None:
    """Begin a new span where the hand that holds the case, or whether the clock runs, has changed; one row at most."""
    waiting = case.tasks.filter(state__in=("open", "held")).values_list("contract", "unit", "robot")
    hold = clock_rules.hold_of(
        closed=case.closed_at is not None, paused_for=case.paused_for, unit=case.unit, tasks=list(waiting)
    )
    last = case.spans.filter(until__isnull=True).first()
    if last is not None:
        if hold == clock_rules.Hold(last.holder, last.unit, last.contract, last.standing, last.why):
            return
        last.until = now
        last.save(update_fields=["until"])
    if hold is not None:
        ClockSpan.objects.create(
            case=case,
            holder=hold.holder,
            unit=hold.unit,
            contract=hold.contract,
            standing=hold.standing,
            why=hold.why,
            since=now,
        )
