"""Who may see and change drafts and inner packs, in two forms: `check_can_x` raises `Denied`, `can_x` returns a bool."""

from collections.abc import Collection

from honrai.platform.authority.api import Actor, AgainstContract, Denied, Kind
from honrai.platform.organisations.api import units_above
from honrai.procedures.models import Draft, PackVersion


def check_can_keep(actor: Actor, *, unit: int | None, contract: int | None) -> None:
    """Raise `Denied` where the actor may not edit what a section or a contract owns.

    A city pack is its section's; the inner pack (作業手順書) of a contract is its 管理責任者's alone: the city can neither edit
    nor approve it.

    Args:
        actor: who acts.
        unit: the section; None for an inner pack.
        contract: the contract; None for a city pack.

    Legal source: order and manner of work are the contractor's own (昭和61年労働省告示第37号, domain/centre.md 1).
    """
    reason = _why_not_keep(actor, unit, contract)
    if reason is not None:
        raise (Denied if contract is None else AgainstContract)(reason)


def can_keep(actor: Actor, *, unit: int | None, contract: int | None) -> bool:
    """Ask `check_can_keep`."""
    return _why_not_keep(actor, unit, contract) is None


def _why_not_keep(actor: Actor, unit: int | None, contract: int | None) -> str | None:
    if contract is not None:
        if actor.kind is Kind.CONTRACTOR and actor.contract == contract and actor.manages_contract:
            return None
        return "作業手順書は、その契約の管理責任者・副管理責任者だけが作り、公開します。"
    if actor.kind is Kind.SYSTEM:
        return None
    if actor.kind is not Kind.STAFF:
        return f"市の手続は担当課の職員だけが変えられます。{actor.kind.label}は変えられません。"
    if unit is None or not actor.units & set(units_above(unit, actor.day)):
        return "ほかの課の手続です。制度主管の課へ連絡してください。"
    return None


def check_can_edit(actor: Actor, draft: Draft) -> None:
    """Raise `Denied` where the actor may not edit the draft."""
    check_can_keep(actor, unit=draft.unit, contract=draft.contract)


def can_edit(actor: Actor, draft: Draft) -> bool:
    """Ask `check_can_edit`."""
    return can_keep(actor, unit=draft.unit, contract=draft.contract)


def check_can_see(actor: Actor, thing: Draft | PackVersion) -> None:
    """Raise `Denied` where the actor may not look: inner packs are the contract's own, drafts of the city the staff's."""
    if not can_see(actor, thing):
        raise Denied(
            "作業手順書は、その契約の受託者だけが見られます。"
            if thing.contract is not None
            else "手続の案は市の職員だけが見られます。公開された版をご覧ください。"
        )


def can_see(actor: Actor, thing: Draft | PackVersion) -> bool:
    """Say whether the actor may look at a draft or a version."""
    if actor.kind is Kind.SYSTEM:
        return True
    if thing.contract is not None:
        return actor.kind is Kind.CONTRACTOR and actor.contract == thing.contract
    return actor.kind is Kind.STAFF or (isinstance(thing, PackVersion) and actor.kind is Kind.CONTRACTOR)


def belongs(actor: Actor, unit: int) -> bool:
    """Say whether somebody of the city's staff holds a post in a unit or below it."""
    return actor.kind is Kind.STAFF and any(unit in units_above(own, actor.day) for own in actor.units)


def not_theirs(actor: Actor, people: Collection[int]) -> bool:
    """Say whether the actor is none of these people."""
    return actor.person is not None and actor.person not in people
