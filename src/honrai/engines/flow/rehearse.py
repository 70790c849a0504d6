"""Rehearse cases in memory: a small world in which every task is done at once and time jumps to the next timer.

It performs effects the way a real host must, which makes it the shortest example of one; conformance runs, tests
and the publishing gate use it. Cases of several processes live side by side: a call opens a case, a message goes to
the case that waits for it (or is kept until one does), a signal to all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from honrai.engines.flow.effects import Broadcast, Call, Effect, End, Escalate, Send
from honrai.engines.flow.events import Changed, Completed, Escalated, Event, Failed, Fired, Message, Signal
from honrai.engines.flow.machine import start, step
from honrai.engines.flow.program import Flow
from honrai.engines.flow.state import State, awaited, is_over, open_tasks, open_timers
from honrai.engines.flow.timers import Calendar

Work = Callable[[str, dict[str, Any]], None]


@dataclass(slots=True)
class Case:
    """One case of a rehearsal; `parent` is the case and key of the call that opened it, None for a case of its own."""

    flow: Flow
    state: State
    parent: "tuple[Case, str] | None" = None
    outcome: str = ""
    code: str = ""


@dataclass(slots=True)
class Rehearsal:
    """A world of cases.

    Attributes:
        flows: the processes that can be opened or called, by id.
        facts: shared by all cases; `work` may change them.
        now: virtual time, with zone.
        work: does one task: called with the task's node id and the facts when the task is completed.
        calendar: working days, for flows that count them.
        log: every event and effect, as (case number, event or effect), in order.
    """

    flows: Mapping[str, Flow]
    facts: dict[str, Any]
    now: datetime
    work: Work
    calendar: Calendar | None = None
    cases: list[Case] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    log: list[tuple[int, Event | Effect]] = field(default_factory=list)

    def open(self, process: str, at: str = "", parent: "tuple[Case, str] | None" = None) -> Case:
        """Open a case of a process."""
        flow = self.flows[process]
        state, effects = start(flow, self.facts, self.now, at=at, calendar=self.calendar)
        case = Case(flow, state, parent)
        self.cases.append(case)
        self._perform(case, effects)
        return case

    def happen(self, case: Case, event: Event) -> None:
        """Let one event happen to a case."""
        self.log.append((self.cases.index(case), event))
        case.state, effects = step(case.flow, case.state, event, self.facts, self.now, calendar=self.calendar)
        self._perform(case, effects)

    def work_off(self, limit: int = 10_000) -> None:
        """Do open tasks, oldest first, until none is open; timers do not fire."""
        for _ in range(limit):
            task = next(((case, one) for case in self.cases for one in _doable(case)), None)
            if task is None:
                return
            case, one = task
            self.work(one.node, self.facts)
            self.happen(case, Completed(one.key))
            self._tell_others(case)

    def run(self, until: datetime) -> None:
        """Work off all tasks, then let time jump to the next timer, and so on until the given time."""
        while True:
            self.work_off()
            due = [(datetime.fromisoformat(one.due), int(one.key), case)
                   for case in self.cases for one in open_timers(case.flow, case.state)]  # fmt: skip
            due = [one for one in due if one[0] <= until]
            if not due:
                return
            when, key, case = min(due, key=lambda one: one[:2])
            self.now = max(self.now, when)
            self.happen(case, Fired(str(key)))

    def _tell_others(self, changed: Case) -> None:
        """Facts may have changed: let the other cases look at their conditions."""
        for case in self.cases:
            if case is not changed and case.flow.conditional and not is_over(case.state):
                self.happen(case, Changed())

    def _perform(self, case: Case, effects: tuple[Effect, ...]) -> None:
        number = self.cases.index(case)
        for effect in effects:
            self.log.append((number, effect))
            match effect:
                case Call(key, _, process):
                    self.open(process, parent=(case, key))
                case Send(_, _, message):
                    self.kept.append(message)
                case Broadcast(_, signal):
                    for other in self.cases:
                        if other is not case and not is_over(other.state):
                            self.happen(other, Signal(signal))
                case Escalate(_, code) if case.parent is not None:
                    self.happen(case.parent[0], Escalated(case.parent[1], code))
                case End(outcome, code):
                    self._ended(case, outcome, code)
        self._deliver()

    def _ended(self, case: Case, outcome: str, code: str) -> None:
        case.outcome, case.code = outcome, code
        if case.parent is not None:
            caller, key = case.parent
            self.happen(caller, Failed(key, code) if outcome == "error" else Completed(key))

    def _deliver(self) -> None:
        """Hand kept messages to whoever waits for them now."""
        for message in list(self.kept):
            waiting = [
                one
                for one in self.cases
                if not is_over(one.state) and message in awaited(one.flow, one.state, "message")
            ]
            if waiting and message in self.kept:
                self.kept.remove(message)
                self.happen(waiting[0], Message(message))


def _doable(case: Case) -> list[Any]:
    """Return the tasks and decisions of a case; calls are answered by the case they opened."""
    if is_over(case.state):
        return []
    return [one for one in open_tasks(case.flow, case.state) if one.kind != "callActivity"]
