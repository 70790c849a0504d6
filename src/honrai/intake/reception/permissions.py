"""Who may take in applications: city staff, and people of the contract that handles the procedure."""

from datetime import date

from honrai.intake.models import Application
from honrai.intake.ports import ports
from honrai.intake.reception.models import Reception
from honrai.platform.authority.api import Actor, Denied, Kind


def check_can_receive(actor: Actor, procedure: str, on: date) -> None:
    """Raise `Denied` where the actor may not take in applications of a procedure.

    Taking in is a factual act; a contractor does it for the procedures of its contract.
    """
    if actor.kind is Kind.STAFF:
        return
    if (
        actor.kind is Kind.ROBOT and actor.seats
    ):  # a machine the city placed in a unit, as other systems of the city are
        return
    if actor.kind in {Kind.CONTRACTOR, Kind.ROBOT} and actor.contract is not None:
        if ports.contract_of(procedure, on) == actor.contract:
            return
        raise Denied("この手続は、この契約の受付の対象ではありません")
    raise Denied("申請の受付は、職員と、契約で受付を行う受託者だけが行えます")


def can_receive(actor: Actor, procedure: str, on: date) -> bool:
    """Ask `check_can_receive`."""
    try:
        check_can_receive(actor, procedure, on)
    except Denied:
        return False
    return True


def check_can_key(actor: Actor, application: int) -> tuple[Reception, Application]:
    """Return a reception begun by the actor, with its application.

    Raises:
        Denied: no such reception, or begun by somebody else; both read the same.
    """
    row = Reception.objects.select_related("application").filter(application=application, person=actor.person).first()
    if row is None or actor.person is None:
        raise Denied("この受付は、受け付けた本人だけが開けます")
    return row, row.application
