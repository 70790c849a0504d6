"""Feeds the reader, the writer and the step machine broken and strange models and looks for surprises.

A surprise is any exception other than those the engine documents, a model that reads back differently from how it
was written, or more than two seconds of processor time for reading a model, making it ready or one step. Models come
from `blocks` and from one sample that uses every element; they are damaged as bytes (flips, cuts, copies) and as trees
(elements and values moved about).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from time import monotonic, process_time
from typing import ParamSpec, TypeVar

from honrai.engines.flow.compile import executable
from honrai.engines.flow.conformance.blocks import example
from honrai.engines.flow.errors import BadModel, FlowError
from honrai.engines.flow.events import Changed, Completed, Escalated, Event, Failed, Fired, Message, Signal
from honrai.engines.flow.machine import start, step
from honrai.engines.flow.names import BPMN, HONRAI
from honrai.engines.flow.program import Flow
from honrai.engines.flow.read import read
from honrai.engines.flow.state import State, awaited, is_over, open_items
from honrai.engines.flow.write import write
from honrai.engines.flow.xml import Document, Element, parse, serialise

SECONDS = 2.0
P = ParamSpec("P")
T = TypeVar("T")
_NOW = datetime(2026, 4, 1, tzinfo=UTC)
_VALUES = (
    "", "0", "-1", "true", "false", "a", "b", "s", "z", "p", "q", "f1", "f2", "m", "x > 0", "x >", "x > \u3042", "PT1H",
    "R/PT0S", "R3/PT1H", "P99999Y", "2026-02-30", "9999-12-31T23:59:59Z", "R999999/P1D", "1e999", "10000", "99999999999",
    "for i in 1..100000000 return i", "((((((((((", "&#0;", "\ufffe", "x" * 5000, "b:c:d", "null", "duration(x)",
)  # fmt: skip
_SAMPLE = f"""<definitions xmlns="{BPMN}" xmlns:h="{HONRAI}" id="d"><message id="m" name="m"/><signal id="g" name="g"/>
<error id="e" errorCode="e"/><escalation id="c" escalationCode="c"/><process id="p" isExecutable="true">
<laneSet id="ls"><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>
<startEvent id="s"/><userTask id="a" h:act="factual"><documentation>x</documentation></userTask>
<boundaryEvent id="b1" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle>
</timerEventDefinition></boundaryEvent><inclusiveGateway id="i" default="f4"/><inclusiveGateway id="j"/>
<subProcess id="q"><startEvent id="qs"/><serviceTask id="qa"><multiInstanceLoopCharacteristics>
<loopCardinality>x + 1</loopCardinality><completionCondition>numberOfCompletedInstances &gt; 1</completionCondition>
</multiInstanceLoopCharacteristics></serviceTask><endEvent id="qe"><errorEventDefinition errorRef="e"/></endEvent>
<sequenceFlow id="q1" sourceRef="qs" targetRef="qa"/><sequenceFlow id="q2" sourceRef="qa" targetRef="qe"/>
<subProcess id="w" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false"><conditionalEventDefinition>
<condition>x &gt; 1</condition></conditionalEventDefinition></startEvent><manualTask id="wt"/>
<sequenceFlow id="w1" sourceRef="ws" targetRef="wt"/></subProcess></subProcess>
<boundaryEvent id="b2" attachedToRef="q"><errorEventDefinition errorRef="e"/></boundaryEvent>
<callActivity id="k" calledElement="o"><standardLoopCharacteristics loopMaximum="2"><loopCondition>x &gt; 0
</loopCondition></standardLoopCharacteristics></callActivity><eventBasedGateway id="v"/>
<intermediateCatchEvent id="v1"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
<intermediateCatchEvent id="v2"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>
</intermediateCatchEvent><intermediateThrowEvent id="t"><escalationEventDefinition escalationRef="c"/>
</intermediateThrowEvent><businessRuleTask id="r" h:decides="y"/><endEvent id="z"/><endEvent id="zz">
<terminateEventDefinition/></endEvent><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<sequenceFlow id="f2" sourceRef="a" targetRef="i"/><sequenceFlow id="f3" sourceRef="i" targetRef="q">
<conditionExpression>x &gt; 0</conditionExpression></sequenceFlow><sequenceFlow id="f4" sourceRef="i" targetRef="k"/>
<sequenceFlow id="f5" sourceRef="q" targetRef="j"/><sequenceFlow id="f6" sourceRef="k" targetRef="j"/>
<sequenceFlow id="f7" sourceRef="j" targetRef="v"/><sequenceFlow id="f8" sourceRef="v" targetRef="v1"/>
<sequenceFlow id="f9" sourceRef="v" targetRef="v2"/><sequenceFlow id="f10" sourceRef="v1" targetRef="t"/>
<sequenceFlow id="f11" sourceRef="v2" targetRef="r"/><sequenceFlow id="f12" sourceRef="t" targetRef="z"/>
<sequenceFlow id="f13" sourceRef="r" targetRef="zz"/><sequenceFlow id="f14" sourceRef="b1" targetRef="z"/>
<sequenceFlow id="f15" sourceRef="b2" targetRef="z"/></process></definitions>"""


@dataclass(frozen=True, slots=True)
class Finding:
    """A surprise: the input and what happened."""

    data: bytes
    problem: str


@dataclass(slots=True)
class Report:
    """How many inputs were tried, how many of them could be read and could be run, and what was found."""

    inputs: int
    read: int
    run: int
    findings: list[Finding]

    def __str__(self) -> str:
        lines = [f"{one.problem}\n  {one.data[:2000]!r}" for one in self.findings]
        total = f"# {self.inputs} inputs, {self.read} readable, {self.run} runnable, {len(self.findings)} findings"
        return "\n".join([*lines, total]) + "\n"


def run(seconds: float, seed: int) -> Report:
    """Try damaged models for a time.

    Args:
        seconds: how long.
        seed: of the damage; the same seed tries the same inputs in the same order.
    """
    random = Random(seed)  # noqa: S311 - reproducible, not secret
    report = Report(0, 0, 0, [])
    end = monotonic() + seconds
    while monotonic() < end:
        seedling = _SAMPLE.encode() if random.random() < 0.6 else example(random.randrange(10**6), 6).data
        data = _damaged(seedling, random)
        report.inputs += 1
        try:
            reached = try_one(data, random.randrange(10**9))
            report.read += reached > 0
            report.run += reached > 1
        except Exception as error:
            report.findings.append(Finding(data, f"{type(error).__name__}: {error}"))
    return report


def try_one(data: bytes, seed: int = 0) -> int:
    """Read, write and play one input; return 0 when it cannot be read, 1 when it cannot be run, 2 when it can.

    Raises:
        AssertionError: written and read again it is another model, or something took too long.
        Exception: anything the engine does not document; a finding.
    """
    try:
        model = _timed(read, data)
    except BadModel:
        return 0
    assert _plain(read(write(model)).document.root) == _plain(model.document.root), "changed by writing"
    reached = 1
    for process in model.processes:
        try:
            flow = _timed(executable, model, process)
        except FlowError:
            continue
        reached = 2
        _play(flow, Random(seed))  # noqa: S311 - reproducible, not secret
    return reached


def _timed(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Do something and return its result; taking too long is a finding, whatever the result."""
    began = process_time()
    try:
        return work(*args, **named)
    finally:
        took = process_time() - began
        assert took < SECONDS, f"{work.__name__} took {took:.1f} s"


def _plain(element: Element) -> object:
    """Return an element without its line, for comparing."""
    inner = tuple(_plain(child) for child in element.children)
    return element.tag, element.name, element.written, element.text, element.tail, inner


def _play(flow: Flow, random: Random) -> None:
    facts: dict[str, object] = {"x": random.randrange(3), "v0": 1}
    now = _NOW
    try:
        state, _ = _timed(start, flow, facts, now)
    except FlowError:
        return
    for _ in range(20):
        if is_over(state):
            return
        now += timedelta(hours=random.randrange(100))
        facts["x"] = random.choice((0, 1, 2, None, "y"))
        try:
            state, _ = _timed(step, flow, state, _any_event(flow, state, random), facts, now)
        except FlowError:
            continue


def _any_event(flow: Flow, state: State, random: Random) -> Event:
    keys = [one.key for one in open_items(flow, state)] or ["0"]
    key = random.choice(keys)
    names = [*awaited(flow, state, "message"), "m"]
    return random.choice(
        (Completed(key), Completed(key), Completed(key), Fired(key), Failed(key, "e"), Escalated(key, "c"),
         Message(random.choice(names)), Signal("g"), Changed())
    )  # fmt: skip


def _damaged(data: bytes, random: Random) -> bytes:
    """Return the model with one to three kinds of damage."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice(_DAMAGES)(data, random)
    return data


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    begin = random.randrange(len(data) + 1)
    return data[:begin] + data[min(len(data), begin + random.choice((1, 10, 200))) :]


def _copy(data: bytes, random: Random) -> bytes:
    begin, to = random.randrange(len(data) + 1), random.randrange(len(data) + 1)
    return data[:to] + data[begin : begin + random.choice((5, 50, 500))] + data[to:]


def _insert(data: bytes, random: Random) -> bytes:
    to = random.randrange(len(data) + 1)
    pieces = (
        b"<!DOCTYPE x>",
        b"<!--",
        b"]]>",
        b"&amp;",
        b"&x;",
        b"<a>" * 300,
        b"\x00",
        b"\xff\xfe",
        b"<?pi?>",
        b" " * 9,
    )
    return data[:to] + random.choice(pieces) + data[to:]


def _tree(data: bytes, random: Random) -> bytes:
    """Damage the tree: drop, copy or move an element, or set a value to something odd; unreadable input stays."""
    try:
        document = parse(data)
    except BadModel:
        return data
    elements = [one for one in document.root.walk() if not one.tag.startswith("#")]
    target, other = random.choice(elements), random.choice(elements)
    value = random.choice((*_VALUES, *(one.get("id") for one in random.sample(elements, min(3, len(elements))))))
    act = random.choice(("drop", "copy", "text", "attribute", "attribute", "attribute", "kind"))
    return serialise(replace(document, root=_changed(document, target, other, act, value, random)))


def _changed(document: Document, target: Element, other: Element, act: str, value: str, random: Random) -> Element:
    def visit(element: Element) -> Element:
        children = [visit(child) for child in element.children if not (act == "drop" and child is target)]
        if element is not target:
            return replace(element, children=tuple(children))
        if act == "copy":
            return replace(element, children=(*children, other))
        if act == "text":
            return replace(element, text=value.replace("\x00", ""), children=tuple(children))
        if act == "kind":
            return replace(element, name=other.name, children=tuple(children))
        if act == "attribute" and element.written:
            place = random.randrange(len(element.written))
            written = list(element.written)
            written[place] = (written[place][0], value)
            return replace(element, written=tuple(written), children=tuple(children))
        return replace(element, children=tuple(children))

    return visit(document.root)


_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _cut,
    _copy,
    _insert,
    _tree,
    _tree,
    _tree,
    _tree,
    _tree,
)
