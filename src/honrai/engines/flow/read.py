"""From bytes to a model. Reads any BPMN 2.0 file; whether it is legal or can be run is asked afterwards."""

from collections.abc import Iterable
from typing import Literal, cast

from honrai.engines.flow.errors import BadModel, shown
from honrai.engines.flow.model import (
    EventDefinition,
    Expression,
    Lane,
    Loop,
    MessageFlow,
    Model,
    Node,
    Pool,
    Process,
    Scope,
    SequenceFlow,
)
from honrai.engines.flow.names import (
    BPMN,
    EVENT_DEFINITIONS,
    FLOW_NODES,
    HONRAI,
    SUBPROCESSES,
    TIMER_PARTS,
    bpmn,
    honrai,
)
from honrai.engines.flow.xml import Document, Element, parse

_TRUE = frozenset({"true", "1"})
_NAMED = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}


def read(data: bytes, file: str = "") -> Model:
    """Read a BPMN 2.0 file.

    Args:
        data: the file's bytes, at most 8 MiB.
        file: its name, for messages.

    Raises:
        BadModel: not XML, not BPMN 2.0, two elements with one id, or a limit passed.
    """
    return interpret(parse(data, file), file)


def interpret(document: Document, file: str = "") -> Model:
    """Return the model a tree describes; `read` without the parsing.

    Raises:
        BadModel: not BPMN 2.0, or two elements with one id.
    """
    root = document.root
    if root.tag != bpmn("definitions"):
        raise BadModel(
            "not a BPMN 2.0 model",
            f'The first element must be <definitions xmlns="{BPMN}">',
            file=file,
            line=root.line,
            element=root.name,
        )
    ids = _ids(root, file)
    reader = _Reader(ids)
    collaborations = [child for child in root.children if child.tag == bpmn("collaboration")]
    return Model(
        document=document,
        file=file,
        processes={(process := reader.process(child)).id: process for child in root.find_all(bpmn("process"))},
        pools=tuple(_pool(pool) for one in collaborations for pool in one.find_all(bpmn("participant"))),
        message_flows=tuple(
            _message_flow(flow) for one in collaborations for flow in one.find_all(bpmn("messageFlow"))
        ),
        definitions={child.get("id"): child for child in root.children if child.get("id") and child.tag in _SHARED},
        ids=ids,
    )


_SHARED = frozenset(bpmn(local) for local in ("message", "signal", "error", "escalation", *EVENT_DEFINITIONS))


def _ids(root: Element, file: str) -> dict[str, Element]:
    """Return every element that has an id; two elements with one id are an error."""
    ids: dict[str, Element] = {}
    for element in root.walk():
        key = element.attributes.get("id")
        if key is None:
            continue
        if key in ids:
            raise BadModel(
                f"the id {shown(key)} is used twice (first on line {ids[key].line})",
                "Give one of the two another id",
                file=file,
                line=element.line,
                element=element.name,
            )
        ids[key] = element
    return ids


def _local(reference: str) -> str:
    """Return the id of a reference, which may carry a namespace prefix."""
    return reference.strip().rpartition(":")[2]


def _expression(element: Element | None) -> Expression | None:
    if element is None:
        return None
    return Expression(element.text.strip(), element.get("language").strip(), element.line)


class _Reader:
    """Reads processes; knows the ids of the whole file so that references can be named."""

    def __init__(self, ids: dict[str, Element]) -> None:
        self.ids = ids

    def process(self, element: Element) -> Process:
        """Read one process with its lanes."""
        lanes: list[Lane] = []
        for lane_set in element.find_all(bpmn("laneSet")):
            _lanes(lane_set, "", lanes)
        lane_of = {member: lane.id for lane in lanes for member in lane.members}
        executable = element.get("isExecutable").strip()
        key = _key(element)
        return Process(
            id=key,
            name=element.get("name"),
            executable=executable in _TRUE if executable else None,
            body=self.scope(key, element, lane_of),
            lanes=tuple(lanes),
            line=element.line,
            element=element,
        )

    def scope(self, key: str, element: Element, lane_of: dict[str, str]) -> Scope:
        """Read the inside of a process or sub-process."""
        flows: dict[str, SequenceFlow] = {}
        leaving: dict[str, list[str]] = {}
        arriving: dict[str, list[str]] = {}
        for child in element.find_all(bpmn("sequenceFlow")):
            flow = _sequence_flow(child)
            flows[flow.id] = flow
            leaving.setdefault(flow.source, []).append(flow.id)
            arriving.setdefault(flow.target, []).append(flow.id)
        nodes: dict[str, Node] = {}
        boundaries: dict[str, list[str]] = {}
        for child in element.children:
            if child.namespace == BPMN and child.local in FLOW_NODES:
                node = self.node(key, child, leaving, arriving, lane_of)
                nodes[node.id] = node
                if node.kind == "boundaryEvent":
                    boundaries.setdefault(node.attached_to, []).append(node.id)
        return Scope(key, nodes, flows, {host: tuple(ids) for host, ids in boundaries.items()})

    def node(
        self,
        scope: str,
        element: Element,
        leaving: dict[str, list[str]],
        arriving: dict[str, list[str]],
        lane_of: dict[str, str],
    ) -> Node:
        """Read one flow node."""
        key = _key(element)
        kind = element.local
        start = kind == "startEvent"
        interrupting = element.get("isInterrupting" if start else "cancelActivity", "true").strip()
        message = _local(element.get("messageRef"))
        return Node(
            id=key,
            kind=kind,
            name=element.get("name"),
            scope=scope,
            lane=lane_of.get(key, ""),
            incoming=_ordered(arriving.get(key, []), element.find_all(bpmn("incoming"))),
            outgoing=_ordered(leaving.get(key, []), element.find_all(bpmn("outgoing"))),
            default=_local(element.get("default")),
            events=tuple(self.events(element)) if kind.endswith("Event") else (),
            attached_to=_local(element.get("attachedToRef")),
            interrupting=interrupting in _TRUE,
            triggered_by_event=element.get("triggeredByEvent").strip() in _TRUE,
            called=_local(element.get("calledElement")),
            message=self.known_as("message", message) if message else "",
            loop=_loop(element),
            body=self.scope(key, element, lane_of) if kind in SUBPROCESSES else None,
            honrai=_honrai(element),
            line=element.line,
            element=element,
        )

    def events(self, element: Element) -> Iterable[EventDefinition]:
        """Read an event's definitions, its own and those it refers to, in order."""
        for child in element.children:
            found: Element | None = child
            if child.tag == bpmn("eventDefinitionRef"):
                found = self.ids.get(_local(child.text))
            if found is not None and found.namespace == BPMN and found.local in EVENT_DEFINITIONS:
                yield self.event(found)

    def event(self, element: Element) -> EventDefinition:
        """Read one event definition."""
        kind = EVENT_DEFINITIONS[element.local]
        ref = _local(element.get(_NAMED[kind])) if kind in _NAMED else ""
        timer, expression = "", _expression(element.find(bpmn("condition")))
        for part, name in TIMER_PARTS.items():
            if (written := element.find(bpmn(part))) is not None:
                timer, expression = name, _expression(written)
        return EventDefinition(
            kind=kind,
            id=element.get("id"),
            ref=ref,
            name=element.get("name") if kind == "link" else self.known_as(kind, ref),
            timer=cast(Literal["", "date", "duration", "cycle"], timer),
            expression=expression,
            business=element.get(honrai("count")) == "business",
            element=element,
        )

    def known_as(self, kind: str, ref: str) -> str:
        """Return the name a message or signal, the code an error or escalation, is known by outside the model."""
        target = self.ids.get(ref)
        if target is None:
            return ref
        code = target.get(f"{kind}Code") if kind in ("error", "escalation") else ""
        return code or target.get("name") or ref


def _key(element: Element) -> str:
    return element.get("id") or f"{element.local}#{element.line}"


def _ordered(flows: list[str], listed: list[Element]) -> tuple[str, ...]:
    """Return the flows in the order the node lists them; those it does not list follow in document order."""
    known = set(flows)
    order = [key for key in (_local(one.text) for one in listed) if key in known]
    return tuple(dict.fromkeys([*order, *flows]))


def _sequence_flow(element: Element) -> SequenceFlow:
    return SequenceFlow(
        id=_key(element),
        name=element.get("name"),
        source=_local(element.get("sourceRef")),
        target=_local(element.get("targetRef")),
        condition=_expression(element.find(bpmn("conditionExpression"))),
        line=element.line,
        element=element,
    )


def _loop(element: Element) -> Loop | None:
    multi = element.find(bpmn("multiInstanceLoopCharacteristics"))
    found = multi if multi is not None else element.find(bpmn("standardLoopCharacteristics"))
    if found is None:
        return None
    condition = found.find(bpmn("completionCondition" if multi is not None else "loopCondition"))
    collection = found.get(honrai("collection"))
    return Loop(
        kind="multi" if multi is not None else "standard",
        sequential=multi is None or found.get("isSequential").strip() in _TRUE,
        test_before=found.get("testBefore").strip() in _TRUE,
        maximum=found.get("loopMaximum").strip(),
        condition=_expression(condition),
        cardinality=_expression(found.find(bpmn("loopCardinality"))),
        collection=Expression(collection, "", found.line) if collection else None,
        item=found.get(honrai("item")),
        element=found,
    )


def _honrai(element: Element) -> dict[str, str]:
    start = f"{{{HONRAI}}}"
    return {key[len(start) :]: value for key, value in element.attributes.items() if key.startswith(start)}


def _lanes(lane_set: Element, parent: str, found: list[Lane]) -> None:
    """Collect lanes, outer before inner, so that the innermost lane of a node is the last that lists it."""
    for element in lane_set.find_all(bpmn("lane")):
        members = tuple(_local(ref.text) for ref in element.find_all(bpmn("flowNodeRef")))
        lane = Lane(_key(element), element.get("name"), parent, members, element)
        found.append(lane)
        for inner in element.find_all(bpmn("childLaneSet")):
            _lanes(inner, lane.id, found)


def _pool(element: Element) -> Pool:
    return Pool(_key(element), element.get("name"), _local(element.get("processRef")), element)


def _message_flow(element: Element) -> MessageFlow:
    source, target = _local(element.get("sourceRef")), _local(element.get("targetRef"))
    return MessageFlow(_key(element), element.get("name"), source, target, _local(element.get("messageRef")), element)
