"""The plan: every class of states a case of the old version can be in, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from honrai.engines.flow.program import Flow
from honrai.engines.flow.prove import outcomes_of
from honrai.engines.flow.prove.build import Surroundings

from .match import STATES_PER_CLASS, Matcher
from .places import occupied

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
        limit: about how many classes of one scope to list at most.
    """
    matcher = Matcher(old, new, names or {}, limit)
    found = Plan(old, new, (), (), matcher)
    outcomes = outcomes_of(old.process.body)
    classes: list[StateClass] = []
    undecided: list[str] = []
    for identity, scope in matcher.old_scopes.items():
        places = occupied(scope, Surroundings(outcomes, staying=True), limit * STATES_PER_CLASS)
        if places is None:
            undecided.append(identity)
        else:
            classes += [found.of(identity, one) for one in places]
    return Plan(old, new, tuple(classes), tuple(undecided), matcher)
