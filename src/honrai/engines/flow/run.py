"""One step in progress: a working copy of the state, tokens still to move, effects so far.

Nothing here outlives a step. Whatever is taken from the state is copied before it is changed, so the state handed
in stays as it was and a step that ends in an error has changed nothing.
"""

from collections import deque
from datetime import datetime
from typing import Any

from honrai.engines.flow.conditions import Facts
from honrai.engines.flow.effects import CancelTask, CancelTimer, Effect, End, StartTimer
from honrai.engines.flow.errors import Incident
from honrai.engines.flow.program import Arrow, Flow, Step
from honrai.engines.flow.state import ANSWERED, ROOT, Item, State
from honrai.engines.flow.timers import Calendar, Cycle, Period, When, moment

MAX_MOVES = 20_000
MOST_BUSINESS_DAYS = 3_660


def _no_way_out(step: Step) -> Incident:
    return Incident(step.id, "no condition holds and there is no default flow; add one or correct the facts")


class Run:
    """The working copy.

    Attributes:
        queue: tokens on the move: the arrow each is on and the key of its scope.
        instant: keys of activities that are done as soon as they are open.
        spent: keys of scopes in which a token was used up, which may therefore be complete.
        answered: key of the task the event is about; it needs no cancelling.
    """

    __slots__ = (
        "answered", "calendar", "effects", "end", "facts", "flow", "instant", "moves", "next", "now", "open", "queue",
        "spent",
    )  # fmt: skip

    def __init__(self, flow: Flow, state: State, facts: Facts, now: datetime, calendar: Calendar | None) -> None:
        self.flow = flow
        self.next: int = state["next"]
        self.open: dict[str, Item] = dict(state["open"])
        self.end: str = ""
        self.facts = facts
        self.now = now
        self.calendar = calendar
        self.queue: deque[tuple[Arrow, str]] = deque()
        self.instant: deque[str] = deque()
        self.spent: set[str] = set()
        self.effects: list[Effect] = []
        self.moves = 0
        self.answered = ""

    def add(self, item: Item) -> str:
        """Open something and return its key."""
        key = str(self.next)
        self.next += 1
        self.open[key] = item
        return key

    def state(self) -> State:
        """Return the new state."""
        if self.end:
            return {"next": self.next, "open": {}, "end": self.end}
        return {"next": self.next, "open": self.open}

    def count(self, node: str) -> None:
        """Count a move; a step that never comes to rest is an incident.

        Raises:
            Incident: more than 20,000 moves.
        """
        self.moves += 1
        if self.moves > MAX_MOVES:
            raise Incident(
                node,
                "the flow turns in a circle without ever waiting, or opens too much at once; put a wait into the loop",
            )

    def facts_in(self, key: str) -> Facts:
        """Return the facts as seen inside an open element: with the round and item of every repetition around it."""
        if not self.flow.repeats:
            return self.facts
        around: list[dict[str, Any]] = []
        item = self.open[key]
        while True:
            if "i" in item:
                around.append(self.of_round(self.flow.steps[item["at"]], item["i"], item["in"]))
            if "in" not in item:
                break
            item = self.open[item["in"]]
        if not around:
            return self.facts
        seen = dict(self.facts)
        for names in reversed(around):
            seen.update(names)
        return seen

    def of_round(self, step: Step, number: int, holder: str) -> dict[str, Any]:
        """Return what one round sees: `loopCounter`, and its item under the name the model gives it."""
        names: dict[str, Any] = {"loopCounter": number}
        rounds = step.rounds
        if rounds is not None and rounds.collection is not None and rounds.item:
            items = rounds.collection.items(self.facts_in(self.open[holder]["in"]), self.now)
            names[rounds.item] = items[number - 1] if number <= len(items) else None
        return names

    def leave(self, step: Step, scope: str, _arrow: Arrow | None = None) -> None:
        """Send a token on from a node, by every arrow that applies; where none leaves, the token is used up.

        Exclusive gateways and start events do nothing else, so this is also what happens when a token arrives there.
        """
        if step.only is not None:
            self.queue.append((step.only.end, scope))
        elif step.kind == "exclusiveGateway":
            self.queue.append((self.first(step, scope).end, scope))
        elif step.arrows or step.default is not None:
            for arrow in self.chosen(step, scope):
                self.queue.append((arrow.end, scope))
        else:
            self.spent.add(scope)

    def first(self, step: Step, scope: str) -> Arrow:
        """Return the first arrow of an exclusive gateway whose condition holds, else the default.

        Raises:
            Incident: no condition holds and there is no default.
        """
        facts = self.facts_in(scope)
        for arrow in step.arrows:
            if arrow.condition is None or arrow.condition.holds(facts, self.now):
                return arrow
        if step.default is None:
            raise _no_way_out(step)
        return step.default

    def chosen(self, step: Step, scope: str) -> list[Arrow]:
        """Return the arrows a token leaves by: all that hold or have no condition.

        The default is taken when no condition holds: after an inclusive gateway when nothing else is taken, after a
        task beside the flows that have no condition.

        Raises:
            Incident: nothing is taken and there is no default.
        """
        facts = self.facts_in(scope)
        taken: list[Arrow] = []
        held = False
        for arrow in step.arrows:
            if arrow.condition is None:
                taken.append(arrow)
            elif arrow.condition.holds(facts, self.now):
                taken.append(arrow)
                held = True
        if not held and step.default is not None and not (taken and step.kind.endswith("Gateway")):
            taken.append(step.default)
        if not taken:
            raise _no_way_out(step)
        return taken

    def schedule(self, step: Step, key: str) -> tuple[str, int]:
        """Return when a timer set now is due, and how often it fires in all (-1: without end).

        Raises:
            Incident: its time cannot be computed, or business days are counted and there is no calendar.
        """
        if step.trigger is not None and step.trigger.delay is not None:
            return (self.now + step.trigger.delay).isoformat(), 1
        when = self.time_of(step, key)
        if isinstance(when, Cycle):
            first = self.later(step, when.period, self.now) if when.start is None else moment(when.start, self.now)
            return first.isoformat(), -1 if when.times is None else when.times
        due = self.later(step, when, self.now) if isinstance(when, Period) else moment(when, self.now)
        return due.isoformat(), 1

    def time_of(self, step: Step, key: str) -> When:
        """Return a timer's time, written or computed from the facts seen inside an open element."""
        trigger = step.trigger
        assert trigger is not None
        if trigger.when is not None:
            return trigger.when
        assert trigger.time is not None
        return trigger.time.time(self.facts_in(key), self.now)

    def later(self, step: Step, period: Period, since: datetime) -> datetime:
        """Return the moment a period after another, in calendar time or business days.

        Raises:
            Incident: there is no calendar to count business days by, or the moment lies too far ahead.
        """
        assert step.trigger is not None
        try:
            if not step.trigger.business:
                return period.after(since)
            if self.calendar is not None and period.whole_days and period.seconds <= MOST_BUSINESS_DAYS * 86400:
                return period.business(since, self.calendar)
        except (OverflowError, ValueError):
            raise Incident(step.id, "the timer lies too far ahead; write a shorter time") from None
        raise Incident(step.id, f"business days need a calendar and a duration of 0 to {MOST_BUSINESS_DAYS} whole days")

    def set_timer(self, step: Step, host: str) -> None:
        """Set the timer of an event that watches an open element; events of other kinds need none."""
        if step.trigger is not None and step.trigger.kind == "timer":
            due, left = self.schedule(step, host)
            self.hook(step, host, due, left)

    def set_timer_again(self, step: Step, host: str, item: Item) -> None:
        """Set a cycle's next firing, a period after the one before, unless it was the last."""
        left: int = item.get("left", 1)
        when = self.time_of(step, host)
        if isinstance(when, Cycle) and left != 1:
            due = self.later(step, when.period, datetime.fromisoformat(item["due"]))
            self.hook(step, host, due.isoformat(), max(left - 1, -1))

    def hook(self, step: Step, host: str, due: str, left: int) -> None:
        """Open a timer on an element; one that never fires (left 0) is not opened."""
        if left:
            item: Item = {"at": step.id, "on": host, "due": due}
            if left != 1:
                item["left"] = left
            key = self.add(item)
            self.effects.append(StartTimer(key, step.id, due))

    def fresh(self) -> str:
        """Return a key for something that happens at once and is never open."""
        self.next += 1
        return str(self.next - 1)

    def clear(self, scope: str) -> None:
        """Stop everything in a scope: what is open in it, waits at its joins or moves.

        The scope itself stays, and so do the timers of boundary events that watch it from outside.
        """
        steps = self.flow.steps
        outside = [key for key, item in self.open.items() if item.get("on") == scope]
        borders = frozenset(key for key in outside if steps[self.open[key]["at"]].kind == "boundaryEvent")
        self.cancel_below(scope, borders)
        staying = [pair for pair in self.queue if pair[1] != scope]
        self.queue.clear()
        self.queue.extend(staying)
        self.open[scope] = {name: value for name, value in self.open[scope].items() if name != "joins"}

    def cancel(self, key: str) -> None:
        """Close something and everything in and on it, telling the world what is no longer wanted."""
        self._close(key)
        self.cancel_below(key)

    def cancel_below(self, key: str, keep: frozenset[str] = frozenset()) -> None:
        """Cancel everything in and on an open element, but not the element, nor anything with a key in `keep`."""
        below: dict[str, list[str]] = {}
        for one, item in self.open.items():
            if one not in keep:
                below.setdefault(item.get("in") or item.get("on", ""), []).append(one)
        stack = [key]
        while stack:
            for one in sorted(below.get(stack.pop(), ()), key=int):
                self._close(one)
                stack.append(one)

    def _close(self, key: str) -> None:
        item = self.open.pop(key)
        step = self.flow.steps[item["at"]]
        if "due" in item:
            self.effects.append(CancelTimer(key, step.id))
        elif step.kind in ANSWERED and "done" not in item and key != self.answered:
            self.effects.append(CancelTask(key, step.id))

    def unhook(self, key: str) -> None:
        """Cancel the timers that watched an element which has just been completed."""
        for below in [one for one, item in self.open.items() if item.get("on") == key]:
            self._close(below)

    def finish(self, outcome: str, code: str = "") -> None:
        """End the case."""
        self.cancel_below(ROOT)
        self.queue.clear()
        self.end = outcome
        self.effects.append(End(outcome, code))
