"""Events that are heard: timers are set, waits resume, boundary events and event sub-processes take over."""

from datetime import datetime

from honrai.engines.flow.activities import complete, enter_body
from honrai.engines.flow.effects import StartTimer
from honrai.engines.flow.errors import StepRefused
from honrai.engines.flow.program import Arrow, Step
from honrai.engines.flow.run import Run
from honrai.engines.flow.state import Listener, listening


def wait(run: Run, step: Step, scope: str, _arrow: Arrow) -> None:
    """Let a token wait at a catching event; a catching link event only passes it on."""
    if step.trigger is None:
        run.leave(step, scope)
    elif step.trigger.kind == "timer":
        due, _ = run.schedule(step, scope)
        key = run.add({"at": step.id, "in": scope, "due": due})
        run.effects.append(StartTimer(key, step.id, due))
    else:
        run.add({"at": step.id, "in": scope})


def wait_for_one(run: Run, step: Step, scope: str, _arrow: Arrow) -> None:
    """Let a token wait at an event-based gateway for the first of its events."""
    key = run.add({"at": step.id, "in": scope})
    if step.hooked:
        for choice in step.choices:
            run.set_timer(choice, key)


def hear(run: Run, listener: Listener) -> None:
    """Let an event happen to whoever listens."""
    step, key = listener.step, listener.key
    if listener.handler is not None:
        take_over(run, listener.handler, step, key)
    elif step.kind == "boundaryEvent":
        scope = run.open[key]["in"]
        if step.interrupting:
            run.cancel(key)
        run.leave(step, scope)
    elif run.open[key]["at"] != step.id:
        scope = run.open.pop(key)["in"]
        run.unhook(key)
        run.leave(step, scope)
    elif step.kind == "receiveTask":
        complete(run, key)
    else:
        run.leave(step, run.open.pop(key)["in"])


def take_over(run: Run, handler: Step, start: Step, scope: str) -> None:
    """Start an event sub-process; an interrupting one first stops everything else in its scope, for good."""
    if start.interrupting:
        run.clear(scope)
        run.open[scope] = {**run.open[scope], "shut": True}
    key = run.add({"at": handler.id, "in": scope})
    enter_body(run, handler, key, start)


def fire(run: Run, key: str) -> None:
    """Let a timer fire, and set it again when its cycle is not over.

    Raises:
        StepRefused: there is no such timer, or it is not due.
    """
    item = run.open.get(key)
    if item is None or "due" not in item:
        raise StepRefused(f"no timer has the key {key!r}")
    if run.now < datetime.fromisoformat(item["due"]):
        raise StepRefused(
            f"the timer {key!r} at {item['at']!r} is due at {item['due']}, not yet at {run.now.isoformat()}"
        )
    step = run.flow.steps[item["at"]]
    del run.open[key]
    if "on" not in item:
        run.leave(step, item["in"])
        return
    host = item["on"]
    if not step.interrupting:
        run.set_timer_again(step, host, item)
    handlers = run.flow.steps[run.open[host]["at"]].body
    handler = None
    if step.kind == "startEvent" and handlers is not None:
        handler = next(handler for handler, start in handlers.handlers if start is step)
    hear(run, Listener(host, step, handler))


def message(run: Run, name: str, key: str) -> None:
    """Give a message to the longest waiting element that takes it, or to the one named.

    Raises:
        StepRefused: nothing open takes it.
    """
    for listener, trigger in listening(run.flow, run.open):
        if trigger.kind == "message" and trigger.name == name and (not key or key == listener.key):
            hear(run, listener)
            return
    raise StepRefused(f"nothing open waits for the message {name!r}" + (f" with the key {key!r}" if key else ""))


def broadcast(run: Run, name: str) -> None:
    """Let everyone who listens at this moment hear a signal."""
    heard = [
        found for found, trigger in listening(run.flow, run.open) if trigger.kind == "signal" and trigger.name == name
    ]
    for listener in heard:
        item = run.open.get(listener.key)
        if item is not None and not (listener.handler is not None and "shut" in item):
            hear(run, listener)


def check_conditions(run: Run) -> bool:
    """Let the first conditional event whose condition has become true happen; return whether one did.

    An event that does not stop what it watches happens once each time its condition becomes true.
    """
    for listener, trigger in listening(run.flow, run.open):
        if trigger.condition is None:
            continue
        key, step = listener.key, listener.step
        item = run.open[key]
        true = trigger.condition.happened(run.facts_in(key), run.now)
        held: list[str] = item.get("held", [])
        stays = not step.interrupting and step.kind in ("boundaryEvent", "startEvent")
        if stays and true != (step.id in held):
            rest = [one for one in held if one != step.id]
            run.open[key] = {**item, "held": [*rest, step.id] if true else rest}
        if true and not (stays and step.id in held):
            hear(run, listener)
            return True
    return False
