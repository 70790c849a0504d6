"""The dry run of a plan to move running cases: what would become of each class of states, with counts and examples."""

from collections import Counter
from dataclasses import dataclass

from honrai.engines.flow import api as flow_engine
from honrai.procedures.models import MovedCase, MovePlan, MoveResult
from honrai.procedures.operations.moving import engine_plan_of
from honrai.procedures.ports import ports
from honrai.procedures.queries import flow_of

#: Receipt numbers shown for each class.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class of states: the places (in words) and where they go, the verdict, how many cases are there now."""

    places: tuple[str, ...]
    to: tuple[str, ...]
    verdict: str
    reasons: tuple[str, ...]
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a plan would do to the cases running now; `lines` list classes with cases first."""

    lines: tuple[ClassLine, ...]
    same: int
    moved: int
    impossible: int

    @property
    def total(self) -> int:
        """How many cases run on the source now."""
        return self.same + self.moved + self.impossible


def dry_run(row: MovePlan) -> DryRun:
    """Return what the plan would do, without doing it.

    A case with open sub-processes is in several classes; it moves only when none of them is impossible.
    """
    plan = engine_plan_of(row)
    running = ports.casework.running(row.source.code, row.source_id) if ports.casework is not None else ()
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    examples: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    listed = {(one.scope, one.places): one for one in plan.classes}
    verdicts: Counter[str] = Counter()
    for case in running:
        classes = flow_engine.classes_of(plan, dict(case.state))
        found = {one.verdict for one in classes}
        verdicts["impossible" if "impossible" in found else "moved" if "moved" in found else "same"] += 1
        for one in classes:
            key = (one.scope, one.places)
            listed.setdefault(key, one)
            counts[key] += 1
            examples.setdefault(key, []).append(case.number)
    old, new = _names(flow_of(row.source)), _names(flow_of(row.target))
    lines = [
        ClassLine(
            places=tuple(old.get(place, place) for place in one.places),
            to=tuple(new.get(place, place) for place in one.to),
            verdict=one.verdict,
            reasons=one.reasons,
            count=counts[key],
            examples=tuple(examples.get(key, [])[:EXAMPLES]),
        )
        for key, one in listed.items()
    ]
    order = {"impossible": 0, "moved": 1, "same": 2}
    lines.sort(key=lambda line: (-line.count, order[line.verdict], line.places))
    return DryRun(tuple(lines), verdicts["same"], verdicts["moved"], verdicts["impossible"])


def unmatched(row: MovePlan) -> list[tuple[str, str, str]]:
    """Return (id, name, where it goes by the map) of every place of the old flow whose id the new one lacks."""
    old, new = flow_of(row.source), flow_of(row.target)
    return [
        (key, step.node.name or key, row.names.get(key, ""))
        for key, step in old.steps.items()
        if step.node is not None and key not in new.steps
    ]


def places(row: MovePlan) -> list[tuple[str, str]]:
    """Return (id, name) of every place of the new flow a case can be sent to."""
    return [(key, f"{step.node.name or key}（{key}）") for key, step in flow_of(row.target).steps.items() if step.node]


def results(row: MovePlan) -> dict[str, int]:
    """Return how many cases were moved and kept so far."""
    found = Counter(MovedCase.objects.filter(plan=row).values_list("result", flat=True))
    return {value: found.get(value, 0) for value in MoveResult.values}


def _names(flow: flow_engine.Flow) -> dict[str, str]:
    return {key: step.node.name or key for key, step in flow.steps.items() if step.node is not None}
