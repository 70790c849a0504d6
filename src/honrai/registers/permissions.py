"""Who may look registers up: city staff, and contractors while they have a contract (they compare codes with them)."""

from honrai.platform.authority.api import Actor, Denied, Kind


def can_look_up(actor: Actor) -> bool:
    """Say whether the actor may read the registers."""
    return actor.kind in (Kind.STAFF, Kind.SYSTEM) or (actor.kind is Kind.CONTRACTOR and actor.contract is not None)


def check_can_look_up(actor: Actor) -> None:
    """Raise `Denied` where the actor may not read the registers."""
    if not can_look_up(actor):
        raise Denied("台帳を見られるのは、職員と、契約の期間中の受託者です。")
