"""The step machine: `(flow, state, event, facts, now) -> (state, effects)`, with no clock, no I/O and no memory.

A token moves until it has to wait for the world; a step ends when every token waits. Tokens move in the order they
were set going; inclusive gateways are asked only when nothing else moves, and scopes are closed after that, so the
result does not depend on luck. The same arguments always give the same result, which is what makes replay possible.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from honrai.engines.flow import activities, catching, gateways, throwing
from honrai.engines.flow.conditions import Facts
from honrai.engines.flow.effects import Effect
from honrai.engines.flow.errors import Incident, StepRefused
from honrai.engines.flow.events import Changed, Completed, Escalated, Event, Failed, Fired, Message, Signal
from honrai.engines.flow.program import Arrow, Flow, Step
from honrai.engines.flow.run import MAX_MOVES, Run
from honrai.engines.flow.state import ANSWERED, ROOT, State
from honrai.engines.flow.timers import Calendar

_Arrival = Callable[[Run, Step, str, Arrow], None]
_ARRIVALS: dict[str, _Arrival] = {
    "startEvent": Run.leave,
    "exclusiveGateway": Run.leave,
    "parallelGateway": gateways.meet_all,
    "inclusiveGateway": gateways.meet_some,
    "eventBasedGateway": catching.wait_for_one,
    "intermediateCatchEvent": catching.wait,
    "intermediateThrowEvent": throwing.pass_by,
    "endEvent": throwing.end,
    **dict.fromkeys([*ANSWERED, "sendTask", "receiveTask", "subProcess"], activities.enter),
}


def start(
    flow: Flow, facts: Facts, now: datetime, *, at: str = "", calendar: Calendar | None = None
) -> tuple[State, tuple[Effect, ...]]:
    """Open a case.

    Args:
        flow: the process, ready to run.
        facts: what is known about the case, by name; read by conditions and timers, never kept.
        now: the time, with zone.
        at: id of the start event that happened; "" for the plain start.
        calendar: the city's working days; needed when the flow counts business days.

    Returns:
        The first state and what to do.

    Raises:
        StepRefused: there is no such start event, or several plain ones.
        Incident: the flow cannot go on with these facts.
    """
    run = Run(flow, {"next": 1, "open": {ROOT: {"at": flow.process.id}}}, facts, _aware(now), calendar)
    entry = flow.body.entries.get(at)
    if entry is None and (at or (len(flow.body.starts) != 1 and flow.body.entries)):
        raise StepRefused(f"{at!r} is no start event of {flow.process.id!r}; choose one of {sorted(flow.body.entries)}")
    try:
        activities.enter_body(run, flow.steps[flow.process.id], ROOT, entry)
        return settled(run)
    except Incident as incident:
        raise _located(flow, incident) from None


def step(
    flow: Flow, state: State, event: Event, facts: Facts, now: datetime, *, calendar: Calendar | None = None
) -> tuple[State, tuple[Effect, ...]]:
    """Let one event happen to a case.

    Args:
        flow: the process the case was started on.
        state: what the last step returned, perhaps stored as JSON in between.
        event: what happened.
        facts: what is known about the case now, by name.
        now: the time, with zone; not before that of the step before.
        calendar: the city's working days; needed when the flow counts business days.

    Returns:
        The new state and what to do, in order. The state handed in is not changed.

    Raises:
        StepRefused: nothing open waits for the event.
        Incident: the flow cannot go on with these facts; mend them and repeat the event.
    """
    if "end" in state:
        raise StepRefused("the case is over")
    run = Run(flow, state, facts, _aware(now), calendar)
    try:
        _HAPPENINGS[type(event)](run, event)
        return settled(run)
    except Incident as incident:
        raise _located(flow, incident) from None


def _located(flow: Flow, incident: Incident) -> Incident:
    """Return the incident with the place of its element in the file."""
    element = flow.model.ids.get(incident.node)
    return Incident(incident.node, incident.message, flow.model.file, element.line if element is not None else 0)


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must carry its time zone")
    return now


def _completed(run: Run, event: Completed) -> None:
    _answered(run, event.key)
    activities.complete(run, event.key)


def _failed(run: Run, event: Failed) -> None:
    _answered(run, event.key)
    run.answered = event.key
    throwing.fail(run, event.code, event.key)


def _escalated(run: Run, event: Escalated) -> None:
    throwing.escalate(run, event.code, event.key, _answered(run, event.key).id)


#: What each event does before tokens move; a table because a step is short and matching would be a tenth of it.
_HAPPENINGS: dict[type, Callable[[Run, Any], None]] = {
    Completed: _completed,
    Failed: _failed,
    Escalated: _escalated,
    Fired: lambda run, event: catching.fire(run, event.key),
    Message: lambda run, event: catching.message(run, event.name, event.key),
    Signal: lambda run, event: catching.broadcast(run, event.name),
    Changed: lambda run, event: None,
}


def _answered(run: Run, key: str) -> Step:
    """Return the task an answer is for.

    Raises:
        StepRefused: no open task, decision or call has this key.
    """
    item = run.open.get(key)
    step = run.flow.steps[item["at"]] if item is not None else None
    if item is None or step is None or step.kind not in ANSWERED or "done" in item or "on" in item:
        raise StepRefused(f"no open task has the key {key!r}; it was answered, cancelled or never opened")
    return step


def settled(run: Run) -> tuple[State, tuple[Effect, ...]]:
    """Move tokens until all wait; return the state and what to do."""
    flow = run.flow
    while not run.end:
        _drain(run)
        if run.end:
            break
        if flow.joins and gateways.release(run):
            continue
        if run.spent and _close_scopes(run):
            continue
        if flow.conditional and catching.check_conditions(run):
            run.count(flow.process.id)
            continue
        break
    return run.state(), tuple(run.effects)


def _drain(run: Run) -> None:
    queue, instant, opened = run.queue, run.instant, run.open
    while queue or instant:
        if instant:
            key = instant.popleft()
            if key in opened:
                activities.complete(run, key)
            continue
        arrow, scope = queue.popleft()
        if scope in opened:
            target = arrow.target
            run.moves += 1
            if run.moves > MAX_MOVES:
                run.count(target.id)
            _ARRIVALS[target.kind](run, target, scope, arrow)


def _close_scopes(run: Run) -> bool:
    """Close the scopes that have no token left; return whether one was closed."""
    closed = False
    while run.spent and not (run.queue or run.instant or run.end):
        scope = run.spent.pop()
        item = run.open.get(scope)
        if item is None or "joins" in item or any(one.get("in") == scope for one in run.open.values()):
            continue
        closed = True
        if scope == ROOT:
            run.finish("completed")
        else:
            activities.complete(run, scope)
    return closed
