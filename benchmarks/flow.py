"""Flow engine beside SpiffWorkflow: a step in memory, a step with the state through JSON, and reading a model.

    python -m benchmarks.flow

The case: 13 nodes with a boundary timer, a loop taken twice, a parallel split and join, and an exclusive choice; seven
tasks to its end. A step completes one task and lets everything run that follows from it. Both engines start from a
model already read; conditions read the same fact in both. The fastest of many cases
counts, because other work on the machine only adds time.
"""

import json
import platform
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from time import perf_counter
from typing import Any

import SpiffWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from honrai.engines.flow.api import Completed, Flow, executable, is_over, open_tasks, read, start, step
from honrai.engines.flow.conditions import _parsed
from honrai.engines.flow.names import BPMN, BPMNDI, DC, DI

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
MODEL = f"""<definitions xmlns="{BPMN}" id="d" targetNamespace="urn:bench"><process id="p" isExecutable="true">
<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="m"/><userTask id="b"/><exclusiveGateway id="x" default="f6"/>
<parallelGateway id="f"/><userTask id="c"/><userTask id="e"/><boundaryEvent id="t" attachedToRef="e">
<timerEventDefinition><timeDuration>"PT1H"</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="late"/>
<parallelGateway id="j"/><userTask id="g"/><endEvent id="z"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="m"/>
<sequenceFlow id="f3" sourceRef="m" targetRef="b"/><sequenceFlow id="f4" sourceRef="b" targetRef="x"/>
<sequenceFlow id="f5" sourceRef="x" targetRef="m"><conditionExpression>n &lt; 3</conditionExpression></sequenceFlow>
<sequenceFlow id="f6" sourceRef="x" targetRef="f"/><sequenceFlow id="f7" sourceRef="f" targetRef="c"/>
<sequenceFlow id="f8" sourceRef="f" targetRef="e"/><sequenceFlow id="f9" sourceRef="c" targetRef="j"/>
<sequenceFlow id="f10" sourceRef="e" targetRef="j"/><sequenceFlow id="f11" sourceRef="j" targetRef="g"/>
<sequenceFlow id="f12" sourceRef="g" targetRef="z"/><sequenceFlow id="f13" sourceRef="t" targetRef="late"/>
</process></definitions>""".encode()
ORDER = ("a", "b", "b", "b", "c", "e", "g")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what, our figure, the peer's, the ratio and what it must reach."""

    work: str
    ours: float
    peer: float | None
    unit: str
    needed: str

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        return None if self.peer is None else self.peer / self.ours


def best(case: Callable[[], float], cases: int) -> float:
    """Return the time of a step in microseconds, from the fastest of several cases; `case` returns seconds."""
    return min(case() for _ in range(cases)) / len(ORDER) * 1e6


def ours(through_json: bool) -> Callable[[], float]:
    """Return what runs one case on this engine and times its steps."""
    flow = executable(read(MODEL))
    events = [(Completed(key), {"n": number}) for key, number in _keys(flow)]

    def case() -> float:
        state, _ = start(flow, {"n": 0}, NOW)
        began = perf_counter()
        for event, facts in events:
            if through_json:
                state = json.loads(json.dumps(state))
            state, _ = step(flow, state, event, facts, NOW)
        seconds = perf_counter() - began
        assert is_over(state)
        return seconds

    return case


def _keys(flow: Flow) -> list[tuple[str, int]]:
    """Return the key of each task in the order they are done (always the same), and the fact `n` at that time."""
    state, _ = start(flow, {"n": 0}, NOW)
    found = []
    for place, node in enumerate(ORDER):
        key, number = (
            next(one.key for one in open_tasks(flow, state) if one.node == node),
            ORDER[: place + 1].count("b"),
        )
        found.append((key, number))
        state, _ = step(flow, state, Completed(key), {"n": number}, NOW)
    return found


def theirs(through_json: bool) -> Callable[[], float]:
    """Return what runs one case on SpiffWorkflow and times its steps."""
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(MODEL))
    spec, inner = parser.get_spec("p"), parser.get_subprocess_specs("p")
    serializer = BpmnWorkflowSerializer()

    def case() -> float:
        workflow = BpmnWorkflow(spec, inner)
        workflow.do_engine_steps()
        began = perf_counter()
        for place, node in enumerate(ORDER):
            if through_json:
                workflow = serializer.deserialize_json(serializer.serialize_json(workflow))
            ready = workflow.get_tasks(state=TaskState.READY, manual=True)
            task = next(one for one in ready if one.task_spec.bpmn_id == node)
            task.data["n"] = ORDER[: place + 1].count("b")
            task.run()
            workflow.do_engine_steps()
        seconds = perf_counter() - began
        assert workflow.completed
        return seconds

    return case


def state_bytes() -> tuple[int, int]:
    """Return the bytes of both states as JSON while both parallel tasks are open, the loop done."""
    flow = executable(read(MODEL))
    state, _ = start(flow, {"n": 0}, NOW)
    for number, node in enumerate(ORDER[:4]):
        key = next(one.key for one in open_tasks(flow, state) if one.node == node)
        state, _ = step(flow, state, Completed(key), {"n": number}, NOW)
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(MODEL))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.do_engine_steps()
    for number in range(4):
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data["n"] = number
        task.run()
        workflow.do_engine_steps()
    peer: dict[str, Any] = BpmnWorkflowSerializer().to_dict(workflow)
    peer.pop("spec")
    peer.pop("subprocess_specs")
    return len(json.dumps(state)), len(json.dumps(peer))


def sixty() -> bytes:
    """Return a drawn model of 60 nodes: 20 times a task, a choice with a condition, and a merge."""
    nodes, flows, drawn = ['<startEvent id="s"/>'], [], []
    last = "s"
    for number in range(20):
        task, split, merge = f"t{number}", f"x{number}", f"m{number}"
        nodes.append(f'<userTask id="{task}" name="手順{number}"/><exclusiveGateway id="{split}" default="{split}d"/>')
        nodes.append(f'<exclusiveGateway id="{merge}"/>')
        flows.append(f'<sequenceFlow id="{task}i" sourceRef="{last}" targetRef="{task}"/>')
        flows.append(f'<sequenceFlow id="{task}o" sourceRef="{task}" targetRef="{split}"/>')
        flows.append(f'<sequenceFlow id="{split}c" sourceRef="{split}" targetRef="{merge}">')
        flows.append(
            f"<conditionExpression>income > {number}000 and age &lt; {number}</conditionExpression></sequenceFlow>"
        )
        flows.append(f'<sequenceFlow id="{split}d" sourceRef="{split}" targetRef="{merge}"/>')
        for place, key in enumerate((task, split, merge)):
            bounds = f'<dc:Bounds x="{number * 200 + place * 60}" y="100" width="50" height="50"/>'
            drawn.append(f'<di:BPMNShape id="{key}_s" bpmnElement="{key}">{bounds}</di:BPMNShape>')
        for key in (f"{task}i", f"{task}o", f"{split}c", f"{split}d"):
            points = '<w:waypoint x="1" y="2"/><w:waypoint x="3" y="4"/>'
            drawn.append(f'<di:BPMNEdge id="{key}_e" bpmnElement="{key}">{points}</di:BPMNEdge>')
        last = merge
    head = f'<definitions xmlns="{BPMN}" xmlns:di="{BPMNDI}" xmlns:dc="{DC}" xmlns:w="{DI}" id="d">'
    plane = f'<di:BPMNDiagram id="dia"><di:BPMNPlane id="pl" bpmnElement="p">{"".join(drawn)}</di:BPMNPlane></di:BPMNDiagram>'
    return f'{head}<process id="p">{"".join(nodes + flows)}</process>{plane}</definitions>'.encode()


def reading() -> tuple[float, float]:
    """Return milliseconds to read the 60-node model, and to read it and make it ready to run (conditions unseen)."""
    data = sixty()
    plain, ready = [], []
    for _ in range(20):
        _parsed.cache_clear()
        began = perf_counter()
        model = read(data)
        plain.append(perf_counter() - began)
        executable(model)
        ready.append(perf_counter() - began)
    return min(plain) * 1000, min(ready) * 1000


def rows() -> list[Row]:
    """Measure everything."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's own
        mine, peer = state_bytes()
        plain, ready = reading()
        return [
            Row("step in memory", best(ours(False), 5000), best(theirs(False), 300), "us", "60x"),
            Row("step, state to JSON and back", best(ours(True), 5000), best(theirs(True), 80), "us", "60x"),
            Row("state as JSON (peer without its specification)", mine, peer, "bytes", "20x"),
            Row("read a 60-node model", plain, None, "ms", "15 ms"),
            Row("read it and make it ready to run", ready, None, "ms", "15 ms"),
        ]


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, SpiffWorkflow {SpiffWorkflow.version.__version__}")
    for row in rows():
        peer = f"{row.peer:12.1f} {row.ratio:7.1f}x" if row.peer and row.ratio else " " * 21
        print(f"{row.work:48} {row.ours:10.1f} {row.unit:5} {peer}   needed {row.needed}")


if __name__ == "__main__":
    sys.exit(main())
