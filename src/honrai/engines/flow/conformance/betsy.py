"""Runs the Betsy suite: does a model leave exactly the trace its authors expect, or is it refused by name?

Every Betsy model logs through script tasks and writes its conditions in Java, neither of which is run. So each model
is rewritten first, and only in these ways:

* `<scriptTask>` becomes `<serviceTask>`; the script's word is kept aside and decides what the task logs
  (`SCRIPT_task1` logs Task1, `CREATE_MARKER_FILE` logs MarkerExists, `CREATE_LOG_FILE` nothing,
  `INCREMENT_INTEGER_VARIABLE` adds 1 to the fact `integerVariable`, `CREATE_TIMESTAMP_LOG_1` and `_2` log
  ExecutionParallel once when both tasks were open at the same time).
* `test.contains("x")` becomes `contains(test, "x")`; `test` is a fact.

Everything else stays, so a model that uses something outside the subset is still refused, by name.

What a case logs beyond its tasks: an error that nothing catches logs ErrorThrownErrorEvent, a gateway from which no
flow can be taken RuntimeException. Betsy collects its log after the run and compares it without regard to order
between branches (its expectations list the tasks in the order of their numbers, whatever the model's order); so do
we. The marker is a file of its own, looked at only by cases that expect it.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from honrai.engines.flow.compile import executable
from honrai.engines.flow.effects import OpenTask
from honrai.engines.flow.errors import Incident, NotExecutable
from honrai.engines.flow.events import Completed
from honrai.engines.flow.names import bpmn
from honrai.engines.flow.program import Flow
from honrai.engines.flow.read import interpret
from honrai.engines.flow.rehearse import Rehearsal
from honrai.engines.flow.xml import Document, Element, parse

_CONTAINS = re.compile(r"\btest\.contains\(")
_BEGIN = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case of one model: `result` is right, wrong or refused; `detail` the trace or the reasons."""

    name: str
    input: str
    result: str
    detail: str


def run(path: Path) -> list[Verdict]:
    """Run every case of the suite in the folder `path` (with `expected.json` and `models/`)."""
    return [
        _verdict(path, one, case) for one in json.loads((path / "expected.json").read_text()) for case in one["cases"]
    ]


def report(verdicts: list[Verdict]) -> str:
    """Return the verdicts as CSV, totals by model last: a model is right when all its cases are."""
    lines = ["model,input,result,detail"]
    models: dict[str, set[str]] = {}
    for one in verdicts:
        detail = one.detail.replace('"', "'")
        lines.append(f'{one.name},{one.input},{one.result},"{detail}"')
        models.setdefault(one.name, set()).add(one.result)
    count = {result: sum(1 for found in models.values() if result in found) for result in ("wrong", "refused")}
    right = sum(1 for found in models.values() if found == {"right"})
    lines.append(f"# models: right {right}, wrong {count['wrong']}, refused {count['refused']}, of {len(models)}")
    return "\n".join(lines) + "\n"


def _verdict(path: Path, model: dict[str, Any], case: dict[str, Any]) -> Verdict:
    document, scripts = rewrite(parse((path / model["model"]).read_bytes(), model["name"]))
    given = "".join(case["input"])
    try:
        flows = _flows(document, model["name"])
    except NotExecutable as error:
        return Verdict(model["name"], given, "refused", "; ".join(str(one) for one in error.refusals))
    found = _trace(flows, scripts, model["name"], given, dict(case["options"]))
    looked_at = [one for one in found if one != "MarkerExists" or one in case["expect"]]
    right = sorted(looked_at) == sorted(case["expect"])
    detail = " ".join(found) if right else f"{' '.join(found)} instead of {' '.join(case['expect'])}"
    return Verdict(model["name"], given, "right" if right else "wrong", detail)


def rewrite(document: Document) -> tuple[Document, dict[str, str]]:
    """Return the model without scripts and Java, and what each script task logged, by its id."""
    scripts: dict[str, str] = {}

    def changed(element: Element) -> Element:
        children = tuple(changed(child) for child in element.children if child.tag != bpmn("script"))
        text = _CONTAINS.sub("contains(test, ", element.text)
        if element.tag == bpmn("scriptTask"):
            script = element.find(bpmn("script"))
            scripts[element.get("id")] = script.text.strip() if script is not None else ""
            name = element.name.replace("scriptTask", "serviceTask")
            return replace(element, tag=bpmn("serviceTask"), name=name, text=text, children=children)
        return replace(element, text=text, children=children)

    return replace(document, root=changed(document.root)), scripts


def _flows(document: Document, name: str) -> dict[str, Flow]:
    model = interpret(document, name)
    return {process: executable(model, process) for process in model.processes}


def _trace(
    flows: dict[str, Flow], scripts: dict[str, str], name: str, given: str, options: dict[str, str]
) -> list[str]:
    """Run one case and return what it logs."""
    trace: list[str] = []
    facts: dict[str, Any] = {"test": given, "integerVariable": int(options.get("setIntegerVariable", 0))}
    world = Rehearsal(flows, facts, _BEGIN, lambda node, facts: _log(scripts[node], facts, trace))
    try:
        world.open(name)
        if "useParallelProcess" in options:
            world.open("ParallelProcess")
        world.run(_BEGIN + timedelta(milliseconds=int(options.get("optionDelay", 0)) + 5000))
    except Incident:
        trace.append("RuntimeException")
    trace.extend("ErrorThrownErrorEvent" for case in world.cases if case.outcome == "error")
    if _overlapped(world, scripts):
        trace.append("ExecutionParallel")
    return trace


def _log(script: str, facts: dict[str, Any], trace: list[str]) -> None:
    if script.startswith("SCRIPT_task"):
        trace.append(script.replace("SCRIPT_t", "T"))
    elif script == "CREATE_MARKER_FILE":
        trace.append("MarkerExists")
    elif script == "INCREMENT_INTEGER_VARIABLE":
        facts["integerVariable"] += 1


def _overlapped(world: Rehearsal, scripts: dict[str, str]) -> bool:
    """Return whether the two timestamping tasks were open at the same time: the second opened before the first ended."""
    stamps = {node for node, script in scripts.items() if script.startswith("CREATE_TIMESTAMP_LOG")}
    log = list(enumerate(entry for _, entry in world.log))
    opened = {entry.key: at for at, entry in log if isinstance(entry, OpenTask) and entry.node in stamps}
    ended = [at for at, entry in log if isinstance(entry, Completed) and entry.key in opened]
    return len(opened) > 1 and max(opened.values()) < min(ended)
