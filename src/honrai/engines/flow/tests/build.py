"""Small flows for tests: nodes as XML, arrows as `a>b` or `a>b: condition`, one per line or separated by `;`."""

import json
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from honrai.engines.flow.api import (
    Call,
    Changed,
    Completed,
    Decide,
    Escalated,
    Failed,
    Fired,
    Message,
    OpenTask,
    Signal,
    executable,
    open_items,
    open_tasks,
    open_timers,
    read,
    start,
    step,
)

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:h="https://honrai.dev/bpmn/1" id="definitions">'
    '<message id="m1" name="M1"/><message id="m2" name="M2"/><signal id="s1" name="S1"/><signal id="s2" name="S2"/>'
    '<error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/>'
    '<escalation id="x1" escalationCode="X1"/><escalation id="x2" escalationCode="X2"/>'
)


def arrows(text, scope=""):
    """Return sequence flows; their ids are `source-target`."""
    parts = []
    for line in filter(None, (one.strip() for one in text.replace(";", "\n").splitlines())):
        path, _, condition = line.partition(":")
        source, target = (one.strip() for one in path.split(">"))
        inner = f"<conditionExpression>{escape(condition.strip())}</conditionExpression>" if condition else ""
        parts.append(
            f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )
    return "".join(parts)


def xml(nodes, flows, more=""):
    """Return a model with one process `p`; `nodes` may hold sub-processes with their own flows."""
    return f'{HEAD}<process id="p" isExecutable="true">{nodes}{arrows(flows)}</process>{more}</definitions>'


def flow_of(nodes, flows, more=""):
    """Return the flow, ready to run."""
    return executable(read(xml(nodes, flows, more).encode()), "p")


def tasks(*ids):
    """Return user tasks."""
    return "".join(f'<userTask id="{one}"/>' for one in ids)


def event(kind, text=""):
    """Return an event definition: `m1`, `s1`, `e1`, `x1`, `PT1H`, `R2/PT1H`, a date, `? condition` or `terminate`."""
    if kind == "terminate":
        return "<terminateEventDefinition/>"
    if kind.startswith("link "):
        return f'<linkEventDefinition name="{kind[5:]}"/>'
    if kind.startswith("?"):
        return f"<conditionalEventDefinition><condition>{escape(kind[1:])}</condition></conditionalEventDefinition>"
    words = {"m": "message", "s": "signal", "e": "error", "x": "escalation"}
    if kind[0] in words:
        name = words[kind[0]]
        ref = f' {name}Ref="{kind}"' if len(kind) > 1 else ""
        return f"<{name}EventDefinition{ref}/>"
    part = "timeCycle" if kind[0] == "R" else "timeDuration" if kind[0] == "P" else "timeDate"
    return f"<timerEventDefinition{text}><{part}>{escape(kind)}</{part}></timerEventDefinition>"


def border(name, host, kind, more=""):
    """Return a boundary event; `more` is e.g. ' cancelActivity="false"'."""
    return f'<boundaryEvent id="{name}" attachedToRef="{host}"{more}>{event(kind)}</boundaryEvent>'


def catch(name, kind, text=""):
    """Return an intermediate catching event."""
    return f'<intermediateCatchEvent id="{name}">{event(kind, text)}</intermediateCatchEvent>'


def throw(name, kind):
    """Return an intermediate throwing event."""
    return f'<intermediateThrowEvent id="{name}">{event(kind)}</intermediateThrowEvent>'


def ending(name, kind=""):
    """Return an end event."""
    return f'<endEvent id="{name}">{event(kind) if kind else ""}</endEvent>'


def sub(name, nodes, flows, more=""):
    """Return a sub-process."""
    return f'<subProcess id="{name}"{more}>{nodes}{arrows(flows)}</subProcess>'


def watch(name, kind, task, interrupting=True):
    """Return an event sub-process that opens one task: events are `name_s`, `task`, `name_e`."""
    flag = "" if interrupting else ' isInterrupting="false"'
    start_event = f'<startEvent id="{name}_s"{flag}>{event(kind)}</startEvent>'
    return sub(
        name,
        start_event + tasks(task) + ending(f"{name}_e"),
        f"{name}_s>{task}; {task}>{name}_e",
        ' triggeredByEvent="true"',
    )


class Play:
    """A case played by a test; the state goes through JSON after every step, so nothing can hide in it."""

    def __init__(self, flow, facts=None, at="", calendar=None, now=NOW):
        self.flow, self.facts, self.calendar, self.now = flow, facts or {}, calendar, now
        self.effects = []
        self._keep(start(flow, self.facts, now, at=at, calendar=calendar))

    def _keep(self, result):
        state, effects = result
        self.state = json.loads(json.dumps(state))
        assert self.state == state
        self.last = list(effects)
        self.effects.extend(effects)
        return self

    def happen(self, what):
        before = json.dumps(self.state)
        result = step(self.flow, self.state, what, self.facts, self.now, calendar=self.calendar)
        assert json.dumps(self.state) == before, "a step must not change the state it is given"
        return self._keep(result)

    @property
    def open(self):
        """Ids of the nodes whose tasks are open, sorted."""
        return sorted(one.node for one in open_tasks(self.flow, self.state))

    @property
    def items(self):
        return sorted(one.node for one in open_items(self.flow, self.state))

    @property
    def timers(self):
        return {one.node: one.due for one in open_timers(self.flow, self.state)}

    @property
    def end(self):
        return self.state.get("end", "")

    def key(self, node):
        return next(one.key for one in open_items(self.flow, self.state) if one.node == node and not self._holder(one))

    def _holder(self, one):
        return "done" in self.state["open"][one.key]

    def done(self, *nodes):
        for node in nodes:
            self.happen(Completed(self.key(node)))
        return self

    def failed(self, node, code):
        return self.happen(Failed(self.key(node), code))

    def escalated(self, node, code):
        return self.happen(Escalated(self.key(node), code))

    def fire(self, node, after=timedelta()):
        due = next(one for one in open_timers(self.flow, self.state) if one.node == node)
        self.now = max(self.now, datetime.fromisoformat(due.due)) + after
        return self.happen(Fired(due.key))

    def message(self, name, key=""):
        return self.happen(Message(name, key))

    def signal(self, name):
        return self.happen(Signal(name))

    def changed(self, **facts):
        self.facts = {**self.facts, **facts}
        return self.happen(Changed())

    def got(self, kind):
        """The last step's effects of one type."""
        return [one for one in self.last if isinstance(one, kind)]

    @property
    def trace(self):
        """Ids of all tasks opened, in order."""
        return [one.node for one in self.effects if isinstance(one, OpenTask | Decide | Call)]
