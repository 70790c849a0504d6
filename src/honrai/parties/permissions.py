"""Who may see whom. 支援措置 closes relations: protected people show no address, no household, and stand in nobody's."""

from honrai.platform.authority.api import Actor, Denied, Kind, has_charge

PROTECTION = "protection"
"""事務分掌 of the desk that handles 支援措置; only its staff see where a protected person lives."""
ALL_RESIDENTS = (Kind.STAFF, Kind.SYSTEM)


def check_can_search(actor: Actor) -> None:
    """Raise `Denied` where the actor can never look for people: applicants, robots, contractors without a contract."""
    if actor.kind in ALL_RESIDENTS or (actor.kind is Kind.CONTRACTOR and actor.contract is not None):
        return
    raise Denied("人の検索は、職員と、契約の案件を扱う受託者だけが行えます。")


def can_search(actor: Actor) -> bool:
    """Ask `check_can_search`."""
    try:
        check_can_search(actor)
    except Denied:
        return False
    return True


def sees_everybody(actor: Actor) -> bool:
    """Say whether the actor may find residents without a case (city staff); contractors only people of their cases."""
    return actor.kind in ALL_RESIDENTS


def sees_protected(actor: Actor) -> bool:
    """Say whether address and relations of people under 支援措置 are open to the actor."""
    return has_charge(actor, PROTECTION)
