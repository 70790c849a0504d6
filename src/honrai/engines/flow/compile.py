"""From a model to a flow that runs: reads expressions and times, wires the graph, works out joins."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from honrai.engines.flow.conditions import Computed, Unreadable, computed
from honrai.engines.flow.errors import NotExecutable, Refusal, shown
from honrai.engines.flow.model import Expression, Model, Node, Process, Scope
from honrai.engines.flow.names import ACTIVITIES, FEEL_LANGUAGES
from honrai.engines.flow.program import Arrow, Body, Flow, Rounds, Step, Trigger
from honrai.engines.flow.reach import joins_of
from honrai.engines.flow.refuse import refusal, structural
from honrai.engines.flow.timers import Cycle, Period, parse_time
from honrai.engines.flow.xml import Element

_JOINING = ("parallelGateway", "inclusiveGateway")


def executable(model: Model, process: str = "", names: Iterable[str] = ()) -> Flow:
    """Make a process ready to run.

    Args:
        model: as read.
        process: id of the process; may be left out when only one process of the file holds anything.
        names: names of facts, needed only for names that hold signs or keywords of FEEL.

    Raises:
        NotExecutable: something in it is not run exactly; every reason is given.
    """
    chosen = _chosen(model, process)
    problems = structural(chosen)
    if not problems:
        compiler = _Compiler(model, tuple(names))
        flow = compiler.flow(chosen)
        problems = compiler.problems
        if not problems:
            return flow
    raise NotExecutable(tuple(problems), model.file)


def refusals(model: Model, process: str = "", names: Iterable[str] = ()) -> tuple[Refusal, ...]:
    """Return every reason why a process is not run; empty when it is."""
    try:
        executable(model, process, names)
    except NotExecutable as error:
        return error.refusals
    return ()


def _chosen(model: Model, process: str) -> Process:
    if process in model.processes:
        return model.processes[process]
    full = [one for one in model.processes.values() if one.body.nodes]
    root = model.document.root
    if process:
        raise NotExecutable(
            (refusal(root, f"there is no process {shown(process)}; there are {sorted(model.processes)}"),)
        )
    if len(full) != 1:
        raise NotExecutable((refusal(root, f"name the process to run, one of {[one.id for one in full]}"),))
    return full[0]


class _Compiler:
    """Builds the steps of one process and collects what cannot be read on the way."""

    def __init__(self, model: Model, names: tuple[str, ...]) -> None:
        self.model = model
        self.names = names
        self.problems: list[Refusal] = []
        self.steps: dict[str, Step] = {}

    def flow(self, process: Process) -> Flow:
        """Build the whole process."""
        body = self.scope(process.body)
        top = Step(process.id, "process", None, body=body, hooked=_timed(body))
        self.steps[process.id] = top
        triggers = [step.trigger for step in self.steps.values() if step.trigger is not None]
        return Flow(
            model=self.model,
            process=process,
            steps=self.steps,
            body=body,
            conditional=any(trigger.kind == "conditional" for trigger in triggers),
            joins=any(step.body.joins for step in self.steps.values() if step.body is not None),
            repeats=any(step.rounds is not None for step in self.steps.values()),
            needs_calendar=any(trigger.business for trigger in triggers),
            target_of={flow.id: flow.target for flow in process.body.all_flows()},
        )

    def scope(self, scope: Scope) -> Body:
        """Build the inside of a process or sub-process."""
        steps = {key: Step(key, node.kind, node) for key, node in scope.nodes.items()}
        self.steps.update(steps)
        links = {
            node.events[0].name: steps[key]
            for key, node in scope.nodes.items()
            if node.kind == "intermediateCatchEvent" and node.events and node.events[0].kind == "link"
        }
        body = Body(scope.id)
        for key, node in scope.nodes.items():
            self.fill(steps[key], node, scope, steps, links)
        for key, node in scope.nodes.items():
            _enter(body, steps[key], node)
        plain = [step for step in body.entries.values() if step.trigger is None] or _headless(body, steps)
        body.starts = [Arrow("", step, None) for step in plain]
        body.joins = joins_of(steps)
        for step in steps.values():
            step.hooked = _hooked(step)
            for arrow in (*step.arrows, *([step.default] if step.default else [])):
                arrow.end = _end(arrow)
        return body

    def fill(self, step: Step, node: Node, scope: Scope, steps: Mapping[str, Step], links: Mapping[str, Step]) -> None:
        """Give one step its arrows, trigger, body and repetition."""
        arrows = {}
        for key in node.outgoing:
            flow = scope.flows[key]
            condition = None if key == node.default else self.expression(flow.condition, flow.id, flow.element)
            arrows[key] = Arrow(key, steps[flow.target], condition)
        if node.kind in ACTIVITIES or node.kind in ("exclusiveGateway", "inclusiveGateway"):
            step.default = arrows.pop(node.default, None)
        step.arrows = tuple(arrows.values())
        if step.default is None and len(arrows) == 1 and step.arrows[0].condition is None:
            step.only = step.arrows[0]
        step.incoming = node.incoming
        step.interrupting = node.interrupting
        step.boundaries = [steps[key] for key in scope.boundaries.get(node.id, ())]
        step.name = node.message or node.called or node.honrai.get("decides", "") or node.honrai.get("proposes", "")
        self.event(step, node, links)
        if node.kind == "eventBasedGateway":
            step.choices = [arrow.target for arrow in step.arrows]
        if node.kind == "receiveTask":
            step.trigger = Trigger("message", node.message)
        if node.body is not None:
            step.body = self.scope(node.body)
        step.rounds = self.rounds(node)

    def event(self, step: Step, node: Node, links: Mapping[str, Step]) -> None:
        """Give an event what it hears or throws."""
        if not node.events:
            return
        event = node.events[0]
        if node.kind in ("intermediateThrowEvent", "endEvent"):
            step.throws, step.name = event.kind, event.name
            step.link = links.get(event.name) if event.kind == "link" else None
            return
        if event.kind == "link":
            return
        trigger = step.trigger = Trigger(event.kind, event.name, business=event.business)
        if event.kind == "conditional":
            trigger.condition = self.expression(event.expression, node.id, event.element)
        if event.kind == "timer":
            self.timer(trigger, node, event.timer, event.expression, event.element)

    def timer(self, trigger: Trigger, node: Node, kind: str, text: Expression | None, element: Element) -> None:
        """Read a timer's time, now if it is written and later if it is computed."""
        assert text is not None
        when = trigger.when = parse_time(_unquoted(text.text))
        if when is None:
            trigger.time = self.expression(text, node.id, element)
            return
        fits = {"cycle": isinstance(when, Cycle), "duration": isinstance(when, Period)}
        if not fits.get(kind, not isinstance(when, Cycle | Period)):
            self.problems.append(refusal(element, f"{shown(text.text)} is no {kind}; write one as ISO 8601 or FEEL"))
        period = when.period if isinstance(when, Cycle) else when
        if isinstance(when, Cycle) and not (when.period.months or when.period.seconds):
            self.problems.append(refusal(element, f"{shown(text.text)} repeats without pause; write a longer period"))
        if isinstance(when, Period) and not when.months and not trigger.business:
            trigger.delay = timedelta(seconds=when.seconds)
        if trigger.business and not (isinstance(period, Period) and period.whole_days):
            self.problems.append(
                refusal(element, f"{shown(text.text)} must be whole days to be counted in business days")
            )

    def rounds(self, node: Node) -> Rounds | None:
        """Read how an activity repeats."""
        loop = node.loop
        if loop is None:
            return None
        return Rounds(
            standard=loop.kind == "standard",
            sequential=loop.sequential,
            test_before=loop.test_before,
            maximum=int(loop.maximum) if loop.maximum else None,
            condition=self.expression(loop.condition, node.id, loop.element),
            cardinality=self.expression(loop.cardinality, node.id, loop.element),
            collection=self.expression(loop.collection, node.id, loop.element),
            item=loop.item,
        )

    def expression(self, written: Expression | None, node: str, element: Element) -> Computed | None:
        """Parse a FEEL expression; one that cannot be parsed is a problem of its element."""
        if written is None:
            return None
        language = written.language or self.model.document.root.get("expressionLanguage").strip()
        if language not in FEEL_LANGUAGES:
            problem = f"the expression language {shown(language)} is not run; write FEEL"
        elif not written.text:
            problem = "the expression is empty; write FEEL"
        else:
            try:
                return computed(node, written.text, self.names)
            except Unreadable as error:
                problem = f"{shown(written.text)} is not FEEL: {error}"
        self.problems.append(Refusal(element.local, element.get("id"), written.line, problem))
        return None


def _end(arrow: Arrow) -> Arrow:
    """Return the last arrow of the chain that begins here and leads through nodes that only let tokens pass."""
    seen = {arrow.id}
    while (target := arrow.target).only is not None and target.only.id not in seen:
        if target.kind != "exclusiveGateway" and (target.kind not in _JOINING or len(target.incoming) > 1):
            break
        arrow = target.only
        seen.add(arrow.id)
    return arrow


def _unquoted(text: str) -> str:
    """Return the inside of a FEEL string that stands alone; a time may be written with or without quotes."""
    inner = text[1:-1]
    return inner if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in inner else text


def _enter(body: Body, step: Step, node: Node) -> None:
    """Note where a scope is entered and what event sub-processes watch over it."""
    if node.kind == "startEvent":
        body.entries[step.id] = step
    elif node.triggered_by_event and step.body is not None:
        body.handlers.append((step, next(iter(step.body.entries.values()))))


def _headless(body: Body, steps: Mapping[str, Step]) -> list[Step]:
    """Return the nodes that nothing leads to, where a scope without start events begins."""
    if body.entries:
        return []
    watching = {handler.id for handler, _ in body.handlers}
    continued = {step.link.id for step in steps.values() if step.link is not None}
    return [
        step
        for key, step in steps.items()
        if not step.incoming and step.kind != "boundaryEvent" and key not in watching and key not in continued
    ]


def _timed(body: Body) -> bool:
    return any(start.trigger is not None and start.trigger.kind == "timer" for _, start in body.handlers)


def _hooked(step: Step) -> bool:
    """Return whether timers may be running on this step while it is open."""
    hung = [*step.boundaries, *step.choices]
    timers = any(one.trigger is not None and one.trigger.kind == "timer" for one in hung)
    return timers or (step.body is not None and _timed(step.body))
