"""From the nodes of one scope to the net that is proved; conditions become free choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from honrai.engines.flow.model import EventDefinition, Node, Scope
from honrai.engines.flow.names import ACTIVITIES, TASKS

from .net import JoinKind, Net, Option, TooWideError, empty_net

Outcome = tuple[frozenset[str], str]
T = TypeVar("T")
NORMAL: Outcome = (frozenset(), "")
WIDEST = 10
_OUTSIDE = frozenset({"message", "timer", "signal", "conditional"})
_CLOSED = frozenset({"startEvent", "boundaryEvent"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a scope's parts, and what is asked.

    `outcomes` are those of each sub-process body, by the sub-process's id. With `staying`, an event that does not
    interrupt happens while its activity stays, as a step of its own: needed to see every state, not to judge them.
    """

    outcomes: Mapping[str, frozenset[Outcome]]
    staying: bool = False


def subsets(items: Iterable[T], element: str) -> list[frozenset[T]]:
    """Return every subset of the items, the empty one first.

    Raises:
        TooWideError: more than ten items.
    """
    listed = list(items)
    if len(listed) > WIDEST:
        raise TooWideError(element)
    return [frozenset(chosen) for size in range(len(listed) + 1) for chosen in combinations(listed, size)]


def handlers(scope: Scope) -> list[Node]:
    """Return the event sub-processes of a scope."""
    return [node for node in scope.nodes.values() if node.triggered_by_event and node.body is not None]


def trigger_of(handler: Node) -> tuple[EventDefinition | None, bool]:
    """Return what starts an event sub-process, and whether it interrupts."""
    starts = [node for node in (handler.body.nodes.values() if handler.body else ()) if node.kind == "startEvent"]
    if not starts or not starts[0].events:
        return None, True
    return starts[0].events[0], starts[0].interrupting


def works(node: Node) -> bool:
    """Say whether work that can fail or escalate from outside is done in the node: a task, a call, or one inside."""
    if node.body is None:
        return node.kind in TASKS or node.kind == "callActivity"
    return any(works(inner) for inner in node.body.nodes.values())


def can_trigger(event: EventDefinition | None, hosts: Iterable[Node], raised: Iterable[str]) -> bool:
    """Say whether an event can happen while the hosts are active.

    Args:
        event: what is waited for.
        hosts: the nodes it watches.
        raised: what is thrown inside them, as "error:CODE" or "escalation:CODE".
    """
    if event is None or event.kind in _OUTSIDE:
        return True
    if any(works(host) for host in hosts):
        return True
    return any(catches(event, thrown) for thrown in raised)


def catches(event: EventDefinition, thrown: str) -> bool:
    """Say whether an error or escalation event catches what is thrown ("error:CODE")."""
    kind, _, code = thrown.partition(":")
    return event.kind == kind and event.name in ("", code)


def catcher(candidates: Iterable[tuple[Node, EventDefinition | None]], thrown: str) -> Node | None:
    """Return who catches what is thrown: the one that names its code, else the first that catches any."""
    found = [(node, event) for node, event in candidates if event is not None and catches(event, thrown)]
    found.sort(key=lambda pair: not pair[1].name)
    return found[0][0] if found else None


class _Builder:
    def __init__(self, scope: Scope, around: Surroundings) -> None:
        self.scope = scope
        self.around = around
        self.net = empty_net(scope.id)
        self.knot: dict[str, int] = {}
        self.flows: dict[str, int] = {}
        self.boundary: dict[str, int] = {}
        self.links: dict[str, list[int]] = {}
        self.handlers = handlers(scope)

    def build(self) -> Net:
        nodes = [node for node in self.scope.nodes.values() if not node.triggered_by_event]
        for node in nodes:
            self.knot[node.id] = self.net.end if self._only_ends(node) else self.net.add_knot(node.id, _join(node))
            self.net.knots[self.knot[node.id]].lax = node.kind == "endEvent"
        for flow in self.scope.flows.values():
            if flow.source in self.knot and flow.target in self.knot:
                target = self.knot[flow.target]
                way = (flow.id, flow.target) if target == self.net.end else (flow.id,)
                self.flows[flow.id] = self.net.add_arc(self.knot[flow.source], target, way)
        self._wire_links(nodes)
        for node in nodes:
            if node.kind == "boundaryEvent" and node.attached_to in self.knot:
                self.boundary[node.id] = self.net.add_arc(self.knot[node.attached_to], self.knot[node.id])
        self._enter(nodes)
        for node in nodes:
            if self.knot[node.id] != self.net.end:
                self.net.knots[self.knot[node.id]].options = self._options(node)
        self._set_apart()
        return self.net

    def _only_ends(self, node: Node) -> bool:
        """Say whether a node takes its token away and does no more to the scope.

        So does an escalation that an event sub-process here takes up without interrupting.
        """
        special = [event for event in node.events if event.kind in ("error", "terminate", "escalation")]
        return node.kind == "endEvent" and all(
            event.kind == "escalation" and self._handled(f"escalation:{event.name}") == "taken" for event in special
        )

    def _set_apart(self) -> None:
        """Let arcs that nothing ever puts a token on leave a knot of their own that never fires.

        They stay, because a parallel join may wait for them.
        """
        used = {arc for knot in self.net.knots.values() for option in knot.options for arc in option.outs}
        unused = [arc for arc in self.net.arcs if arc not in used]
        if unused:
            never = self.net.add_knot("", "xor")
            for arc in unused:
                self.net.leave_from(arc, never)

    def _wire_links(self, nodes: list[Node]) -> None:
        catching = {
            e.name: n for n in nodes if n.kind == "intermediateCatchEvent" for e in n.events if e.kind == "link"
        }
        for node in nodes:
            for event in node.events if node.kind == "intermediateThrowEvent" else ():
                if event.kind == "link" and event.name in catching:
                    arc = self.net.add_arc(self.knot[node.id], self.knot[catching[event.name].id])
                    self.links.setdefault(node.id, []).append(arc)

    def _enter(self, nodes: list[Node]) -> None:
        """Give the start knot its ways in: each start event alone, or without any, what nothing leads to, together."""
        arrived = {arc.target for arc in self.net.arcs.values()}
        starts = [node for node in nodes if node.kind == "startEvent"]
        headless = [node for node in nodes if self.knot[node.id] not in arrived and node.kind not in _CLOSED]
        ways = [[node] for node in starts] or [headless]
        for group in ways:
            arcs = frozenset(self.net.add_arc(self.net.start, self.knot[node.id]) for node in group)
            self.net.knots[self.net.start].options.append(Option(arcs))

    def _options(self, node: Node) -> list[Option]:
        if node.kind == "endEvent":
            return self._end(node)
        if node.kind in ACTIVITIES:
            return self._activity(node)
        leave = self._leave(node)
        if node.kind == "intermediateThrowEvent":
            for event in node.events:
                if event.kind == "escalation":
                    return [self._raise(event, option.outs) for option in leave]
        return leave

    def _leave(self, node: Node) -> list[Option]:
        """Return the ways out of a node when nothing interrupts it."""
        outs = [self.flows[flow] for flow in node.outgoing if flow in self.flows] + self.links.get(node.id, [])
        if not outs:
            return [Option(frozenset([self.net.add_arc(self.knot[node.id], self.net.end)]))]
        if node.kind in ("exclusiveGateway", "eventBasedGateway"):
            return [Option(frozenset([arc])) for arc in outs]
        if node.kind == "parallelGateway":
            return [Option(frozenset(outs))]
        conditional = [self.flows[f] for f in node.outgoing if f in self.flows and self.scope.flows[f].condition]
        default = self.flows.get(node.default)
        always = frozenset(arc for arc in outs if arc not in conditional and arc != default)
        chosen = subsets((arc for arc in conditional if arc != default), node.id)
        if default is not None and not (always and node.kind.endswith("Gateway")):
            chosen = [one or frozenset([default]) for one in chosen]
        return [Option(always | one) for one in chosen if always or one]

    def _end(self, node: Node) -> list[Option]:
        event = node.events[0]
        if event.kind == "terminate":
            return [Option(frozenset(), exit="end")]
        if event.kind == "escalation":
            return [self._raise(event, frozenset())]
        thrown = f"error:{event.name}"
        return [Option(frozenset(), exit=self._handled(thrown) or thrown)]

    def _handled(self, thrown: str) -> str:
        """Return "handler:ID" of the interrupting event sub-process here that catches what is thrown, "" if none does."""
        found = catcher([(handler, trigger_of(handler)[0]) for handler in self.handlers], thrown)
        if found is None:
            return ""
        return f"handler:{found.id}" if trigger_of(found)[1] else "taken"

    def _raise(self, event: EventDefinition, outs: frozenset[int]) -> Option:
        thrown = f"escalation:{event.name}"
        handled = self._handled(thrown)
        if handled == "taken":
            return Option(outs)
        return Option(frozenset(), exit=handled) if handled else Option(outs, frozenset([thrown]))

    def _activity(self, node: Node) -> list[Option]:
        """Return the ways out of an activity: done, interrupted, with or without what its boundary events start."""
        borders = [self.scope.nodes[key] for key in self.scope.boundaries.get(node.id, ())]
        outcomes = self.around.outcomes.get(node.id, frozenset([NORMAL]))
        if node.loop is not None:
            outcomes = _repeated(outcomes)
        raised = {flag for flags, _ in outcomes for flag in flags} | {exit for _, exit in outcomes}
        possible = [b for b in borders if b.events and can_trigger(b.events[0], [node], raised)]
        outside = [b for b in possible if b.events[0].kind in _OUTSIDE or works(node)]
        options: dict[Option, None] = {}
        for outcome in sorted(outcomes, key=lambda one: (sorted(one[0]), one[1])):
            for option in self._after(node, possible, outcome):
                options[option] = None
        for border in outside:
            if border.interrupting:
                options[Option(frozenset([self.boundary[border.id]]))] = None
        if self.around.staying:
            stay = self.net.add_arc(self.knot[node.id], self.knot[node.id], ())
            asides = [self.boundary[b.id] for b in possible if not b.interrupting]
            return [*options, *(Option(frozenset([stay, aside])) for aside in asides)]
        besides = subsets((self.boundary[b.id] for b in outside if not b.interrupting), node.id)
        return self._before_leaving(node, [Option(o.outs | more, o.flags, o.exit) for o in options for more in besides])

    def _before_leaving(self, node: Node, options: list[Option]) -> list[Option]:
        """Return the options; what starts beside an activity that then leaves the scope can go on until it does."""
        found: dict[Option, None] = {}
        late: dict[str, int] = {}
        for option in options:
            if not (option.exit and option.outs):
                found[option] = None
                continue
            if option.exit not in late:
                leaving = self.net.add_knot(node.id, "xor")
                self.net.knots[leaving].way = ()
                self.net.knots[leaving].options = [Option(frozenset(), exit=option.exit)]
                late[option.exit] = self.net.add_arc(self.knot[node.id], leaving)
            found[Option(option.outs | {late[option.exit]}, option.flags)] = None
        return list(found)

    def _after(self, node: Node, borders: list[Node], outcome: Outcome) -> list[Option]:
        """Return what follows one outcome of a sub-process: what its boundary events catch, and what goes on up."""
        flags, exit_ = outcome
        started: set[int] = set()
        passed: set[str] = set()
        stops: list[tuple[frozenset[int], str]] = []
        for flag in sorted(flags):
            border = catcher([(b, b.events[0]) for b in borders], flag)
            handled = "" if border else self._handled(flag)
            if border is not None and border.interrupting:
                stops.append((frozenset([self.boundary[border.id]]), ""))
            elif handled.startswith("handler:"):
                stops.append((frozenset(), handled))
            elif border is not None:
                started.add(self.boundary[border.id])
            elif not handled:
                passed.add(flag)
        if stops:  # which was raised first is not known: any of the others may have come before it
            earlier = subsets(passed, node.id)
            ways = [Option(outs, before, handled) for outs, handled in stops for before in earlier]
        elif exit_.startswith("error:"):
            border = catcher([(b, b.events[0]) for b in borders], exit_)
            outs = frozenset([self.boundary[border.id]]) if border else frozenset()
            ways = [Option(outs, frozenset(passed), "" if border else self._handled(exit_) or exit_)]
        else:
            ways = [Option(option.outs, frozenset(passed)) for option in self._leave(node)]
        # What is raised may be raised again: leaving it out stands for every number but one, so no join may count on it.
        return [Option(way.outs | more, way.flags, way.exit) for way in ways for more in subsets(started, node.id)]


def _repeated(outcomes: frozenset[Outcome]) -> frozenset[Outcome]:
    """Return the outcomes of going through any number of rounds, none included."""
    found = {NORMAL}
    while True:
        more = {(f | g, exit_) for f, done in found if not done for g, exit_ in outcomes} | found
        if more == found:
            return frozenset(found)
        found = more


def _join(node: Node) -> JoinKind:
    if node.kind == "parallelGateway":
        return "and"
    return "or" if node.kind == "inclusiveGateway" and len(node.incoming) > 1 else "xor"


def build(scope: Scope, around: Surroundings) -> Net:
    """Return the net of one scope.

    Raises:
        TooWideError: a node has more than ten conditional flows or optional boundary events.
    """
    return _Builder(scope, around).build()
