"""Moves one case: the state of the old version becomes a state of the new one, and nothing else happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from honrai.engines.flow.conditions import Facts
from honrai.engines.flow.effects import CancelTimer, Effect
from honrai.engines.flow.errors import FlowError
from honrai.engines.flow.machine import settled
from honrai.engines.flow.program import Arrow, Step
from honrai.engines.flow.run import Run
from honrai.engines.flow.state import Item, State, is_holder, ordered
from honrai.engines.flow.timers import Calendar

from .plan import Plan, StateClass


class MigrationRefused(FlowError):
    """The case cannot be moved; the state is unchanged.

    Attributes:
        classes: the impossible classes the case is in, with their reasons.
    """

    def __init__(self, classes: tuple[StateClass, ...]) -> None:
        self.classes = classes
        super().__init__(" ".join(reason for one in classes for reason in one.reasons))


@dataclass(frozen=True, slots=True)
class Moved:
    """A moved case: its new state, what to do (timers set or cancelled), and which open elements changed their id.

    `renamed` holds (key, old id, new id); keys stay as they were, so tasks people work on stay theirs.
    """

    state: State
    effects: tuple[Effect, ...]
    renamed: tuple[tuple[str, str, str], ...]


def classes_of(plan: Plan, state: State) -> tuple[StateClass, ...]:
    """Return the class of each open process and sub-process of a case."""
    found = []
    for key, item in _scopes(plan, state):
        found.append(plan.of(item["at"], _places(state, key, item)))
    return tuple(found)


def _places(state: State, key: str, item: Item) -> frozenset[str]:
    """Return the nodes open in a scope and the flows on which tokens wait at its joins."""
    inside = {one["at"] for one in state["open"].values() if one.get("in") == key}
    return frozenset(inside | item.get("joins", {}).keys())


def _scopes(plan: Plan, state: State) -> Iterator[tuple[str, Item]]:
    for key, item in ordered(state["open"]):
        if "on" not in item and plan.old.steps[item["at"]].body is not None and not is_holder(item):
            yield key, item


def migrate(plan: Plan, state: State, facts: Facts, now: datetime, *, calendar: Calendar | None = None) -> Moved:
    """Move one case to the new version.

    Args:
        plan: as computed for the two versions.
        state: the case's state; it is not changed.
        facts, now, calendar: as for `step`; needed for timers that the new version adds.

    Raises:
        MigrationRefused: the case is in an impossible class.
    """
    if "end" in state:
        return Moved(state, (), ())
    impossible = tuple(one for one in classes_of(plan, state) if one.verdict == "impossible")
    if impossible:
        raise MigrationRefused(impossible)
    run = Run(plan.new, {"next": state["next"], "open": {}}, facts, now, calendar)
    renamed = []
    for key, item in ordered(state["open"]):
        if "on" not in item:
            run.open[key] = _item(plan, item)
            if run.open[key]["at"] != item["at"]:
                renamed.append((key, item["at"], run.open[key]["at"]))
    _timers(plan, run, state)
    _tokens(plan, run, state)
    new_state, effects = settled(run)
    return Moved(new_state, effects, tuple(renamed))


def _item(plan: Plan, item: Item) -> Item:
    """Return an open element with the ids of the new version; tokens at joins are set going again afterwards."""
    moved = {name: value for name, value in item.items() if name not in ("joins", "held")}
    moved["at"] = plan.matcher.name(item["at"])
    held = [plan.matcher.name(one) for one in item.get("held", ())]
    if kept := [one for one in held if one in plan.new.steps]:
        moved["held"] = kept
    return moved


def _watchers(step: Step, item: Item) -> dict[str, Step]:
    """Return the events that may have a timer running on an open element, by id."""
    inside = [start for _, start in step.body.handlers] if step.body is not None and "shut" not in item else []
    return {one.id: one for one in (*step.boundaries, *step.choices, *inside)}


def _timers(plan: Plan, run: Run, state: State) -> None:
    """Keep the timers that the new version has too, cancel the others, set those that are new."""
    for key, item in ordered(state["open"]):
        if "on" not in item:
            continue
        identity = plan.matcher.name(item["at"])
        watcher = _watchers(plan.new.steps[run.open[item["on"]]["at"]], run.open[item["on"]]).get(identity)
        if watcher is not None and watcher.trigger is not None and watcher.trigger.kind == "timer":
            run.open[key] = {**item, "at": identity}
        else:
            run.effects.append(CancelTimer(key, item["at"]))
    for key, item in ordered(state["open"]):
        if "on" in item or "i" in item:
            continue
        before = {plan.matcher.name(identity) for identity in _watchers(plan.old.steps[item["at"]], item)}
        for identity, watcher in _watchers(plan.new.steps[run.open[key]["at"]], item).items():
            if identity not in before:
                run.set_timer(watcher, key)


def _tokens(plan: Plan, run: Run, state: State) -> None:
    """Set the tokens that waited at joins going again on the flows of the new version."""
    arrows = {arrow.id: arrow for step in plan.new.steps.values() for arrow in _arrows(step)}
    for key, item in _scopes(plan, state):
        to = plan.matcher.target(item["at"], _places(state, key, item)).to
        for flow, count in item.get("joins", {}).items():
            run.queue.extend([(arrows[to[flow]], key)] * count)


def _arrows(step: Step) -> tuple[Arrow, ...]:
    return step.arrows if step.default is None else (*step.arrows, step.default)
