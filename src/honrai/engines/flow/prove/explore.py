"""Walks through every state of a net, or as many as the limit allows, and finds what is wrong with them.

A state is the set of arcs that hold a token (a second token on one arc is a fault, so a set is enough) and the
escalations raised so far. States are visited by the number of elements passed, so the first bad one found has a
shortest way to it.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from .net import Arc, Net, Option, Words

MOVES_PER_STATE = 20
State = tuple[int, frozenset[str], str]
FlawKind = Literal["stuck", "left", "endless", "twice"]


@dataclass(frozen=True, slots=True)
class Found:
    """A bad state: what is wrong, at which elements, and the elements passed on a way there."""

    kind: FlawKind
    elements: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(slots=True)
class Exploration:
    """What a walk saw: ways the scope ended (escalations, exit), elements that came alive, the first fault."""

    outcomes: set[tuple[frozenset[str], str]] = field(default_factory=set)
    alive: set[str] = field(default_factory=set)
    flaw: Found | None = None
    states: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Move:
    state: State
    words: Words
    crowded: str = ""


class _Walk:
    def __init__(self, net: Net, limit: int, every_order: bool) -> None:
        self.net = net
        self.limit = limit
        arcs = list(net.arcs)
        self.bit = {number: 1 << place for place, number in enumerate(arcs)}
        self.arc_at = arcs
        self.into: dict[int, int] = dict.fromkeys(net.knots, 0)
        self.ins: dict[int, list[int]] = {knot: [] for knot in net.knots}
        for number, arc in net.arcs.items():
            self.into[arc.target] |= self.bit[number]
            self.ins[arc.target].append(number)
        self.ors = {k: self._upstream(k) for k, knot in net.knots.items() if knot.join == "or"}
        self.leaving = {k for k, knot in net.knots.items() if any(option.exit for option in knot.options)}
        self.every_order = every_order or bool(self.ors)
        self.leads: dict[tuple[int, int], int] = {}
        self.found = Exploration()
        self.seen: dict[State, tuple[State | None, Words]] = {}
        self.before: dict[State, list[State]] = {}
        self.final: list[State] = []
        self.rest: list[State] = []

    def _upstream(self, knot: int) -> list[tuple[int, int]]:
        """Return, for each arc into an inclusive join, the arcs that can reach it without crossing the join."""
        return [(self.bit[first], self._back(first, knot)) for first in self.ins[knot]]

    def _back(self, first: int, stop: int | None = None) -> int:
        """Return the arcs from which a token can come to an arc, itself included, without crossing the knot `stop`."""
        mask, pending = self.bit[first], [self.net.arcs[first].source]
        while pending:
            here = pending.pop()
            for number in self.ins[here] if here != stop else ():
                if not mask & self.bit[number]:
                    mask |= self.bit[number]
                    pending.append(self.net.arcs[number].source)
        return mask

    def run(self) -> Exploration:
        """Walk from the start and return what was found."""
        heap: list[tuple[int, int, _Move, State | None]] = []
        nowhere: State = (0, frozenset(), "")
        for move in self.fire(nowhere, self.net.start, 0):
            heapq.heappush(heap, (len(move.words), len(heap), move, None))
        order = len(heap)
        while heap:
            cost, _, move, origin = heapq.heappop(heap)
            state = move.state
            if move.crowded:
                path = (self._path(origin) if origin else ()) + move.words
                self.found.flaw = Found("twice", (move.crowded,), path)
                return self._counted()
            if origin is not None:
                self.before.setdefault(state, []).append(origin)
            if state in self.seen:
                continue
            self.seen[state] = (origin, move.words)
            if len(self.seen) > self.limit or order > self.limit * MOVES_PER_STATE:
                self.found.complete = False
                return self._counted()
            moves = self._moves(state)
            for following in moves:
                order += 1
                heapq.heappush(heap, (cost + len(following.words), order, following, state))
            if not moves and state[0]:
                self.rest.append(state)
        self._judge()
        return self._counted()

    def _counted(self) -> Exploration:
        self.found.states = len(self.seen)
        return self.found

    def _moves(self, state: State) -> list[_Move]:
        marking, flags, exit_ = state
        if exit_ or not marking:
            self.found.outcomes.add((flags, exit_))
            self.final.append(state)
            return []
        ready = self.ready(marking)
        if not self.every_order:
            leaving = [one for one in ready if one[0] in self.leaving]
            alone = next((one for one in ready if one not in leaving and not self._awaited(marking, *one)), None)
            ready = [alone, *leaving] if alone else ready
        return [move for knot, taken in ready for move in self.fire(state, knot, taken)]

    def _awaited(self, marking: int, knot: int, taken: int) -> bool:
        """Say whether another token could still come where these are, so that firing first could hide a meeting."""
        if (knot, taken) not in self.leads:
            arcs = self.marked(taken if self.net.knots[knot].lax else self.into[knot])
            mask = 0
            for arc in arcs:
                mask |= self._back(arc)
            self.leads[knot, taken] = mask
        return bool(marking & ~taken & self.leads[knot, taken])

    def ready(self, marking: int) -> list[tuple[int, int]]:
        """Return the knots that can fire with the tokens they would take, in a fixed order."""
        ready = []
        for number in dict.fromkeys(self.net.arcs[arc].target for arc in self.marked(marking)):
            knot, into = self.net.knots[number], self.into[number]
            held = marking & into
            if knot.join == "xor":
                ready += [(number, self.bit[arc]) for arc in self.marked(held)]
            elif (knot.join == "and" and held == into) or (knot.join == "or" and self._or_ready(number, marking, held)):
                ready.append((number, held))
        return ready

    def _or_ready(self, knot: int, marking: int, held: int) -> bool:
        """Say whether no token elsewhere can still come on an empty way in (unless it can also come on a held one)."""
        empty = towards_held = 0
        for bit, mask in self.ors[knot]:
            if held & bit:
                towards_held |= mask
            else:
                empty |= mask
        return not marking & ~self.into[knot] & empty & ~towards_held

    def marked(self, marking: int) -> list[int]:
        """Return the arcs that hold a token."""
        found = []
        while marking:
            low = marking & -marking
            found.append(self.arc_at[low.bit_length() - 1])
            marking ^= low
        return found

    def fire(self, state: State, number: int, taken: int) -> list[_Move]:
        """Return what a knot may do with the tokens it takes."""
        knot = self.net.knots[number]
        self.found.alive |= knot.covers
        return [self._do(state, option, taken, knot.way) for option in knot.options]

    def _do(self, state: State, option: Option, taken: int, way: Words) -> _Move:
        marking, flags, _ = state
        flags |= option.flags
        if option.exit:
            return _Move((0, flags, option.exit), way)
        marking &= ~taken
        words, crowded = dict.fromkeys(way), ""
        for out in option.outs:
            arc, bit = self.net.arcs[out], self.bit[out]
            words.update(dict.fromkeys(arc.way))
            self.found.alive |= arc.covers
            if arc.target == self.net.end and not arc.crowd:
                continue
            crowded = self._crowded(marking, arc, bit) or crowded
            marking |= bit
        return _Move((marking, flags, ""), tuple(words), crowded)

    def _crowded(self, marking: int, arc: Arc, bit: int) -> str:
        """Return the element that one more token on an arc would make happen twice at once, "" if none."""
        knot = self.net.knots[arc.target]
        if knot.lax:
            return arc.crowd if marking & bit else ""
        return knot.at if marking & (self.into[arc.target] if knot.join == "xor" else bit) else ""

    def _path(self, state: State | None) -> Words:
        parts: list[Words] = []
        while state is not None:
            origin, words = self.seen[state]
            parts.append(words)
            state = origin
        return tuple(word for words in reversed(parts) for word in words)

    def _turning(self, bad: list[State]) -> list[State]:
        """Return those of the states, nearest first, that are come back to: where a circle is entered."""
        place = {state: number for number, state in enumerate(bad)}
        return [s for s in bad if any(place.get(origin, -1) >= place[s] for origin in self.before.get(s, ()))]

    def _judge(self) -> None:
        """Find a state from which the end cannot be reached."""
        good = set(self.final)
        pending = list(self.final)
        while pending:
            for origin in self.before.get(pending.pop(), ()):
                if origin not in good:
                    good.add(origin)
                    pending.append(origin)
        bad = self.rest or self._turning([state for state in self.seen if state not in good])
        if not bad:
            return
        state = bad[0]
        path = self._path(state)
        waiting = dict.fromkeys(self.net.knots[self.net.arcs[arc].target].at for arc in self.marked(state[0]))
        kind: FlawKind = "stuck" if self.rest else "endless"
        self.found.flaw = Found(kind, tuple(waiting), path)


def explore(net: Net, limit: int, *, every_order: bool = False) -> Exploration:
    """Walk through a net.

    Args:
        net: one scope, reduced or not.
        limit: how many states to look at before giving up (`complete` is then False).
        every_order: look at every order of independent steps. Otherwise one order stands for the others where
            that cannot hide a fault: the verdict is the same, the way to a fault may be longer.
    """
    return _Walk(net, limit, every_order).run()


def markings(net: Net, limit: int) -> list[frozenset[int]] | None:
    """Return every set of arcs that can hold tokens at once while no join could fire, in the order they are reached.

    Several tokens on one arc count as one. None where more than `limit` sets of any kind are met.
    """
    walk = _Walk(net, limit, every_order=True)
    seen: dict[int, bool] = {}
    pending = deque(move.state[0] for move in walk.fire((0, frozenset(), ""), net.start, 0))
    while pending:
        marking = pending.popleft()
        if marking in seen or not marking:
            continue
        ready = walk.ready(marking)
        seen[marking] = any(net.knots[knot].join != "xor" for knot, _ in ready)
        if len(seen) > limit:
            return None
        for knot, taken in ready:
            pending += [move.state[0] for move in walk.fire((marking, frozenset(), ""), knot, taken)]
    return [frozenset(walk.marked(marking)) for marking, joining in seen.items() if not joining]
