"""A process made ready to run: what `step` looks up while a case moves.

`Flow` is built once per published version. It holds the nodes as a graph of `Step`s and `Arrow`s with conditions
parsed, times read, boundary events hung on their activities and joins worked out, so that a step only moves tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from honrai.engines.flow.conditions import Computed
from honrai.engines.flow.model import Model, Node, Process
from honrai.engines.flow.timers import When


@dataclass(slots=True, eq=False, repr=False)
class Arrow:
    """A sequence flow.

    Attributes:
        target: where it leads.
        condition: when it may be taken; None for always.
        end: the arrow a token is on when it next has something to do: this one, or the last of a chain that only
            leads through merges and other nodes that let every token pass.
    """

    id: str
    target: "Step"
    condition: Computed | None
    end: "Arrow" = None  # type: ignore[assignment]  # itself until `compile` has seen the whole scope

    def __post_init__(self) -> None:
        self.end = self


@dataclass(slots=True, eq=False, repr=False)
class Trigger:
    """What starts or resumes at an event.

    Attributes:
        kind: message, timer, error, escalation, signal or conditional.
        name: message or signal name, error or escalation code; "" catches any.
        when: a time written in the model.
        delay: the same, when it is a duration of days and shorter: what every plain deadline is.
        time: an expression that yields the time, when none is written.
        business: the timer counts business days.
        condition: of a conditional event.
    """

    kind: str
    name: str = ""
    when: When | None = None
    delay: timedelta | None = None
    time: Computed | None = None
    business: bool = False
    condition: Computed | None = None


@dataclass(slots=True, eq=False, repr=False)
class Rounds:
    """How an activity repeats; see `model.Loop`."""

    standard: bool
    sequential: bool
    test_before: bool
    maximum: int | None
    condition: Computed | None
    cardinality: Computed | None
    collection: Computed | None
    item: str


@dataclass(slots=True, eq=False, repr=False)
class Join:
    """An inclusive gateway that waits: which of its incoming flows a token at each node of its scope could still reach."""

    step: "Step"
    reach: Mapping[str, frozenset[str]]


@dataclass(slots=True, eq=False, repr=False)
class Body:
    """The inside of a process, sub-process or event sub-process.

    Attributes:
        starts: ways to where a plain entry begins: none start events, else nodes that nothing leads to.
        entries: every start event, by id.
        handlers: event sub-processes with the start event that triggers each.
        joins: inclusive gateways with several incoming flows.
    """

    id: str
    starts: list[Arrow] = field(default_factory=list)
    entries: "dict[str, Step]" = field(default_factory=dict)
    handlers: "list[tuple[Step, Step]]" = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)


@dataclass(slots=True, eq=False, repr=False)
class Step:
    """One node, ready to run.

    Attributes:
        only: the arrow to take without asking, when there is exactly one and it has no condition.
        trigger: what a catching event waits for, what an event sub-process's start or a boundary event hears.
        throws: kind of what a throwing event throws, "" for a none event.
        name: name or code of what is thrown, sent or received; decision of a business rule task; process called.
        link: where a throwing link continues.
        choices: the events an event-based gateway waits for.
        hooked: some boundary event or event sub-process below may have a timer running while this is open.
    """

    id: str
    kind: str
    node: Node | None
    arrows: tuple[Arrow, ...] = ()
    default: Arrow | None = None
    only: Arrow | None = None
    incoming: tuple[str, ...] = ()
    trigger: Trigger | None = None
    interrupting: bool = True
    throws: str = ""
    name: str = ""
    link: "Step | None" = None
    boundaries: "list[Step]" = field(default_factory=list)
    choices: "list[Step]" = field(default_factory=list)
    body: Body | None = None
    rounds: Rounds | None = None
    hooked: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Flow:
    """A process that can be run exactly.

    Attributes:
        model, process: what it was made from.
        steps: every node and the process itself, by id.
        body: the top scope.
        conditional: some event waits for a condition, so conditions are looked at after every event.
        joins: some inclusive gateway waits for others.
        repeats: some activity repeats, so conditions may see its round.
        needs_calendar: some timer counts business days.
        target_of: node each sequence flow leads to.
    """

    model: Model
    process: Process
    steps: Mapping[str, Step]
    body: Body
    conditional: bool
    joins: bool
    repeats: bool
    needs_calendar: bool
    target_of: Mapping[str, str]
