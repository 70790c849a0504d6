"""Random block-structured models: every split has its join, every loop its way out, so each case comes to its end.

The models use user tasks only, so that the engine and its peer have the same work to do. Conditions compare facts with
numbers in a way FEEL and Python read alike: `v3 > 1` on fixed facts `v0` to `v4`, and `n_t7 < 2` on how often task t7
has been done, which is what ends the loops.

Left out is what SpiffWorkflow 3.2 is known to run otherwise than the standard says (and this engine does not): joins
that are reached again by a loop in the same scope, which it releases early. The inside of a loop is therefore a
sub-process. `differential` adds two cautions of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape

from honrai.engines.flow.names import BPMN

VARIABLES = 5
_Ends = tuple[str, str]


@dataclass(slots=True)
class _Scope:
    """The inside of a process or sub-process while it is written: nodes and arrows as XML."""

    parts: list[str] = field(default_factory=list)


class _Writer:
    """Writes one model; `blocks` are the kinds of block it may use."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.signals: list[str] = []
        self.once: list[str] = []
        self.blocks: list[Callable[[_Scope, int], _Ends]] = [
            self.sequence,
            self.sequence,
            self.choice,
            self.fork,
            self.some,
            self.loop,
            self.inside,
            self.rounds,
            self.again,
            self.watched,
            self.race,
        ]

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def arrow(self, scope: _Scope, source: str, target: str, condition: str = "") -> str:
        key = self.name("f")
        inner = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        scope.parts.append(f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
        return key

    def node(self, scope: _Scope, kind: str, letter: str, more: str = "", inner: str = "") -> str:
        key = self.name(letter)
        scope.parts.append(f'<{kind} id="{key}"{more}>{inner}</{kind}>')
        return key

    def condition(self) -> str:
        return f"v{self.random.randrange(VARIABLES)} > {self.random.randrange(3)}"

    def body(self, size: int) -> str:
        """Return the inside of a scope: start, one block, end."""
        scope = _Scope()
        start, end = self.node(scope, "startEvent", "s"), self.node(scope, "endEvent", "e")
        first, last = self.block(scope, size)
        self.arrow(scope, start, first)
        self.arrow(scope, last, end)
        return "".join(scope.parts)

    def block(self, scope: _Scope, size: int) -> _Ends:
        """Write a block of about `size` tasks and return its first and last node."""
        if size <= 1:
            return self.task(scope)
        return self.random.choice(self.blocks)(scope, size)

    def task(self, scope: _Scope, inner: str = "") -> _Ends:
        key = self.node(scope, "userTask", "t", inner=inner)
        return key, key

    def sequence(self, scope: _Scope, size: int) -> _Ends:
        first, middle = self.block(scope, size // 2)
        then, last = self.block(scope, size - size // 2)
        self.arrow(scope, middle, then)
        return first, last

    def split(self, scope: _Scope, size: int, kind: str, conditions: bool) -> _Ends:
        """Write a split, two or three branches (one may be empty) and the join of the same kind."""
        split, join = self.name("g"), self.node(scope, kind, "g")
        branches = self.random.choice((2, 2, 3))
        default = ""
        for branch in range(branches):
            last = branch == branches - 1
            condition = self.condition() if conditions and not last else ""
            if last and self.random.random() < 0.25:
                default = self.arrow(scope, split, join)
            else:
                first, end = self.block(scope, size // branches)
                default = self.arrow(scope, split, first, condition)
                self.arrow(scope, end, join)
        more = f' default="{default}"' if conditions else ""
        scope.parts.append(f'<{kind} id="{split}"{more}/>')
        return split, join

    def choice(self, scope: _Scope, size: int) -> _Ends:
        return self.split(scope, size, "exclusiveGateway", True)

    def fork(self, scope: _Scope, size: int) -> _Ends:
        return self.split(scope, size, "parallelGateway", False)

    def some(self, scope: _Scope, size: int) -> _Ends:
        return self.split(scope, size, "inclusiveGateway", True)

    def loop(self, scope: _Scope, size: int) -> _Ends:
        """Write merge, inside, counting task, and a choice that goes back until the task was done often enough."""
        merge, choice = self.node(scope, "exclusiveGateway", "g"), self.name("g")
        first, last = self.inside(scope, size - 1) if size > 2 else self.task(scope)
        counted, _ = self.task(scope)
        self.arrow(scope, merge, first)
        self.arrow(scope, last, counted)
        self.arrow(scope, counted, choice)
        self.arrow(scope, choice, merge, f"n_{counted} < {self.random.choice((1, 2, 3))}")
        leave, _ = self.task(scope)
        out = self.arrow(scope, choice, leave)
        scope.parts.append(f'<exclusiveGateway id="{choice}" default="{out}"/>')
        return merge, leave

    def inside(self, scope: _Scope, size: int) -> _Ends:
        key = self.node(scope, "subProcess", "q", inner=self.body(size))
        return key, key

    def rounds(self, scope: _Scope, size: int) -> _Ends:
        """Write a task or sub-process that repeats a number of times, one after the other or all at once."""
        how = self.random.choice(("true", "false"))
        number = self.random.choice((1, 2, 3))
        loop = (
            f'<multiInstanceLoopCharacteristics isSequential="{how}">'
            f"<loopCardinality>{number}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        if size < 4:
            return self.task(scope, loop)
        key = self.node(scope, "subProcess", "q", inner=loop + self.body(size // 3))
        return key, key

    def again(self, scope: _Scope, _size: int) -> _Ends:
        """Write a task with a standard loop; it counts itself."""
        key = self.name("t")
        limit, most = self.random.choice((1, 2, 3)), self.random.choice((1, 2, 3))
        loop = (
            f'<standardLoopCharacteristics loopMaximum="{most}">'
            f"<loopCondition>{escape(f'n_{key} < {limit}')}</loopCondition></standardLoopCharacteristics>"
        )
        scope.parts.append(f'<userTask id="{key}">{loop}</userTask>')
        return key, key

    def watched(self, scope: _Scope, size: int) -> _Ends:
        """Write a sub-process or task with a signal boundary event whose path meets the normal one."""
        signal = self.signal()
        host = self.inside(scope, size - 1)[0] if size > 2 else self.task(scope)[0]
        cancels = self.random.choice(("true", "false"))
        if cancels == "false":
            self.once.append(signal)
        border = self.node(
            scope,
            "boundaryEvent",
            "b",
            f' attachedToRef="{host}" cancelActivity="{cancels}"',
            f'<signalEventDefinition signalRef="{signal}"/>',
        )
        other, _ = self.task(scope)
        self.arrow(scope, border, other)
        if cancels == "true":
            merge = self.node(scope, "exclusiveGateway", "g")
            self.arrow(scope, host, merge)
            self.arrow(scope, other, merge)
            return host, merge
        self.arrow(scope, other, self.node(scope, "endEvent", "e"))
        return host, host

    def race(self, scope: _Scope, size: int) -> _Ends:
        """Write an event-based gateway with two signals."""
        gateway, merge = self.node(scope, "eventBasedGateway", "g"), self.node(scope, "exclusiveGateway", "g")
        for _ in range(2):
            inner = f'<signalEventDefinition signalRef="{self.signal()}"/>'
            catch = self.node(scope, "intermediateCatchEvent", "c", inner=inner)
            first, last = self.block(scope, size // 2)
            self.arrow(scope, gateway, catch)
            self.arrow(scope, catch, first)
            self.arrow(scope, last, merge)
        return gateway, merge

    def signal(self) -> str:
        self.signals.append(self.name("S"))
        return self.signals[-1]


@dataclass(frozen=True, slots=True)
class Example:
    """A random model: its file, the signals heard by events that do not interrupt, and values for `v0` to `v4`."""

    data: bytes
    once: tuple[str, ...]
    facts: dict[str, int]


def example(seed: int, size: int = 10) -> Example:
    """Return the model of a seed; the same seed always gives the same model.

    Args:
        size: about how many tasks.
    """
    writer = _Writer(Random(seed))  # noqa: S311 - reproducible, not secret
    body = writer.body(size)
    signals = "".join(f'<signal id="{one}" name="{one}"/>' for one in writer.signals)
    text = (
        f'<definitions xmlns="{BPMN}" id="definitions" targetNamespace="urn:random">{signals}'
        f'<process id="p" isExecutable="true">{body}</process></definitions>'
    )
    facts = {f"v{number}": writer.random.randrange(4) for number in range(VARIABLES)}
    return Example(text.encode(), tuple(writer.once), facts)
