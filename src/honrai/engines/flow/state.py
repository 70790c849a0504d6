"""The state of a case: a small JSON value, and what can be asked of it.

```
{"next": 7,                                  the next key; keys are never used again
 "open": {"0": {"at": "Process_1",           the process itself, always "0"
                "joins": {"Flow_5": 1}},     tokens that wait at a join, by the flow they came on
          "3": {"at": "Task_a", "in": "0"},  something open in scope "0"
          "4": {"at": "Timer_b", "on": "3", "due": "2026-04-01T09:00:00+09:00"}},
 "end": "completed"}                         only when the case is over
```

Further fields of an open element: `i` its round; `done` on the element that holds the rounds of a repeated activity,
the rounds done, and `of` how many there are; `left` firings a cycle still has
(-1: without end); `held` conditional events that have
fired and whose condition still holds; `shut` a scope taken over by an interrupting event sub-process.

Nothing in it grows with the age of a case: only what is open now is there, and one counter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from honrai.engines.flow.program import Flow, Step, Trigger

State = dict[str, Any]
Item = dict[str, Any]
ROOT = "0"

#: Kinds that wait for the answer `Completed`.
ANSWERED = frozenset({"userTask", "manualTask", "serviceTask", "businessRuleTask", "callActivity"})


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something of a case that is open now: a task, a wait, a timer, a sub-process.

    Attributes:
        key: the key effects and events use.
        node: id of the element.
        kind: its kind, e.g. "userTask", "intermediateCatchEvent", "boundaryEvent" (a running timer).
        within: key of the scope or repeated activity it lies in; for a timer, of what it watches.
        round: number of the repetition, 0 when it does not repeat.
        due: when a timer fires, "" for everything else.
    """

    key: str
    node: str
    kind: str
    within: str
    round: int
    due: str


def open_items(flow: Flow, state: State) -> list[OpenItem]:
    """Return everything open in a case, oldest first, the process itself left out."""
    found = []
    for key, item in ordered(state["open"]):
        if key != ROOT:
            kind = flow.steps[item["at"]].kind
            within = item.get("in") or item["on"]
            found.append(OpenItem(key, item["at"], kind, within, item.get("i", 0), item.get("due", "")))
    return found


def open_tasks(flow: Flow, state: State) -> list[OpenItem]:
    """Return the tasks, decisions and calls that wait for `Completed`, oldest first."""
    return [one for one in open_items(flow, state) if one.kind in ANSWERED and not is_holder(state["open"][one.key])]


def open_timers(flow: Flow, state: State) -> list[OpenItem]:
    """Return the running timers, oldest first."""
    return [one for one in open_items(flow, state) if one.due]


def awaited(flow: Flow, state: State, kind: str) -> list[str]:
    """Return the names of the messages or signals some open element would take now, sorted.

    Args:
        kind: "message" or "signal".
    """
    return sorted({trigger.name for _, trigger in listening(flow, state["open"]) if trigger.kind == kind})


def is_over(state: State) -> bool:
    """Return whether the case has ended."""
    return "end" in state


def is_stuck(flow: Flow, state: State) -> bool:
    """Return whether nothing can ever happen to the case: it has not ended, yet only joins hold tokens."""
    if is_over(state):
        return False
    scopes = {"process", "subProcess"}
    waits = any(flow.steps[item["at"]].kind not in scopes or "on" in item for item in state["open"].values())
    return not waits and not any(True for _ in listening(flow, state["open"]))


def ordered(items: dict[str, Item]) -> list[tuple[str, Item]]:
    """Return the open elements, oldest first, however a database ordered them."""
    return sorted(items.items(), key=lambda pair: int(pair[0]))


@dataclass(frozen=True, slots=True)
class Listener:
    """Something open that can hear an event.

    Attributes:
        key: the open element.
        step: the event that would be triggered: the element itself, a choice of a gateway, a boundary event, or the
            start event of an event sub-process.
        handler: the event sub-process, for the last of these.
    """

    key: str
    step: Step
    handler: Step | None = None


def listening(flow: Flow, items: dict[str, Item]) -> Iterator[tuple[Listener, Trigger]]:
    """Yield everything that can hear an event now with what it waits for, oldest first."""
    for key, item in ordered(items):
        if "on" in item:
            continue
        step = flow.steps[item["at"]]
        if step.trigger is not None and not is_holder(item):
            yield Listener(key, step), step.trigger
        for choice in step.choices:
            assert choice.trigger is not None
            yield Listener(key, choice), choice.trigger
        if "i" not in item:
            for border in step.boundaries:
                assert border.trigger is not None
                yield Listener(key, border), border.trigger
        if step.body is not None and "shut" not in item and not is_holder(item):
            for handler, start in step.body.handlers:
                assert start.trigger is not None
                yield Listener(key, start, handler), start.trigger


def is_holder(item: Item) -> bool:
    """Return whether an item stands for all rounds of a repeated activity, not for one."""
    return "done" in item
