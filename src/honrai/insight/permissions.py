"""Who reads what a contract did."""

from honrai.platform.authority.api import Actor, Kind, check_can_manage_contract


def check_can_read_reports(actor: Actor, contract: int) -> None:
    """Raise `Denied` for everybody but staff of the city and the contract's managers."""
    if actor.kind is not Kind.STAFF:
        check_can_manage_contract(actor, contract)
