"""Who may work with claims: staff whose post carries the charge データ連携, for files, decisions and closing alike."""

from honrai.platform.authority.api import Actor, Charge, Denied, Kind, check_has_charge


def check_can_settle(actor: Actor) -> None:
    """Raise `Denied` where the actor may not take in, see, decide or close claims."""
    check_has_charge(actor, Charge.EXCHANGE)


def check_can_decide(actor: Actor) -> None:
    """Raise `Denied` where the actor may not decide a held claim: an official only."""
    check_can_settle(actor)
    if actor.kind not in (Kind.STAFF, Kind.SYSTEM):
        raise Denied("保留の請求を決められるのは職員だけです。")
