"""Plays random models on this engine and on SpiffWorkflow side by side; both must have the same tasks open throughout.

SpiffWorkflow is a development dependency, asked for only here. Each case is played to its end by one seeded player:
in each turn it completes one of the open tasks or sends one signal, the same in both engines, and compares what is
open. That is stronger than comparing traces. Facts are shared: conditions of both engines read the same numbers.

Two cautions keep the comparison fair. When several tasks with one id are open (rounds), all of them are completed in
one turn, because "the same one" has no meaning across engines. And a signal for an event that does not interrupt is
sent once, because SpiffWorkflow 3.2 lets such an event happen only once while the standard says as often as it comes.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from random import Random
from typing import Any

from honrai.engines.flow.compile import executable
from honrai.engines.flow.conformance.blocks import Example, example
from honrai.engines.flow.events import Completed, Signal
from honrai.engines.flow.machine import start, step
from honrai.engines.flow.read import read
from honrai.engines.flow.state import awaited, is_over, open_tasks

_NOW = datetime(2026, 4, 1, tzinfo=UTC)
_TURNS = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """A model on which the engines disagree: its seed, what was done so far, and what each had open."""

    seed: int
    done: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


class Ours:
    """This engine; its state goes through JSON after each step."""

    def __init__(self, model: Example, facts: dict[str, int]) -> None:
        self.facts = facts
        self.flow = executable(read(model.data))
        self.state, _ = start(self.flow, facts, _NOW)

    def open(self) -> Counter[str]:
        """Return the open tasks by id."""
        return Counter(one.node for one in open_tasks(self.flow, self.state))

    def signals(self) -> list[str]:
        """Return the signals that would be heard now."""
        return awaited(self.flow, self.state, "signal")

    def complete(self, node: str) -> None:
        """Complete the open tasks with this id."""
        for key in [one.key for one in open_tasks(self.flow, self.state) if one.node == node]:
            self.happen(Completed(key))

    def happen(self, event: Completed | Signal) -> None:
        """Let an event happen."""
        state = json.loads(json.dumps(self.state))
        self.state, _ = step(self.flow, state, event, self.facts, _NOW)

    def over(self) -> bool:
        """Return whether the case has ended."""
        return is_over(self.state)


class Theirs:
    """SpiffWorkflow, with conditions evaluated on the shared facts."""

    def __init__(self, model: Example, facts: dict[str, int]) -> None:
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState

        class Shared(PythonScriptEngine):  # type: ignore[misc]
            """Evaluates conditions on the facts of the case instead of the data of one task."""

            def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
                return _value(expression, facts)

        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(model.data))
        self.ready = TaskState.READY
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"), Shared())
        self.settle()

    def settle(self) -> None:
        """Let it do all it can do by itself."""
        self.workflow.do_engine_steps()
        self.workflow.refresh_waiting_tasks()
        self.workflow.do_engine_steps()

    def tasks(self) -> list[Any]:
        """Return its open tasks."""
        return list(self.workflow.get_tasks(state=self.ready, manual=True))

    def open(self) -> Counter[str]:
        """Return the open tasks by id."""
        return Counter(one.task_spec.bpmn_id for one in self.tasks())

    def complete(self, node: str) -> None:
        """Complete the open tasks with this id."""
        for one in [one for one in self.tasks() if one.task_spec.bpmn_id == node]:
            one.run()
            self.settle()

    def signal(self, name: str) -> None:
        """Broadcast a signal."""
        from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
        from SpiffWorkflow.bpmn.util.event import BpmnEvent

        self.workflow.catch(BpmnEvent(SignalEventDefinition(name)))
        self.settle()

    def over(self) -> bool:
        """Return whether the case has ended."""
        return bool(self.workflow.completed)


def play(seed: int) -> Difference | None:
    """Play the model of a seed on both engines; None when they agreed all the way."""
    model = example(seed)
    facts: dict[str, Any] = {**model.facts, **dict.fromkeys(_counters(model), 0)}
    ours, theirs, player = Ours(model, facts), Theirs(model, facts), Random(seed)  # noqa: S311 - reproducible
    done: list[str] = []
    for _ in range(_TURNS):
        mine, other = ours.open(), theirs.open()
        if mine != other or ours.over() != theirs.over():
            return Difference(seed, tuple(done), _shown(mine, ours.over()), _shown(other, theirs.over()))
        if ours.over():
            return None
        signals = [one for one in ours.signals() if one not in model.once or one not in done]
        if not signals and not mine:
            break
        if signals and (not mine or player.random() < 0.2):
            name = player.choice(signals)
            done.append(name)
            ours.happen(Signal(name))
            theirs.signal(name)
        else:
            node = player.choice(sorted(mine))
            done.append(node)
            facts[f"n_{node}"] += mine[node]
            ours.complete(node)
            theirs.complete(node)
    return Difference(seed, tuple(done), ("no end",), ())


def run(models: int, seed: int) -> list[Difference]:
    """Play a number of models, seeds counting up from `seed`, and return those on which the engines disagree."""
    found = (play(one) for one in range(seed, seed + models))
    return [one for one in found if one is not None]


def _value(expression: str, facts: dict[str, int]) -> int | bool:
    """Return a number, or whether a comparison as `blocks` writes it holds on the facts."""
    name, *rest = expression.split()
    if not rest:
        return int(name)
    compare, number = rest
    return facts[name] > int(number) if compare == ">" else facts[name] < int(number)


def _counters(model: Example) -> list[str]:
    return [f"n_{part.partition(chr(34))[0]}" for part in model.data.decode().split('<userTask id="')[1:]]


def _shown(tasks: Counter[str], over: bool) -> tuple[str, ...]:
    return (*sorted(tasks.elements()), *(("over",) if over else ()))
