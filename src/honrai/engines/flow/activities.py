"""Activities open, repeat and complete."""

from typing import Any

from honrai.engines.flow.effects import Call, Decide, OpenTask, Send
from honrai.engines.flow.program import Arrow, Rounds, Step
from honrai.engines.flow.run import Run
from honrai.engines.flow.state import Item

_TASKS = frozenset({"userTask", "manualTask", "serviceTask"})


def enter(run: Run, step: Step, scope: str, _arrow: Arrow) -> None:
    """Let a token enter an activity."""
    if step.rounds is not None:
        begin_rounds(run, step, step.rounds, scope)
    else:
        open_one(run, step, scope, 0)


def open_one(run: Run, step: Step, within: str, number: int) -> None:
    """Open an activity, or one round of it (number >= 1), and tell the world what to do."""
    item: Item = {"at": step.id, "in": within}
    if number:
        run.count(step.id)
        item["i"] = number
    key = run.add(item)
    kind = step.kind
    if kind in _TASKS:
        run.effects.append(OpenTask(key, step.id, kind, number))
    elif kind == "subProcess":
        enter_body(run, step, key)
    elif kind == "businessRuleTask":
        run.effects.append(Decide(key, step.id, step.name, number))
    elif kind == "callActivity":
        run.effects.append(Call(key, step.id, step.name, number))
    elif kind == "sendTask":
        run.effects.append(Send(key, step.id, step.name))
        run.instant.append(key)
    if step.hooked and not number:
        watch(run, step, key)


def watch(run: Run, step: Step, key: str) -> None:
    """Set the timers of an activity's boundary events."""
    for border in step.boundaries:
        run.set_timer(border, key)


def enter_body(run: Run, step: Step, key: str, start: Step | None = None) -> None:
    """Begin the inside of a process, sub-process or event sub-process, at its start or at a given start event."""
    body = step.body
    assert body is not None
    for _, trigger in body.handlers:
        run.set_timer(trigger, key)
    if start is not None:
        run.leave(start, key)
        return
    run.spent.add(key)
    run.queue.extend((arrow, key) for arrow in body.starts)


def complete(run: Run, key: str) -> None:
    """Close an activity that is done and send its token on, or count its round."""
    item = run.open.pop(key)
    step = run.flow.steps[item["at"]]
    if step.hooked:
        run.unhook(key)
    if "i" in item:
        round_over(run, step, item["in"], item["i"])
    else:
        run.leave(step, item["in"])


def begin_rounds(run: Run, step: Step, rounds: Rounds, scope: str) -> None:
    """Open a repeated activity: what holds its rounds, then the first round or all of them."""
    item: Item = {"at": step.id, "in": scope, "done": 0}
    if not rounds.standard:
        item["of"] = how_many(run, rounds, scope)
    key = run.add(item)
    if step.hooked:
        watch(run, step, key)
    if rounds.standard:
        first = not rounds.test_before or _again(run, rounds, key, 0)
        numbers = range(1, 2 if first else 1)
    else:
        numbers = range(1, min(item["of"], 1 if rounds.sequential else item["of"]) + 1)
    if not numbers:
        complete(run, key)
    for number in numbers:
        if key in run.open:
            open_one(run, step, key, number)


def how_many(run: Run, rounds: Rounds, scope: str) -> int:
    """Return the number of rounds of a multi-instance activity, fixed when it begins."""
    facts = run.facts_in(scope)
    if rounds.collection is not None:
        return len(rounds.collection.items(facts, run.now))
    assert rounds.cardinality is not None
    return rounds.cardinality.count(facts, run.now)


def round_over(run: Run, step: Step, holder: str, number: int) -> None:
    """Count a round that is done; go on to the next, or close the activity and what is left of it."""
    rounds = step.rounds
    assert rounds is not None
    done = run.open[holder]["done"] + 1
    item = run.open[holder] = {**run.open[holder], "done": done}
    if rounds.standard:
        over = not _again(run, rounds, holder, done)
    else:
        over = done >= item["of"] or _enough(run, step, rounds, holder, number)
    if over:
        run.cancel_below(holder)
        del run.open[holder]
        run.leave(step, item["in"])
    elif rounds.sequential:
        open_one(run, step, holder, done + 1)


def _again(run: Run, rounds: Rounds, holder: str, done: int) -> bool:
    """Return whether a standard loop goes round once more."""
    if rounds.maximum is not None and done >= rounds.maximum:
        return False
    if rounds.condition is None:
        return True
    return rounds.condition.holds({**run.facts_in(holder), "loopCounter": done}, run.now)


def _enough(run: Run, step: Step, rounds: Rounds, holder: str, number: int) -> bool:
    """Return whether the completion condition of a multi-instance activity holds."""
    if rounds.condition is None:
        return False
    item = run.open[holder]
    active = sum(1 for one in run.open.values() if one.get("in") == holder)
    seen: dict[str, Any] = {
        **run.facts_in(holder),
        **run.of_round(step, number, holder),
        "numberOfInstances": item["of"],
        "numberOfActiveInstances": active,
        "numberOfCompletedInstances": item["done"],
        "numberOfTerminatedInstances": 0,
    }
    return rounds.condition.holds(seen, run.now)
