"""Is every part of a process in the subset that is run exactly? Each part that is not is refused by name and line.

This is another question than legality: most of what is refused here is good BPMN. It asks of the structure only;
expressions are read in `compile`.
"""

from collections.abc import Callable, Iterator
from functools import partial

from honrai.engines.flow.conditions import MAX_ROUNDS
from honrai.engines.flow.errors import Refusal, shown
from honrai.engines.flow.model import EventDefinition, Node, Process, Scope
from honrai.engines.flow.names import ACTIVITIES, BPMN, EVENT_DEFINITIONS, bpmn, honrai
from honrai.engines.flow.subset import ALLOWED_EVENTS, ALLOWED_VALUES, INSTEAD, PARTS, RUN_NODES, SILENT
from honrai.engines.flow.xml import Element

MAX_NODES = 1_000
_WAITS = frozenset({"message", "timer", "signal", "conditional"})
_KNOWN = RUN_NODES | SILENT | PARTS | EVENT_DEFINITIONS.keys()


def structural(process: Process) -> list[Refusal]:
    """Return every reason in the structure of a process why it is not run, in document order."""
    number = sum(1 for _ in process.body.walk())
    if number > MAX_NODES:
        return [refusal(process.element, f"has {number} nodes, more than {MAX_NODES}; divide it by call activities")]
    found = list(_whole(process))
    found.extend(_elements(process.element))
    found.extend(_scope(process.body, "process start"))
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda refusal: refusal.line)


def refusal(element: Element, message: str) -> Refusal:
    """Return a refusal that points at an element."""
    return Refusal(element.local, element.get("id"), element.line, message)


def _whole(process: Process) -> Iterator[Refusal]:
    if process.executable is False:
        yield refusal(process.element, 'is marked as a drawing; set isExecutable="true" to run it')
    if not process.body.nodes:
        yield refusal(process.element, "holds nothing to run; draw its tasks and events")


def _elements(top: Element) -> Iterator[Refusal]:
    """Refuse BPMN elements and attribute values outside the subset, wherever they stand in the process."""
    stack = list(reversed(top.children))
    while stack:
        element = stack.pop()
        if element.namespace != BPMN or element.local == "extensionElements":
            continue
        if element.local not in _KNOWN:
            yield refusal(element, f"is not run; {INSTEAD.get(element.local, 'remove it or draw it otherwise')}")
            if element.local not in ACTIVITIES:
                continue
        for attribute, values in ALLOWED_VALUES.items():
            if (value := element.get(attribute).strip()) and value not in values:
                yield refusal(element, f'{attribute}="{value}" is not run; remove the attribute')
        if element.local not in SILENT:
            stack.extend(reversed(element.children))


def _scope(scope: Scope, start: str) -> Iterator[Refusal]:
    for flow in scope.flows.values():
        for end, place in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if place not in scope.nodes:
                yield refusal(
                    flow.element,
                    f"{end} {shown(place)} is no node of {shown(scope.id)}; draw it between two nodes of it",
                )
    starts = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if start != "process start" and len(starts) > 1:
        yield refusal(starts[1].element, f"{shown(scope.id)} has several start events; keep one")
    if start == "event sub-process start" and not starts:
        yield Refusal("subProcess", scope.id, 0, "an event sub-process needs the start event that triggers it")
    if scope.nodes and not starts and all(_led_to(node) for node in scope.nodes.values()):
        first = next(iter(scope.nodes.values()))
        yield refusal(
            first.element, f"nothing begins in {shown(scope.id)}: something leads to each node; add a start event"
        )
    for node in scope.nodes.values():
        yield from _node(node, scope, start)
        if node.body is not None:
            yield from _scope(node.body, "event sub-process start" if node.triggered_by_event else "sub-process start")


def _led_to(node: Node) -> bool:
    """Return whether a token can only come to this node from another."""
    catching_link = node.kind == "intermediateCatchEvent" and any(event.kind == "link" for event in node.events)
    return bool(node.incoming) or node.kind == "boundaryEvent" or node.triggered_by_event or catching_link


def _node(node: Node, scope: Scope, start: str) -> Iterator[Refusal]:
    say = partial(refusal, node.element)
    if node.kind.endswith("Event"):
        yield from _event(node, scope, start, say)
    elif node.kind.endswith("Gateway"):
        yield from _gateway(node, scope, say)
    elif node.kind in ACTIVITIES:
        yield from _activity(node, say)
    if node.default and node.default not in node.outgoing:
        yield say(f"its default {shown(node.default)} does not leave it; choose one of its outgoing flows")
    if node.kind not in ACTIVITIES and node.kind not in ("exclusiveGateway", "inclusiveGateway"):
        for flow in node.outgoing:
            if scope.flows[flow].condition is not None:
                yield refusal(scope.flows[flow].element, f"a condition after a {node.kind} is not run; remove it")


def _event(node: Node, scope: Scope, start: str, say: Callable[[str], Refusal]) -> Iterator[Refusal]:
    if len(node.events) > 1:
        yield say("several event definitions in one event are not run; keep one")
        return
    event = node.events[0] if node.events else None
    position = start if node.kind == "startEvent" else node.kind
    kind = event.kind if event else ""
    if kind not in ALLOWED_EVENTS.get(position, {kind}):
        yield say(f"a {kind or 'none'} event is not run as {position}; use one of {_listed(ALLOWED_EVENTS[position])}")
    elif event is not None:
        yield from _definition(node, event, scope)
    if node.kind == "boundaryEvent" and scope.nodes.get(node.attached_to, node).kind not in ACTIVITIES:
        yield say(f"is attached to {shown(node.attached_to)}, which is no task or sub-process here; attach it to one")
    if not node.interrupting and kind == "error":
        yield say("an error always interrupts; set cancelActivity or isInterrupting to true")
    if node.kind in ("startEvent", "boundaryEvent") and node.incoming:
        yield say("nothing may lead to it; remove its incoming flow")
    if node.kind == "endEvent" and node.outgoing:
        yield say("nothing may follow it; remove its outgoing flow")


def _listed(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kind or "none" for kind in kinds))


def _definition(node: Node, event: EventDefinition, scope: Scope) -> Iterator[Refusal]:
    say = partial(refusal, event.element)
    if event.kind in ("message", "signal", "escalation") and not event.name and node.kind != "boundaryEvent":
        if not (event.kind == "escalation" and node.kind == "startEvent"):
            yield say(f"names no {event.kind}; set {event.kind}Ref")
    elif event.kind in ("message", "signal") and not event.name:
        yield say(f"names no {event.kind}; set {event.kind}Ref")
    elif event.kind == "error" and node.kind == "endEvent" and not event.name:
        yield say("names no error; set errorRef")
    elif event.kind == "link":
        yield from _link(node, event, scope)
    elif event.kind == "conditional" and (event.expression is None or not event.expression.text):
        yield say("has no condition; write one in FEEL")
    elif event.kind == "timer" and (event.expression is None or not event.expression.text):
        yield say("has no time; write a timeDate, timeDuration or timeCycle")
    elif event.timer == "cycle" and node.kind == "intermediateCatchEvent":
        yield say("a cycle in the middle of a flow is not run; use timeDate or timeDuration")


def _link(node: Node, event: EventDefinition, scope: Scope) -> Iterator[Refusal]:
    if node.kind == "intermediateThrowEvent":
        targets = [
            other
            for other in scope.nodes.values()
            if other.kind == "intermediateCatchEvent" and any(_same_link(one, event) for one in other.events)
        ]
        if not event.name or len(targets) != 1:
            yield refusal(
                event.element, f"the link {shown(event.name)} must lead to exactly one catching link event here"
            )
    elif node.incoming:
        yield refusal(event.element, "a catching link event continues from a throwing one; remove its incoming flow")


def _same_link(one: EventDefinition, other: EventDefinition) -> bool:
    return one.kind == "link" and one.name == other.name


def _gateway(node: Node, scope: Scope, say: Callable[[str], Refusal]) -> Iterator[Refusal]:
    flows = [scope.flows[flow] for flow in node.outgoing]
    if node.kind == "exclusiveGateway" and len(flows) > 1:
        for flow in flows:
            if flow.condition is None and flow.id != node.default:
                yield refusal(flow.element, "has no condition and is not the default of its gateway; write one in FEEL")
    if node.kind == "eventBasedGateway":
        if not flows:
            yield say("waits for nothing; draw the events it chooses between")
        for flow in flows:
            target = scope.nodes.get(flow.target)
            if target is not None and not _choice(target, scope):
                yield refusal(
                    target.element,
                    "cannot follow an event-based gateway; use a receive task without boundary events or a message, "
                    "timer, signal or conditional catching event that nothing else leads to",
                )


def _choice(target: Node, scope: Scope) -> bool:
    if len(target.incoming) != 1:
        return False
    if target.kind == "receiveTask":
        return not scope.boundaries.get(target.id) and target.loop is None
    return target.kind == "intermediateCatchEvent" and {event.kind for event in target.events} <= _WAITS


def _activity(node: Node, say: Callable[[str], Refusal]) -> Iterator[Refusal]:
    if node.kind == "callActivity" and not node.called:
        yield say("names no process to call; set calledElement")
    if node.kind == "businessRuleTask" and not (node.honrai.get("decides") or node.honrai.get("proposes")):
        yield say("names no decision; set honrai:decides or honrai:proposes")
    if node.kind in ("sendTask", "receiveTask") and not node.message:
        yield say("names no message; set messageRef")
    if node.triggered_by_event and (node.incoming or node.outgoing or node.loop):
        yield say("an event sub-process stands alone; remove its flows and its repetition")
    if node.loop is not None:
        yield from _loop(node)


def _loop(node: Node) -> Iterator[Refusal]:
    loop = node.loop
    assert loop is not None
    say = partial(refusal, loop.element)
    if loop.kind == "standard":
        if loop.condition is None and not loop.maximum:
            yield say("never ends; write a loopCondition in FEEL or set loopMaximum")
        if loop.maximum and not (
            loop.maximum.isascii() and loop.maximum.isdigit() and 0 < int(loop.maximum[:9]) <= MAX_ROUNDS
        ):
            yield say(f"loopMaximum {shown(loop.maximum)} must be a whole number from 1 to {MAX_ROUNDS}")
    elif (loop.cardinality is None) == (loop.collection is None):
        yield say("needs either a loopCardinality or the attribute honrai:collection")
    if loop.element.get(honrai("item")) and loop.collection is None:
        yield say("honrai:item names the items of a honrai:collection; add one")
    if loop.element.find(bpmn("script")) is not None:
        yield say("scripts are not run")
