"""What intake may ask of casework about applications, and what follows when two of them are one."""

from collections.abc import Sequence
from datetime import date, datetime

from honrai.cases.models import Case
from honrai.cases.operations.completing import lock_case
from honrai.cases.operations.ending import withdraw_for_applicant
from honrai.cases.operations.opening import route_on
from honrai.cases.permissions import visible_cases
from honrai.platform.authority.api import Actor, Invalid
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.organisations.api import actor_of_person


def contract_of(procedure: str, on: date) -> int | None:
    """Return the contract that handles a procedure on a day; None where the city does it all, or nobody is set."""
    try:
        return route_on(procedure, on).contract
    except Invalid:
        return None


def visible_applications(actor: Actor, applications: Sequence[int], now: datetime) -> frozenset[int]:
    """Return which applications an actor may see: those whose every case they may see."""
    shown = visible_cases(actor, now).filter(application__in=applications).values_list("pk", flat=True)
    every = Case.objects.filter(application__in=applications).values_list("pk", "application")
    seen = set(shown)
    closed = {application for case, application in every if case not in seen}
    return frozenset({application for _, application in every} - closed)


def open_applications(applications: Sequence[int]) -> frozenset[int]:
    """Return which applications have a case that is still open."""
    rows = Case.objects.filter(application__in=applications, closed_at=None)
    return frozenset(rows.values_list("application", flat=True))


def settle_double(announced: Announced) -> None:
    """Withdraw the cases of an application its applicant gave up as a double; its papers go to the one that stays.

    Raises:
        Denied: not an official of the unit: a contractor brings the statement to the section.
        Conflict: a case cannot be withdrawn any more; then nothing was decided.
    """
    withdrawn, kept, who = announced.data["withdrawn"], announced.data["kept"], announced.who
    if withdrawn is None:
        return
    actor = actor_of_person(who.person or 0, current_city(), announced.at.date(), place=who.place)
    for case in Case.objects.filter(application=withdrawn, closed_at=None).order_by("pk"):
        to = Case.objects.filter(application=kept, procedure=case.procedure, closed_at=None).first()
        if to is not None:
            row = lock_case(to.pk)
            row.attachments = row.attachments + [one for one in case.attachments if one not in row.attachments]
            row.save(update_fields=["attachments"])
        withdraw_for_applicant(case=case.pk, evidence=announced.after["reason"], actor=actor, now=announced.at)
