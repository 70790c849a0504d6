"""Looks for models that break the library: damaged XML and FEEL, read, written, prepared, checked, run and printed.

Every model must end in a result or a `DecisionError`, within two seconds of work. What it reads it must write back as read.
"""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass, field, replace

from honrai.engines.decision.case import evaluate
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.explain import explain
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.printing.html import print_html
from honrai.engines.decision.program import Program
from honrai.engines.decision.proof.check import check
from honrai.engines.decision.read import read
from honrai.engines.decision.write import write

MOST_SECONDS = 2.0
STEPS = 20_000

SEED = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="n" namespace="urn:n">
<itemDefinition id="t1" name="yen"><typeRef>number</typeRef><allowedValues><text>[0..1000]</text></allowedValues></itemDefinition>
<itemDefinition id="t2" name="list" isCollection="true"><itemComponent id="c" name="a-b"><typeRef>yen</typeRef></itemComponent>
</itemDefinition>
<inputData id="i" name="x"><variable name="x" typeRef="yen"/></inputData>
<inputData id="j" name="y"><variable name="y" typeRef="list"/></inputData>
<businessKnowledgeModel id="k" name="f"><variable name="f"/><encapsulatedLogic><formalParameter name="a" typeRef="yen"/>
<literalExpression><text>if a &lt; 1 then 0 else f(a - 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="e" name="e"><variable name="e" typeRef="number"/><informationRequirement><requiredInput href="#i"/>
</informationRequirement><knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
<decisionTable id="t" hitPolicy="UNIQUE"><input id="i1"><inputExpression typeRef="yen"><text>x</text></inputExpression></input>
<output id="o1" name="r" typeRef="number"><outputValues><text>1, 2, 3</text></outputValues></output><annotation name="note"/>
<rule id="r1"><inputEntry><text>[0..10)</text></inputEntry><outputEntry><text>f(x)</text></outputEntry>
<annotationEntry><text>why</text></annotationEntry></rule>
<rule id="r2"><inputEntry><text>>= 10, 5</text></inputEntry><outputEntry><text>x * 2</text></outputEntry></rule>
</decisionTable></decision>
<decision id="g" name="g"><variable name="g"/><informationRequirement><requiredDecision href="#e"/></informationRequirement>
<context><contextEntry><variable name="h"/><for iteratorVariable="v"><in><literalExpression><text>[1, 2, e]</text>
</literalExpression></in><return><literalExpression><text>v ** 2</text></literalExpression></return></for></contextEntry>
<contextEntry><conditional><if><literalExpression><text>e > 1</text></literalExpression></if><then><literalExpression>
<text>h[1]</text></literalExpression></then><else><list><literalExpression><text>"a"</text></literalExpression></list></else>
</conditional></contextEntry></context></decision>
<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#g"/><inputData href="#i"/></decisionService>
</definitions>"""

PIECES = (
    "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER", "SUM", "MAX", "#e", "#g", "#i", "#k", "#s",
    "decision", "context", "list", "relation", "invocation", "functionDefinition", "some", "every", "filter", "&lt;", "-",
    "not(", ")", "[", "]", "(", "..", "null", "x", "?", "p.a", "1e999", "0.1", '"', "@", '@"2024-02-30"', "date(", "now()",
    "for i in 1..99999999 return i", "string(", "f(f(", "matches(", "&#0;", "&amp;", "]]>", "<!--", "<!DOCTYPE a>", "\ufeff",
    "𠮷", "é", "\u202e", "years and months duration", "number", "Any", "Java", "isCollection='true'", "typeRef", "9" * 60,
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """How many models were tried and read, and which broke something: the model and the reason."""

    cases: int = 0
    readable: int = 0
    findings: list[tuple[bytes, str]] = field(default_factory=list)


def fuzz(seconds: float, seed: int) -> Report:
    """Try damaged models for some seconds; the same seed tries the same models in the same order."""
    dice, report = random.Random(seed), Report()  # noqa: S311  # no secret
    pool = [SEED]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        text = _damaged(dice.choice(pool), dice)
        data = text.encode("utf-8", "surrogatepass")
        start = time.process_time()
        try:
            if _try(data):
                report.readable += 1
                if len(pool) < 200:
                    pool.append(text)
        except Exception:
            _keep(report, data, traceback.format_exc(limit=-3))
        if time.process_time() - start > MOST_SECONDS:
            _keep(report, data, "took more than two seconds")
        report.cases += 1
    return report


def _keep(report: Report, data: bytes, reason: str) -> None:
    """Keep one model for each way of breaking."""
    if all(reason != known for _, known in report.findings):
        report.findings.append((data, reason))


def _damaged(text: str, dice: random.Random) -> str:
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.randint(0, 30))
        other = dice.randrange(len(text) + 1)
        text = dice.choice(
            (
                text[:at] + dice.choice(PIECES) + text[end:],
                text[:at] + text[end:],
                text[:at] + text[at:end] * dice.randint(2, 5) + text[end:],
                text[:at] + text[other : other + 60] + text[at:],
                _cell(text, dice),
                _cell(text, dice),
            )
        )
    return text[:200_000]


def _cell(text: str, dice: random.Random) -> str:
    """Replace what stands between two tags or quotes, so that the XML stays whole more often."""
    mark = dice.choice((">", '"'))
    at = text.find(mark, dice.randrange(len(text) + 1)) + 1
    end = text.find({">": "<", '"': '"'}[mark], at)
    return text if not at or end < 0 else text[:at] + dice.choice(PIECES) + text[end:]


def _try(data: bytes) -> bool:
    """Put one model through everything; return whether it could be read."""
    try:
        model = read(data, "fuzz.dmn")
        if write(model) != data:
            raise AssertionError("an unchanged model was written differently")
        anew = replace(model, source=None)
        if read(write(anew)) != anew:
            raise AssertionError("a model was written that reads differently")
        program = prepare(model)
    except DecisionError:
        return False
    _use(program)
    return True


def _use(program: Program) -> None:
    for finding in check(program):
        str(finding)
    for unit in list(program.units.values()):
        for inputs in ({}, {"x": 5, "y": [{"a-b": 1}]}):
            for use in (evaluate, explain):
                try:
                    use(program, unit.element.name, inputs, steps=STEPS)
                except DecisionError:
                    continue
        try:
            print_html(program, unit.element.name)
        except DecisionError:
            continue
