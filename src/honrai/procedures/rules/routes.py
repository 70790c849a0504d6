"""The way a case takes through the flow when everyone does what the proposal says: for precedents and for the replay."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Protocol

from honrai.engines.flow.api import Completed, Decide, Effect, Flow, OpenTask, Send, executable, start, step
from honrai.kernel.business_calendar import BusinessCalendar
from honrai.procedures.rules.contexts import case_values, context, fill, read_facts
from honrai.procedures.rules.flowview import model_of, tasks_of
from honrai.procedures.rules.forms import Deficiency
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.nature import OPEN
from honrai.procedures.rules.proposing import Proposal

MAX_TASKS = 200


class CaseData(Protocol):
    """What a precedent and a closed case have in common: everything a pack needs to judge it."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Raw answers by field id."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Outside facts by id."""

    @property
    def attachments(self) -> frozenset[str]:
        """Ids of the attachments handed in."""

    @property
    def received(self) -> date:
        """Day of arrival."""

    @property
    def channel(self) -> str:
        """How it arrived."""


@lru_cache(maxsize=64)
def flow_of(flow: bytes) -> Flow:
    """Return the flow ready to run.

    Raises:
        NotExecutable: it holds something that is not run.
    """
    return executable(model_of(flow))


def flow_facts(deficiencies: Sequence[Deficiency], proposal: Proposal | None) -> dict[str, dict[str, Any]]:
    """Return what conditions of a flow read beside the rule context: open deficiencies and the proposal.

    `case.deficiencies` counts what the applicant must mend, `case.holds` what an official must settle first.
    """
    mine = [one for one in deficiencies if one.severity in ("incomplete", "confirm") and one.fix_by != "city"]
    held = [
        one for one in deficiencies if one.severity == "hold" or (one.severity != "notice" and one.fix_by == "city")
    ]
    held = [one for one in held if one.severity != "reject-candidate"]
    return {
        "case": {"deficiencies": len(mine), "holds": len(held)},
        "proposal": {"outcome": proposal.outcome, "kind": proposal.kind} if proposal else {"outcome": "", "kind": ""},
    }


def route(pack: Pack, case: CaseData, deficiencies: Sequence[Deficiency], proposal: Proposal) -> tuple[str, ...]:
    """Return the ids of the tasks of a case in order, up to where it rests.

    It rests at its end, where it waits for the applicant, or with the person to whom an open outcome goes; that
    person's task is the last of the route. Everyone takes the ordinary way (the default of each gateway).
    """
    ready = flow_of(pack.flow)
    facts = _facts(pack, case, deficiencies, proposal)
    now = datetime.combine(case.received, time(9), UTC)
    state, effects = start(ready, facts, now, calendar=BusinessCalendar())
    taken: list[str] = []
    waiting = _opened(effects, taken)
    while waiting and len(taken) < MAX_TASKS:
        task = waiting.pop(0)
        if _rests(pack, task, taken, proposal, facts):
            break
        state, effects = step(ready, state, Completed(task.key), facts, now, calendar=BusinessCalendar())
        waiting += _opened(effects, taken)
    return tuple(taken)


def _facts(pack: Pack, one: CaseData, deficiencies: Sequence[Deficiency], proposal: Proposal) -> Mapping[str, Any]:
    about = case_values(one.received, one.channel, proposal.basis)
    values = fill(pack.form, one.values).values
    seen = context(
        pack, values, read_facts(pack, one.facts), about, one.attachments, pack.parameters.at(proposal.basis)
    )
    more = flow_facts(deficiencies, proposal)
    results = dict.fromkeys(ready_tasks(pack))
    return {**seen, **more, "case": {**seen["case"], **more["case"]}, "results": results}


def ready_tasks(pack: Pack) -> tuple[str, ...]:
    """Return the ids of all nodes a person may answer with a word."""
    return tuple(name for name, one in flow_of(pack.flow).steps.items() if one.kind in ("userTask", "manualTask"))


def _opened(effects: tuple[Effect, ...], taken: list[str]) -> list[OpenTask | Decide]:
    """Note what was opened or sent, and return what waits to be done."""
    opened: list[OpenTask | Decide] = []
    for effect in effects:
        if isinstance(effect, OpenTask | Decide | Send):
            taken.append(effect.node)
        if isinstance(effect, OpenTask | Decide):
            opened.append(effect)
    return opened


def _rests(pack: Pack, task: OpenTask | Decide, taken: list[str], proposal: Proposal, facts: Mapping[str, Any]) -> bool:
    """A task met again, and a person of the city where something is open or held, end the ordinary way."""
    if taken.count(task.node) > 1:
        return True
    city = task.node in city_tasks(pack.flow)
    proposed = any(flow_of(pack.flow).steps[name].kind == "businessRuleTask" for name in taken)
    return city and (facts["case"]["holds"] > 0 or (proposed and proposal.kind in OPEN))


@lru_cache(maxsize=64)
def city_tasks(flow: bytes) -> frozenset[str]:
    """Return the ids of the tasks done by people of the city."""
    return frozenset(task.id for task in tasks_of(model_of(flow)) if task.organisation == "city" and task.by_hand)
