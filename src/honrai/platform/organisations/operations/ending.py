"""The end of a contract: all its people leave their places, so that none of their accounts opens this city any more."""

from datetime import datetime

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge
from honrai.platform.authority.permissions import check_has_charge
from honrai.platform.events.api import record
from honrai.platform.organisations.models import Assignment
from honrai.platform.organisations.operations.people import close


def end_places_of(contract: int, *, actor: Actor, now: datetime) -> int:
    """End every place in the contract's teams today; return how many. Accounts may live on in other cities.

    Raises:
        Denied: the 分掌 "contracts" is missing.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    rows = list(Assignment.objects.select_for_update().filter(contract_id=contract, period__endswith__gt=now.date()))
    for row in rows:
        close(row, now.date())
    data = {"places": len(rows)}
    record("organisations.contract_places_ended", who=actor.who, now=now, subject=("contract", contract), data=data)
    return len(rows)


def count_places(contract: int, now: datetime) -> int:
    """Return how many places of the contract's teams are held today."""
    return Assignment.objects.filter(contract_id=contract, period__contains=now.date()).count()
