"""Is a flow sound? From every state it can reach, can it end, with nothing left behind, and is every element alive?

Each process and sub-process is proved on its own: it must be sound without help from what interrupts it from outside,
and its parent then takes it as one activity with the outcomes it can have (done, an error, escalations). Conditions
are free choice; what comes from outside (messages, times, signals, errors of tasks) may happen or not.
See `docs/explanation/soundness.md` for the definition and the reasons behind the reductions.
"""

from collections.abc import Iterator

from honrai.engines.flow.model import Model, Node, Scope

from .answer import Flaw, FlawName, Proof, Undecided
from .build import NORMAL, Outcome, Surroundings, build, can_trigger, handlers, trigger_of
from .explore import Exploration, Found, explore
from .net import Net, TooWideError
from .reduce import reduce_net

__all__ = ["Flaw", "FlawName", "Proof", "Undecided", "outcomes_of", "prove"]

LIMIT = 20_000
EXAMPLE_LIMIT = 5_000
LARGEST = 8_000


def prove(model: Model, process: str | None = None, *, limit: int = LIMIT) -> Proof:
    """Prove that the processes of a model are sound, or find out how they are not.

    Args:
        model: as read; it need not be executable.
        process: id of the one process to look at; all that hold anything by default.
        limit: how many states to look at per scope before the answer is "undecided".
    """
    prover = _Prover(limit)
    for one in model.processes.values():
        if process in (None, one.id) and one.body.nodes:
            prover.scope(one.body)
    return Proof(tuple(prover.flaws), tuple(prover.undecided), prover.states)


def outcomes_of(scope: Scope, *, limit: int = LIMIT) -> dict[str, frozenset[Outcome]]:
    """Return how each sub-process in a scope, at any depth, can end."""
    prover = _Prover(limit)
    prover.scope(scope)
    return prover.outcomes


class _Prover:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.outcomes: dict[str, frozenset[Outcome]] = {}
        self.flaws: list[Flaw] = []
        self.undecided: list[Undecided] = []
        self.states = 0

    def scope(self, scope: Scope) -> frozenset[Outcome]:
        """Prove one scope and those in it; return how it can end."""
        if len(scope.nodes) + len(scope.flows) > LARGEST:
            reason = f"要素と流れが{LARGEST:,}を超えるため、確かめきれません。サブプロセスに分けてください。"
            self.undecided.append(Undecided(scope.id, reason))
            return self.outcomes.setdefault(scope.id, frozenset([NORMAL]))
        inner = {node.id: self.scope(node.body) for node in scope.nodes.values() if node.body is not None}
        around = Surroundings(inner)
        try:
            seen = self._explored(scope, around)
        except TooWideError as error:
            reason = (
                f"「{error.element}」から出る組合せが多すぎるため、確かめきれません。条件付きの流れを分けてください。"
            )
            self.undecided.append(Undecided(scope.id, reason))
            return self.outcomes.setdefault(scope.id, frozenset([NORMAL]))
        return self.outcomes.setdefault(scope.id, self._outcomes(scope, inner, seen))

    def _explored(self, scope: Scope, around: Surroundings) -> Exploration:
        net = build(scope, around)
        reduce_net(net)
        seen = explore(net, self.limit)
        self.states += seen.states
        if not seen.complete:
            reason = f"起こりうる状態が{self.limit}を超えるため、確かめきれません。サブプロセスに分けてください。"
            self.undecided.append(Undecided(scope.id, reason))
        elif seen.flaw is not None:
            self.flaws.append(self._shortest(scope, around, net, seen.flaw))
        else:
            dead = tuple(node.id for node in _living(scope) if node.id not in seen.alive)
            if dead:
                self.flaws.append(Flaw("dead", scope.id, dead, _names(scope, dead)))
        return seen

    def _shortest(self, scope: Scope, around: Surroundings, net: Net, flaw: Found) -> Flaw:
        """Look for a shorter example: first on the net as drawn, then on the reduced one."""
        for candidate in (build(scope, around), net):
            seen = explore(candidate, min(self.limit, EXAMPLE_LIMIT), every_order=True)
            self.states += seen.states
            if seen.flaw is not None:
                flaw = seen.flaw
                break
        ended = any(scope.nodes[word].kind == "endEvent" for word in flaw.path if word in scope.nodes)
        kind: FlawName = "left" if flaw.kind == "stuck" and ended else flaw.kind
        return Flaw(kind, scope.id, flaw.elements, _names(scope, flaw.elements), flaw.path)

    def _outcomes(self, scope: Scope, inner: dict[str, frozenset[Outcome]], seen: Exploration) -> frozenset[Outcome]:
        """Return how a scope can end, its event sub-processes included."""
        hosts = [node for node in scope.nodes.values() if not node.triggered_by_event]
        thrown = {f"{event.kind}:{event.name}" for node in scope.walk() for event in node.events}
        found: set[Outcome] = set()
        for flags, exit_ in seen.outcomes or {NORMAL}:
            kind, _, identity = exit_.partition(":")
            if kind == "handler":
                found |= {(flags | more, after) for more, after in inner[identity]}
            else:
                found.add((flags, "" if exit_ == "end" else exit_))
        for handler in handlers(scope):
            event, interrupting = trigger_of(handler)
            if not can_trigger(event, hosts, thrown):
                self.flaws.append(Flaw("dead", scope.id, (handler.id,), _names(scope, (handler.id,))))
            elif interrupting:
                found |= inner[handler.id]
        return frozenset(found)


def _living(scope: Scope) -> Iterator[Node]:
    """Yield the nodes of a scope that should come alive in its own flow."""
    return (node for node in scope.nodes.values() if not node.triggered_by_event)


def _names(scope: Scope, elements: tuple[str, ...]) -> tuple[str, ...]:
    """Return what elements are called on the diagram, their id where they have no name."""
    return tuple((scope.nodes[one].name if one in scope.nodes else "") or one for one in elements)
