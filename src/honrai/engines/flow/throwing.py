"""Events that are thrown: end events, and errors and escalations that look for whoever catches them."""

from honrai.engines.flow.activities import complete
from honrai.engines.flow.catching import broadcast, hear
from honrai.engines.flow.effects import Broadcast, Escalate, Reached, Send
from honrai.engines.flow.program import Arrow, Step
from honrai.engines.flow.run import Run
from honrai.engines.flow.state import ROOT, Listener


def pass_by(run: Run, step: Step, scope: str, _arrow: Arrow) -> None:
    """Let a token pass an intermediate throwing event.

    The token is sent on before the throw, so that whatever the throw interrupts takes the token with it.
    """
    if step.link is not None:
        run.leave(step.link, scope)
        return
    run.leave(step, scope)
    if not step.throws:
        run.effects.append(Reached(step.id))
    else:
        throw(run, step, scope)


def end(run: Run, step: Step, scope: str, _arrow: Arrow) -> None:
    """Let a token end at an end event."""
    run.effects.append(Reached(step.id))
    if step.throws == "terminate":
        run.clear(scope)
        if scope == ROOT:
            run.finish("terminated")
        else:
            complete(run, scope)
        return
    run.spent.add(scope)
    if step.throws:
        throw(run, step, scope)


def throw(run: Run, step: Step, scope: str) -> None:
    """Throw what an event throws from inside a scope."""
    if step.throws == "message":
        run.effects.append(Send(run.fresh(), step.id, step.name))
    elif step.throws == "signal":
        run.effects.append(Broadcast(step.id, step.name))
        broadcast(run, step.name)
    elif step.throws == "error":
        fail(run, step.name, scope)
    else:
        escalate(run, step.name, scope, step.id)


def fail(run: Run, code: str, key: str) -> None:
    """Hand an error to the nearest that catches it, from inside an open element outwards; uncaught, it ends the case."""
    catcher = _catcher(run, "error", code, key)
    if catcher is None:
        run.finish("error", code)
    else:
        hear(run, catcher)


def escalate(run: Run, code: str, key: str, node: str) -> None:
    """Hand an escalation to the nearest that catches it; uncaught, it is reported and the case goes on."""
    catcher = _catcher(run, "escalation", code, key)
    if catcher is None:
        run.effects.append(Escalate(node, code))
    else:
        hear(run, catcher)


def _catcher(run: Run, kind: str, code: str, key: str) -> Listener | None:
    """Return who catches: the scope's own event sub-processes, then the boundary of its activity, then further out.

    What an event sub-process throws is not caught by that event sub-process itself.
    """
    below: Step | None = None
    while True:
        item = run.open[key]
        step = run.flow.steps[item["at"]]
        if step.body is not None and "shut" not in item:
            inside = [Listener(key, start, handler) for handler, start in step.body.handlers if handler is not below]
            if found := _match(inside, kind, code):
                return found
        if "i" in item:
            key = item["in"]
            item = run.open[key]
        if found := _match([Listener(key, border) for border in step.boundaries], kind, code):
            return found
        if "in" not in item:
            return None
        key, below = item["in"], step


def _match(listeners: list[Listener], kind: str, code: str) -> Listener | None:
    """Return who catches this very code, else who catches any."""
    for wanted in (code, ""):
        for listener in listeners:
            trigger = listener.step.trigger
            if trigger is not None and trigger.kind == kind and trigger.name == wanted:
                return listener
    return None
