"""Who may load and hand over: staff whose post carries the charge データ連携. Two forms over one rule."""

from honrai.platform.authority.api import Actor, Charge, Denied, Kind, check_has_charge, has_charge


def check_can_exchange(actor: Actor) -> None:
    """Raise `Denied` where the actor may not load, undo, or hand entries over."""
    check_has_charge(actor, Charge.EXCHANGE)


def can_exchange(actor: Actor) -> bool:
    """Ask `check_can_exchange`."""
    return has_charge(actor, Charge.EXCHANGE)


def check_can_enter(actor: Actor, *, contract: int | None) -> None:
    """Raise `Denied` where the actor may not see and copy an entry: the charge, or the contract the case belongs to."""
    if actor.kind is Kind.CONTRACTOR and contract is not None and actor.contract == contract:
        return
    if not can_exchange(actor):
        raise Denied("この登録を行えるのは、データ連携の担当者か、その案件を受け持つ契約の受託者です。")
