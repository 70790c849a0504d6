"""The plan: every class of states a case of the old version can be in, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from honrai.engines.flow.model import Node, Scope
from honrai.engines.flow.names import ACTIVITIES
from honrai.engines.flow.program import Flow
from honrai.engines.flow.prove import outcomes_of
from honrai.engines.flow.prove.build import Surroundings, build, handlers
from honrai.engines.flow.prove.explore import joins_ready, markings
from honrai.engines.flow.prove.net import Net, TooWideError

from .match import Matcher

Verdict = Literal["same", "moved", "impossible"]
LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class StateClass:
    """All states of one scope in which the same places are occupied.

    Attributes:
        scope: id of the process or sub-process in the old version.
        places: ids of the nodes that are open and of the flows on which tokens wait at a join, sorted.
        verdict: "same" (every place keeps its id), "moved" (some place gets another), "impossible".
        to: the new id of each place, in the order of `places`; "" where there is none.
        reasons: why it is impossible, in Japanese; empty otherwise.
    """

    scope: str
    places: tuple[str, ...]
    verdict: Verdict
    to: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of every case of one version in another.

    A case is in one class per open process or sub-process; it can be moved when none of them is impossible.

    Attributes:
        old, new: the two versions, ready to run.
        classes: every reachable class, scope by scope.
        undecided: scopes with too many classes to list; their cases are still judged one by one when moved.
        matcher: answers for single cases.
    """

    old: Flow
    new: Flow
    classes: tuple[StateClass, ...]
    undecided: tuple[str, ...]
    matcher: Matcher

    def of(self, scope: str, places: frozenset[str]) -> StateClass:
        """Return the class of one scope's places, listed or not."""
        target = self.matcher.target(scope, places)
        ordered = tuple(sorted(places))
        to = tuple(target.to.get(place, "") for place in ordered)
        verdict: Verdict = "impossible" if target.reasons else ("same" if to == ordered else "moved")
        return StateClass(scope, ordered, verdict, to, target.reasons)


def plan(old: Flow, new: Flow, names: Mapping[str, str] | None = None, *, limit: int = LIMIT) -> Plan:
    """Plan the move of running cases from one version of a flow to another.

    Args:
        old: the version the cases run on.
        new: the version they should run on.
        names: ids of the old version to those of the new one, where they differ.
        limit: how many classes of one scope to list at most.
    """
    matcher = Matcher(old, new, names or {}, limit * 10)
    found = Plan(old, new, (), (), matcher)
    outcomes = outcomes_of(old.process.body)
    classes: list[StateClass] = []
    undecided: list[str] = []
    for identity, scope in matcher.old_scopes.items():
        places = occupied(scope, Surroundings(outcomes, staying=True), limit)
        if places is None:
            undecided.append(identity)
        else:
            classes += [found.of(identity, one) for one in places]
    return Plan(old, new, tuple(classes), tuple(undecided), matcher)


def occupied(scope: Scope, around: Surroundings, limit: int) -> list[frozenset[str]] | None:
    """Return every set of places that can be occupied at once while a scope waits; None where there are too many.

    An event sub-process that interrupts is alone; one that does not may run beside any of the others and is listed
    alone, because it has no bearing on them.
    """
    try:
        net = build(scope, around)
    except TooWideError:
        return None
    found = markings(net, limit)
    if found is None:
        return None
    classes: dict[frozenset[str], None] = {}
    for marked in found:
        places = frozenset(_place(net, scope, arc) for arc in marked)
        if "" not in places and not joins_ready(net, marked):
            classes[places] = None
    for handler in handlers(scope):
        classes[frozenset([handler.id])] = None
    return list(classes)


def _place(net: Net, scope: Scope, arc: int) -> str:
    """Return where a token on an arc waits: a node, a flow before a join, or "" where it does not wait."""
    at = net.knots[net.arcs[arc].target].at
    node = scope.nodes.get(at)
    if node is None:
        return ""
    if len(node.incoming) > 1 and node.kind in ("parallelGateway", "inclusiveGateway"):
        return net.arcs[arc].way[0]
    return node.id if waits(node) else ""


def waits(node: Node) -> bool:
    """Say whether a token stays at a node until something happens."""
    if node.kind == "intermediateCatchEvent":
        return any(event.kind != "link" for event in node.events)
    return node.kind == "eventBasedGateway" or (node.kind in ACTIVITIES and node.kind != "sendTask")
