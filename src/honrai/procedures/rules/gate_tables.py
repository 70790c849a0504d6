"""Gate point 4: decision tables without gap or contradiction, on every stretch of days between changes of the law."""

from collections.abc import Iterator
from datetime import date

from honrai.engines.decision import model as dmn
from honrai.engines.decision.proof.check import Finding, check
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.tables import program

FILE = "decisions.dmn"
#: Outcomes that come about without a table: the applicant's own act.
_WITHOUT_TABLE = frozenset({"withdraw"})


def check_tables(pack: Pack) -> Iterator[Problem]:
    """Yield every gap, contradiction, dead row and part that cannot be proved, with the days it concerns."""
    for day, finding in findings(pack):
        yield _problem(finding, day)
    yield from _outcomes(pack)


def findings(pack: Pack) -> tuple[tuple[date, Finding], ...]:
    """Return each finding once, with the first day it concerns; its `example` is the row to show.

    Raises:
        DecisionError: the decisions cannot be read.
    """
    ready = program(pack.decisions)
    found: dict[tuple[str, str], tuple[date, Finding]] = {}
    for day in days_to_check(pack):
        for finding in check(ready, parameters=pack.parameters.at(day)):
            found.setdefault((finding.element, finding.message), (day, finding))
    return tuple(found.values())


def days_to_check(pack: Pack) -> tuple[date, ...]:
    """Return one day of each stretch on which nothing changes, from when all parameters are known."""
    first = max((entry.dated.periods[0].start for entry in pack.parameters), default=pack.identity.effective_from)
    days = {first, pack.identity.effective_from, *pack.parameters.changes}
    ends = [entry.dated.periods[-1].end for entry in pack.parameters]
    last = min((end for end in ends if end is not None), default=date.max)
    return tuple(sorted(day for day in days if first <= day < last))


def _problem(finding: Finding, day: date) -> Problem:
    return Problem(FILE, f"{finding.element}({finding.line}行目)", f"{finding.message}({day} から)", finding.remedy)


def _outcomes(pack: Pack) -> Iterator[Problem]:
    """The proposal gives outcomes of the pack, and every outcome can come about."""
    logic = program(pack.decisions).model.decision(pack.identity.proposal).logic
    if not isinstance(logic, dmn.DecisionTable):
        yield Problem(
            FILE, pack.identity.proposal, "決定案が決定表ではありません", "結果の列を持つ決定表にしてください"
        )
        return
    given = {(rule.outputs[0].text or "").strip().strip('"') for rule in logic.rules}
    known = {outcome.id for outcome in pack.identity.outcomes}
    for name in sorted(given - known):
        yield Problem(
            FILE,
            pack.identity.proposal,
            f"結果「{name}」は procedure.yaml にありません",
            "結果の名前をそろえてください",
        )
    for outcome in pack.identity.outcomes:
        if outcome.id not in given and outcome.kind not in _WITHOUT_TABLE:
            remedy = "行を足すか、結果を消してください"
            yield Problem("procedure.yaml", f"outcomes.{outcome.id}", "決定表からこの結果になる行がありません", remedy)
    headings = set(logic.annotations)
    for heading in ("理由", "根拠"):
        if heading not in headings:
            yield Problem(
                FILE,
                pack.identity.proposal,
                f"注釈の列「{heading}」がありません",
                "文書に書く理由と根拠の列を足してください",
            )
