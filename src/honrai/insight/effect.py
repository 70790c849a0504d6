"""What did it save: the survey before the centre against minutes measured from events, procedure by procedure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from honrai.cases import api as cases
from honrai.procedures import api as procedures

LOOKED_BACK = timedelta(days=90)
#: Fewer measured pieces than this say little; the page says so.
ENOUGH = 30


@dataclass(frozen=True, slots=True)
class StepEffect:
    """One step: minutes a case before, and measured since; `contract` where the contractor does it now.

    `low` and `high` are the quartiles; None where nothing was measured, and then the survey's minutes count on (no saving).
    """

    node: str
    title: str
    before: float
    now: float | None
    low: float | None
    high: float | None
    pieces: int
    contract: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """One procedure: minutes a case of the city's staff before and now, cases, and what a year makes of it.

    Attributes:
        code: procedure code.
        title: 手続名.
        basis: where the survey comes from.
        steps: those of the city; what the contractor does stands in `contracted` as one.
        contracted: minutes a case before of the steps the contractor does now.
        before, now, low, high: minutes a case of the city's staff; now between its quartiles.
        cases: cases measured.
        yearly: cases a year by the survey.
        notes: what is missing, in words.
    """

    code: str
    title: str
    basis: str
    steps: Sequence[StepEffect]
    contracted: float
    before: float
    now: float
    low: float
    high: float
    cases: int
    yearly: int
    notes: Sequence[str]

    @property
    def net(self) -> float:
        """Hours of city staff a year: before less now, at the survey's volume."""
        return round((self.before - self.now) * self.yearly / 60, 1)

    @property
    def span(self) -> tuple[float, float]:
        """The same with the upper and the lower quartile of the measured minutes."""
        return tuple(round((self.before - one) * self.yearly / 60, 1) for one in (self.high, self.low))  # type: ignore[return-value]

    @property
    def gross(self) -> float:
        """Hours a year of the steps that went to the contractor, before anything the city now does in their place."""
        return round(self.contracted * self.yearly / 60, 1)


def effects(now: datetime) -> list[Effect]:
    """Return the effect of every procedure in force, by title; one query each."""
    return [effect_of(version, now) for version in procedures.in_force(now.date())]


def effect_of(version: procedures.Version, now: datetime) -> Effect:
    """Return the effect of one procedure, measured over the last 90 days."""
    pack, flow = (run := procedures.runnable(version.id)).pack, run.flow
    measured = {
        (one.node, one.contract): one
        for one in cases.step_times(procedure=version.code, since=now - LOOKED_BACK, until=now)
    }
    count = max((one.cases for one in measured.values()), default=0)
    steps = []
    for one in pack.survey.steps if pack.survey else ():
        node = flow.steps[one.task].node if one.task in flow.steps else None
        outside = (one.task, True) in measured
        before = float(one.minutes * (1 + Decimal(one.rework_rate)))
        steps.append(_step(one.task, node.name if node else one.task, before, outside, measured, count))
    own = [one for one in steps if not one.contract]
    return Effect(
        code=version.code,
        title=version.title,
        basis=pack.survey.basis if pack.survey else "",
        steps=own,
        contracted=sum(one.before for one in steps if one.contract),
        before=sum(one.before for one in steps),
        now=sum(one.before if one.now is None else one.now for one in own),
        low=sum(one.before if one.low is None else one.low for one in own),
        high=sum(one.before if one.high is None else one.high for one in own),
        cases=count,
        yearly=sum(pack.survey.volumes) if pack.survey else 0,
        notes=_notes(pack.survey is not None, own, count),
    )


def _step(
    node: str,
    title: str,
    before: float,
    outside: bool,
    measured: Mapping[tuple[str, bool], cases.StepTime],
    count: int,
) -> StepEffect:
    found = measured.get((node, False))
    if outside or found is None or found.minutes is None or not count:
        return StepEffect(node, title, before, None, None, None, found.pieces if found else 0, outside)
    per_case = found.pieces / count  # a step taken for every second case counts half, one redone counts twice
    low, middle, high = (one * per_case for one in found.minutes)
    return StepEffect(node, title, before, middle, low, high, found.pieces, outside)


def _notes(surveyed: bool, steps: Sequence[StepEffect], count: int) -> list[str]:
    notes = []
    if not surveyed:
        notes.append("業務量調査（survey.yaml）がないため、比べられません。")
    if count < ENOUGH:
        notes.append(f"測った案件が{count}件で、{ENOUGH}件に足りません。数字は目安です。")
    missing = [one.title for one in steps if one.now is None]
    if missing:
        notes.append(f"測れていない市の作業（調査の分数のまま、削減なしとして計算）：{'、'.join(missing)}")
    return notes
