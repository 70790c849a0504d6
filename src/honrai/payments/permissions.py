"""Who may do what with money. No contractor and no robot releases anything; the bank's file is the accounting role's alone."""

from honrai.platform.authority.api import Actor, Denied, Kind, has_charge

ACCOUNTING = "accounting"
"""事務分掌 of 会計管理者's desk: examines orders and lets bank files out."""


def check_staff(actor: Actor) -> None:
    """Raise `Denied` where the actor is no official: accounts, orders and releases are the city's."""
    if actor.kind is not Kind.STAFF:
        raise Denied("支払の登録・確認・引渡しは職員だけが行えます。")


def can_see(actor: Actor) -> bool:
    """Say whether the payments' screens are open to the actor."""
    return actor.kind is Kind.STAFF


def check_accounting(actor: Actor) -> None:
    """Raise `Denied` where the actor's post does not carry the charge 会計."""
    check_staff(actor)
    if not has_charge(actor, ACCOUNTING):
        raise Denied("全銀ファイルの作成と引渡しは、会計の担当者だけが行えます。")
