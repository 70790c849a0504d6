"""Which place of the new version answers to a place of the old one, and can a case go on from there?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from honrai.engines.flow.model import Node, Scope
from honrai.engines.flow.program import Flow
from honrai.engines.flow.prove import outcomes_of, prove
from honrai.engines.flow.prove.build import Surroundings, build
from honrai.engines.flow.prove.explore import explore
from honrai.engines.flow.prove.net import Net, Option, TooWideError
from honrai.engines.flow.prove.reduce import reduce_net

from .places import occupied

STATES_PER_CLASS = 10
_BY_HAND = frozenset({"userTask", "manualTask"})
_TROUBLE = {
    "stuck": "移した先で「{at}」の合流を待ち続け、終われません。",
    "left": "移した先で「{at}」の合流を待ち続け、終われません。",
    "endless": "移した先で「{at}」を回り続け、終われません。",
    "twice": "移した先で「{at}」が二重に行われます。",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the places of one scope go: old id to new id, and why they cannot (empty: they can)."""

    to: Mapping[str, str]
    reasons: tuple[str, ...]


class Matcher:
    """Answers for one pair of versions and one map of ids."""

    def __init__(self, old: Flow, new: Flow, names: Mapping[str, str], limit: int) -> None:
        self.old, self.new, self.names, self.limit = old, new, dict(names), limit
        self.names.setdefault(old.process.id, new.process.id)
        self.own: dict[str, frozenset[frozenset[str]]] = {}
        self.cache: dict[tuple[str, frozenset[str]], Target] = {}

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        """Every scope of the new version by id."""
        return scopes_of(self.new)

    @cached_property
    def old_scopes(self) -> dict[str, Scope]:
        """Every scope of the old version by id."""
        return scopes_of(self.old)

    def reached(self, scope: str) -> frozenset[frozenset[str]]:
        """Return the sets of places that cases of the new version reach by themselves, where its scope is sound."""
        if scope not in self.own:
            around = Surroundings(self.around.outcomes, staying=True)
            sound = scope not in self.unsound
            found = occupied(self.scopes[scope], around, self.limit * STATES_PER_CLASS) if sound else None
            self.own[scope] = frozenset(found or ())
        return self.own[scope]

    @cached_property
    def unsound(self) -> frozenset[str]:
        """Scopes of the new version that are not proved sound."""
        proof = prove(self.new.model, self.new.process.id)
        return frozenset([flaw.scope for flaw in proof.flaws] + [one.scope for one in proof.undecided])

    @cached_property
    def around(self) -> Surroundings:
        """How the sub-processes of the new version can end."""
        return Surroundings(outcomes_of(self.new.process.body))

    def name(self, identity: str) -> str:
        """Return the id in the new version."""
        return self.names.get(identity, identity)

    def target(self, scope: str, places: frozenset[str]) -> Target:
        """Return where the places of one scope go.

        Args:
            scope: id of the old process or sub-process.
            places: ids of what is open in it, and of the flows on which tokens wait at a join.
        """
        key = (scope, places)
        if key not in self.cache:
            self.cache[key] = self._target(scope, places)
        return self.cache[key]

    def _target(self, scope: str, places: frozenset[str]) -> Target:
        old, new = self.old_scopes[scope], self.scopes.get(self.name(scope))
        if new is None:
            return Target({}, (f"「{scope}」に当たるサブプロセスが新しい版にありません。",))
        to: dict[str, str] = {}
        reasons: list[str] = []
        for place in sorted(places):
            if place in old.flows:
                found = self._flow(place, old, new)
                problem = "" if found else f"合流で待つ「{place}」に当たる流れが新しい版にありません。"
            else:
                found = self.name(place)
                problem = self._node(old.nodes[place], new.nodes.get(found), place)
            to[place] = found
            reasons += [problem] if problem else []
        if not reasons and len(set(to.values())) < len(to):
            reasons.append("二つの場所が同じ場所に移ります。対応表を直してください。")
        return Target(to, tuple(reasons) if reasons else self._goes_on(new, to.values()))

    def _node(self, old: Node, new: Node | None, place: str) -> str:
        """Return why a case cannot wait at the new node as it did at the old one, "" if it can."""
        if new is None:
            return f"「{place}」に当たる要素が新しい版の同じ枠にありません。対応表で移る先を決めてください。"
        if old.kind != new.kind and not {old.kind, new.kind} <= _BY_HAND:
            return f"「{place}」は {old.kind} ですが、移る先の「{new.id}」は {new.kind} です。"
        if [event.kind for event in old.events] != [event.kind for event in new.events]:
            return f"「{place}」と移る先の「{new.id}」では、待つものの種類が違います。"
        if _repeats(old) != _repeats(new):
            return f"「{place}」と移る先の「{new.id}」では、繰り返し方が違います。"
        if old.triggered_by_event != new.triggered_by_event:
            return f"「{place}」と移る先の「{new.id}」では、始まり方が違います。"
        return ""

    def _flow(self, flow: str, old: Scope, new: Scope) -> str:
        """Return the flow of the new version on which a token waits that waited on the old one, "" for none."""
        if self.name(flow) in new.flows:
            return self.name(flow)
        source, target = self.name(old.flows[flow].source), self.name(old.flows[flow].target)
        like = [one.id for one in new.flows.values() if (one.source, one.target) == (source, target)]
        return like[0] if len(like) == 1 else ""

    def _goes_on(self, scope: Scope, places: Collection[str]) -> tuple[str, ...]:
        """Return why a case that waits at these places of the new version could not end properly."""
        if frozenset(places) in self.reached(scope.id):
            return ()
        try:
            net = build(scope, self.around)
        except TooWideError as error:
            return (f"「{error.element}」から出る組合せが多すぎるため、移した後を確かめきれません。",)
        begin_at(net, scope, places)
        reduce_net(net)
        seen = explore(net, self.limit * STATES_PER_CLASS)
        if not seen.complete:
            return ("起こりうる状態が多すぎるため、移した後を確かめきれません。",)
        if seen.flaw is not None:
            return (_TROUBLE[seen.flaw.kind].format(at="」「".join(seen.flaw.elements)),)
        return ()


def _repeats(node: Node) -> tuple[str, bool] | None:
    return None if node.loop is None else (node.loop.kind, node.loop.sequential)


def begin_at(net: Net, scope: Scope, places: Iterable[str]) -> None:
    """Let a net begin with tokens at nodes and on flows instead of at its start."""
    for arc in net.outs(net.start):
        net.remove(arc)
    knots = {knot.at: number for number, knot in net.knots.items() if knot.at}
    outs = []
    for place in places:
        if place in scope.flows:
            arc = next(number for number, one in net.arcs.items() if one.way[:1] == (place,))
            middle = net.add_knot(place, "xor")
            onward = net.add_arc(middle, net.arcs[arc].target, net.arcs[arc].way)
            net.lead_to(arc, middle)
            net.arcs[arc].way = ()
            net.knots[middle].options = [Option(frozenset([onward]))]
            outs.append(net.add_arc(net.start, middle))
        elif place in knots:
            outs.append(net.add_arc(net.start, knots[place]))
    ends = outs or [net.add_arc(net.start, net.end)]
    net.knots[net.start].options = [Option(frozenset(ends))]


def scopes_of(flow: Flow) -> dict[str, Scope]:
    """Return the scope of a process and those of its sub-processes at any depth, by id."""
    found = {flow.process.id: flow.process.body}
    found.update({node.id: node.body for node in flow.process.body.walk() if node.body is not None})
    return found
