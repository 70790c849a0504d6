"""The shape that soundness is proved on: knots joined by arcs that hold tokens.

Every node of a flow becomes a knot: it waits for tokens on its incoming arcs (`xor`: any one, `and`: all, `or`: those
that can still come) and then does one of its options, each putting tokens on some of its outgoing arcs. Conditions
are free choice. An arc leads to one knot only, so knots never compete for a token; choice lies inside a knot.
"""

from dataclasses import dataclass, field
from typing import Literal

JoinKind = Literal["xor", "and", "or"]
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a knot may do: tokens on `outs` (arc numbers), escalations raised, and how the scope is left if it is.

    An option that only moves tokens has at least one arc, except at the end: what is folded leaves its elements there.
    `exit` is "" while the scope goes on, "end" where it ends at once, "error:CODE" where an error leaves it, and
    "handler:ID" where an event sub-process takes over.
    """

    outs: frozenset[int]
    flags: frozenset[str] = frozenset()
    exit: str = ""

    @property
    def plain(self) -> bool:
        """Say whether it only moves tokens."""
        return not self.flags and not self.exit


@dataclass(slots=True)
class Arc:
    """A place between two knots.

    `way` is a shortest way along it, `covers` all elements that are alive once it is taken. `crowd` names an element
    folded into an arc that leads to a lax knot: two tokens at once would still do that element twice.
    """

    source: int
    target: int
    way: Words = ()
    covers: frozenset[str] = frozenset()
    crowd: str = ""


@dataclass(slots=True)
class Knot:
    """One point of decision or meeting.

    `at` is the element it stands for, `way` the elements it passes when it fires. Several tokens may wait at a `lax`
    knot: an end takes them one by one, and nothing is done twice.
    """

    at: str
    join: JoinKind
    options: list[Option] = field(default_factory=list)
    way: Words = ()
    covers: frozenset[str] = frozenset()
    lax: bool = False


@dataclass(slots=True)
class Net:
    """One scope. Knot `start` fires first and once; knot `end` takes tokens away and is never crowded."""

    scope: str
    knots: dict[int, Knot] = field(default_factory=dict)
    arcs: dict[int, Arc] = field(default_factory=dict)
    start: int = 0
    end: int = 1
    next: int = 2
    _into: dict[int, dict[int, None]] = field(default_factory=dict)
    _out_of: dict[int, dict[int, None]] = field(default_factory=dict)

    def add_knot(self, at: str, join: JoinKind) -> int:
        """Add a knot for an element and return its number."""
        number = self.next
        self.next += 1
        words = (at,) if at else ()
        self.knots[number] = Knot(at, join, way=words, covers=frozenset(words))
        return number

    def add_arc(self, source: int, target: int, way: Words = ()) -> int:
        """Add an arc and return its number."""
        number = self.next
        self.next += 1
        self.arcs[number] = Arc(source, target, way, frozenset(way))
        self._into.setdefault(target, {})[number] = None
        self._out_of.setdefault(source, {})[number] = None
        return number

    def ins(self, knot: int) -> list[int]:
        """Return the arcs that lead to a knot."""
        return list(self._into.get(knot, ()))

    def outs(self, knot: int) -> list[int]:
        """Return the arcs that leave a knot."""
        return list(self._out_of.get(knot, ()))

    def lead_to(self, arc: int, knot: int) -> None:
        """Let an arc lead to another knot."""
        del self._into[self.arcs[arc].target][arc]
        self._into.setdefault(knot, {})[arc] = None
        self.arcs[arc].target = knot

    def leave_from(self, arc: int, knot: int) -> None:
        """Let an arc leave another knot."""
        del self._out_of[self.arcs[arc].source][arc]
        self._out_of.setdefault(knot, {})[arc] = None
        self.arcs[arc].source = knot

    def remove(self, arc: int) -> Arc:
        """Take an arc away and return it."""
        found = self.arcs.pop(arc)
        del self._into[found.target][arc]
        del self._out_of[found.source][arc]
        return found


class TooWideError(Exception):
    """A node has more combinations of outgoing flows than are looked at; `element` is its id."""

    def __init__(self, element: str) -> None:
        super().__init__(element)
        self.element = element


def empty_net(scope: str) -> Net:
    """Return a net with nothing but its start and its end."""
    net = Net(scope)
    net.knots[net.start] = Knot("", "xor")
    net.knots[net.end] = Knot("", "xor", [Option(frozenset())], lax=True)
    return net
