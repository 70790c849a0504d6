"""Matches patterns with back-references, which RE2 cannot, by backtracking on the budget of the evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from honrai.engines.feel.runtime import Invalid, Runtime

from . import tree as t
from .sets import contains

_LONGEST = 20_000

# Instructions: (operation, argument, argument).
Instruction = tuple[str, Any, Any]


class Program:
    """A tree as a list of instructions for a small machine with a stack of places to go back to."""

    def __init__(self, part: t.Part, groups: int, *, fold: bool, lines: bool) -> None:
        self.groups = groups
        self.fold = fold
        self.lines = lines
        self.code: list[Instruction] = []
        self._emit("save", 0)
        self._add(part)
        self._emit("save", 1)
        self._emit("match")

    def _emit(self, operation: str, one: Any = None, other: Any = None) -> int:
        if len(self.code) >= _LONGEST:
            raise Invalid("パターンが大きすぎます")
        self.code.append((operation, one, other))
        return len(self.code) - 1

    def _add(self, part: t.Part) -> None:
        _ADD[type(part)](self, part)

    def _char(self, part: t.Char) -> None:
        self._emit("char", part.char.lower() if self.fold else part.char)

    def _chars(self, part: t.Chars) -> None:
        self._emit("set", part.all())

    def _sequence(self, part: t.Sequence) -> None:
        for inner in part.parts:
            self._add(inner)

    def _choice(self, part: t.Choice) -> None:
        ends = []
        for inner in part.parts[:-1]:
            split = self._emit("split")
            self._add(inner)
            ends.append(self._emit("jump"))
            self.code[split] = ("split", split + 1, len(self.code))
        self._add(part.parts[-1])
        for end in ends:
            self.code[end] = ("jump", len(self.code), None)

    def _repeat(self, part: t.Repeat) -> None:
        for _ in range(part.least):
            self._add(part.part)
        if part.most is None:
            split = self._emit("split")
            mark = self._emit("mark")
            self._add(part.part)
            self._emit("moved", mark)
            self._emit("jump", split)
            self._split(split, part.greedy)
            return
        splits = []
        for _ in range(part.most - part.least):
            splits.append(self._emit("split"))
            self._add(part.part)
        for split in splits:
            self._split(split, part.greedy)

    def _split(self, at: int, greedy: bool) -> None:
        inside, after = at + 1, len(self.code)
        self.code[at] = ("split", inside, after) if greedy else ("split", after, inside)

    def _group(self, part: t.Group) -> None:
        if part.number:
            self._emit("save", 2 * part.number)
        self._add(part.part)
        if part.number:
            self._emit("save", 2 * part.number + 1)

    def _edge(self, part: t.Edge) -> None:
        self._emit("edge", part.sign)

    def _back(self, part: t.BackReference) -> None:
        self._emit("back", part.number)

    def match_at(self, text: str, start: int, rt: Runtime) -> list[int] | None:
        """Return the saved places of the first match that begins at `start`, None when none does."""
        waiting = [(0, start, (-1,) * (2 * self.groups + 2), ())]
        while waiting:
            rt.charge(1)
            found = self._run(text, waiting, rt)
            if found is not None:
                return list(found)
        return None

    def _run(self, text: str, waiting: list[Any], rt: Runtime) -> Any:
        """Follow one thread to its end; places to go back to are left in `waiting`."""
        pc, at, saved, marks = waiting.pop()
        while True:
            rt.charge(2)
            operation, one, other = self.code[pc]
            pc += 1
            if operation == "match":
                return saved
            if operation == "split":
                waiting.append((other, at, saved, marks))
                pc = one
            elif operation == "jump":
                pc = one
            elif operation == "save":
                saved = (*saved[:one], at, *saved[one + 1 :])
            elif operation == "mark":
                marks = (*marks, at)
            elif operation == "moved":
                # A loop whose body took nothing would never end.
                if marks[-1] == at:
                    return None
                marks = marks[:-1]
            else:
                at = _TAKE[operation](self, text, at, one, saved)
                if at < 0:
                    return None

    def _take_char(self, text: str, at: int, char: str, saved: Any) -> int:
        given = text[at : at + 1]
        return at + 1 if given and (given.lower() if self.fold else given) == char else -1

    def _take_set(self, text: str, at: int, ranges: Any, saved: Any) -> int:
        return at + 1 if at < len(text) and contains(ranges, ord(text[at])) else -1

    def _take_edge(self, text: str, at: int, sign: str, saved: Any) -> int:
        edge = 0 if sign == "^" else len(text)
        beside = text[at - 1 : at] if sign == "^" else text[at : at + 1]
        return at if at == edge or (self.lines and beside == "\n") else -1

    def _take_back(self, text: str, at: int, number: int, saved: Any) -> int:
        begin, end = saved[2 * number], saved[2 * number + 1]
        if begin < 0 or end < 0:
            return at
        wanted, given = text[begin:end], text[at : at + end - begin]
        same = wanted.lower() == given.lower() if self.fold else wanted == given
        return at + end - begin if same else -1


_ADD: dict[type[t.Part], Callable[[Program, Any], None]] = {
    t.Char: Program._char,
    t.Chars: Program._chars,
    t.Sequence: Program._sequence,
    t.Choice: Program._choice,
    t.Repeat: Program._repeat,
    t.Group: Program._group,
    t.Edge: Program._edge,
    t.BackReference: Program._back,
}
_TAKE: dict[str, Callable[[Program, str, int, Any, Any], int]] = {
    "char": Program._take_char,
    "set": Program._take_set,
    "edge": Program._take_edge,
    "back": Program._take_back,
}
