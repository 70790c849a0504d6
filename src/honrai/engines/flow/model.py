"""A BPMN model as frozen values: processes, nodes, sequence flows, lanes, pools and what they refer to.

The model is a reading of the XML tree it carries (`Model.document`): everything the engine understands has a
field here, everything else stays reachable through `element` and is written back untouched. Change a model by
changing its tree (`write.py`) and reading it again, so the two never disagree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from honrai.engines.flow.xml import Document, Element


@dataclass(frozen=True, slots=True)
class Expression:
    """A formal expression as written.

    Attributes:
        text: the words, stripped.
        language: the language's URI, "" when the file names none (then it is FEEL).
        line: where it stands.
    """

    text: str
    language: str
    line: int


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws.

    Attributes:
        kind: message, timer, error, escalation, signal, terminate, link, conditional, cancel or compensate.
        id: its own id, "" when it has none.
        ref: id of the message, signal, error or escalation, "" for any or none.
        name: the name it is known by outside the model: a message's or signal's name, an error's or
            escalation's code (each falling back to the next best: name, then id), a link's name. "" for any.
        timer: for timers, which of the three kinds of time is written.
        expression: the time of a timer or the condition of a conditional event.
        business: the timer's days are business days of the city's calendar (`honrai:count="business"`).
        element: the definition's element.
    """

    kind: str
    id: str
    ref: str
    name: str
    timer: Literal["", "date", "duration", "cycle"]
    expression: Expression | None
    business: bool
    element: Element

    @property
    def line(self) -> int:
        """Line of the definition in the file."""
        return self.element.line


@dataclass(frozen=True, slots=True)
class Loop:
    """How an activity repeats.

    Attributes:
        kind: "standard" (while a condition holds) or "multi" (once for each of a number).
        sequential: one after the other (multi) - a standard loop always is.
        test_before: a standard loop asks its condition before the first round, too.
        maximum: a standard loop's limit of rounds, as written, "" for none.
        condition: loop condition (standard) or completion condition (multi).
        cardinality: number of rounds of a multi.
        collection: FEEL list to go through (`honrai:collection`), instead of a cardinality.
        item: the name under which each round sees its item (`honrai:item`).
        element: the loop's element.
    """

    kind: Literal["standard", "multi"]
    sequential: bool
    test_before: bool
    maximum: str
    condition: Expression | None
    cardinality: Expression | None
    collection: Expression | None
    item: str
    element: Element


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """An arrow between two nodes of one scope."""

    id: str
    name: str
    source: str
    target: str
    condition: Expression | None
    line: int
    element: Element


@dataclass(frozen=True, slots=True)
class Node:
    """A task, gateway, event or sub-process.

    Attributes:
        id: its id; `kind#line` when the file gives none.
        kind: the element's local name, e.g. "userTask".
        name: the words on the diagram.
        scope: id of the process or sub-process it lies in.
        lane: id of the innermost lane that lists it, "" outside lanes.
        incoming, outgoing: ids of sequence flows; outgoing in the order a gateway tests them.
        default: id of the flow taken when no condition holds, "" for none.
        events: what an event waits for or throws; empty for a none event and for other nodes.
        attached_to: id of the activity a boundary event sits on.
        interrupting: a boundary event cancels its activity; an event sub-process's start cancels its scope.
        triggered_by_event: an event sub-process.
        called: `calledElement` of a call activity.
        message: name of the message a send or receive task handles.
        loop: how it repeats, None if it does not.
        body: what a sub-process holds.
        honrai: the `honrai:` attributes by local name, e.g. {"act": "factual", "form": "child"}.
        line: line in the file.
        element: the element itself, for all other attributes and children.
    """

    id: str
    kind: str
    name: str
    scope: str
    lane: str
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    default: str
    events: tuple[EventDefinition, ...]
    attached_to: str
    interrupting: bool
    triggered_by_event: bool
    called: str
    message: str
    loop: Loop | None
    body: "Scope | None"
    honrai: Mapping[str, str]
    line: int
    element: Element


@dataclass(frozen=True, slots=True)
class Scope:
    """The inside of a process or sub-process: nodes and flows by id, in document order.

    Attributes:
        id: id of the process or sub-process.
        nodes: by id; those of nested sub-processes are in their own `body`.
        flows: sequence flows by id.
        boundaries: activity id -> ids of its boundary events, in document order.
    """

    id: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, SequenceFlow]
    boundaries: Mapping[str, tuple[str, ...]]

    def walk(self) -> Iterator[Node]:
        """Yield every node here and in nested sub-processes, outer before inner."""
        for node in self.nodes.values():
            yield node
            if node.body is not None:
                yield from node.body.walk()

    def all_flows(self) -> Iterator[SequenceFlow]:
        """Yield every sequence flow here and in nested sub-processes."""
        yield from self.flows.values()
        for node in self.nodes.values():
            if node.body is not None:
                yield from node.body.all_flows()


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: who does what lies in it. `members` are node ids; `parent` is the lane it divides, "" at the top."""

    id: str
    name: str
    parent: str
    members: tuple[str, ...]
    element: Element


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `executable` is None where the file does not say."""

    id: str
    name: str
    executable: bool | None
    body: Scope
    lanes: tuple[Lane, ...]
    line: int
    element: Element


@dataclass(frozen=True, slots=True)
class Pool:
    """A participant of a collaboration; `process` is "" for a black box."""

    id: str
    name: str
    process: str
    element: Element


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """An arrow between pools, or nodes of different pools."""

    id: str
    name: str
    source: str
    target: str
    message: str
    element: Element


@dataclass(frozen=True, slots=True)
class Model:
    """Everything in one BPMN file.

    Attributes:
        document: the tree, complete; `write` writes exactly this.
        file: its name, for messages.
        processes: by id, in document order.
        pools, message_flows: of all collaborations.
        definitions: messages, signals, errors, escalations and shared event definitions by id.
        ids: every element with an id, by id (diagram elements included).
    """

    document: Document
    file: str
    processes: Mapping[str, Process]
    pools: tuple[Pool, ...]
    message_flows: tuple[MessageFlow, ...]
    definitions: Mapping[str, Element]
    ids: Mapping[str, Element]

    def nodes(self) -> Iterator[Node]:
        """Yield every node of every process."""
        for process in self.processes.values():
            yield from process.body.walk()

    def node(self, node_id: str) -> Node:
        """Return one node by id; KeyError when there is none."""
        found = next((node for node in self.nodes() if node.id == node_id), None)
        if found is None:
            raise KeyError(node_id)
        return found
