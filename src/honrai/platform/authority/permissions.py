"""Every permission in two forms over one rule: `check_can_x` raises `Denied`, `can_x` returns a bool."""

from collections.abc import Iterable

from honrai.platform.authority import rules
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Act, Channel
from honrai.platform.authority.rules import Level, Matter, Task
from honrai.platform.errors import Denied


class AgainstContract(Denied):
    """Denied by a rule against 偽装請負: somebody reached past a contract's manager. Counted in the monthly self-audit."""


def _check(reason: str | None, kind: type[Denied] = Denied) -> None:
    if reason is not None:
        raise kind(reason)


def check_can_act(actor: Actor, act: Act) -> None:
    """Raise `Denied` where the actor's kind can never take this class of act."""
    _check(rules.why_not_act(actor, act))


def can_act(actor: Actor, act: Act) -> bool:
    """Ask `check_can_act`."""
    return rules.why_not_act(actor, act) is None


def check_can_perform(actor: Actor, task: Task) -> None:
    """Raise `Denied` where the actor may not be given, claim, complete or import the step."""
    _check(rules.why_not_perform(actor, task), Denied if task.contract is None else AgainstContract)


def can_perform(actor: Actor, task: Task) -> bool:
    """Ask `check_can_perform`."""
    return rules.why_not_perform(actor, task) is None


def check_can_decide(actor: Actor, matter: Matter, levels: Iterable[Level]) -> None:
    """Raise `Denied` where the actor may not take the decision by 専決, unit, own case or own work."""
    _check(rules.why_not_decide(actor, matter, levels))


def can_decide(actor: Actor, matter: Matter, levels: Iterable[Level]) -> bool:
    """Ask `check_can_decide`."""
    return rules.why_not_decide(actor, matter, levels) is None


def check_has_charge(actor: Actor, charge: str) -> None:
    """Raise `Denied` where the 分掌 is laid on no post the actor holds."""
    _check(rules.why_not_charged(actor, charge))


def has_charge(actor: Actor, charge: str) -> bool:
    """Ask `check_has_charge`."""
    return rules.why_not_charged(actor, charge) is None


def check_can_send(
    actor: Actor, contract: int, channel: Channel, *, reason: str = "", supervisor: int | None = None
) -> None:
    """Raise `Denied` where the actor may not send such a message to, or from, the contract."""
    _check(rules.why_not_send(actor, contract, channel, reason=reason, supervisor=supervisor), AgainstContract)


def can_send(actor: Actor, contract: int, channel: Channel) -> bool:
    """Ask `check_can_send` for a message that needs no exception reason."""
    return rules.why_not_send(actor, contract, channel) is None


def check_can_manage_contract(actor: Actor, contract: int) -> None:
    """Raise `Denied` for everybody but the contract's own managers: assigning work, placing people, duty, rosters."""
    _check(rules.why_not_manage(actor, contract), AgainstContract)


def can_manage_contract(actor: Actor, contract: int) -> bool:
    """Ask `check_can_manage_contract`."""
    return rules.why_not_manage(actor, contract) is None


def can_see_name(actor: Actor, contractor: int | None) -> bool:
    """Say whether the actor sees the name of a person of that firm (None: city staff), else a pseudonym."""
    return rules.why_not_name(actor, contractor) is None
