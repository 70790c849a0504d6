"""What a step asks the world to do; plain values, performed by whoever called `step`.

Keys name one opening of one element within a case and are never used again, so an effect may safely be
performed twice. `round` is the number of a repetition, 1-based, 0 when the element does not repeat.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user, manual or service task is to be done; answer with `Completed`, `Failed` or `Escalated`."""

    key: str
    node: str
    kind: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision is to be evaluated and its result put into the facts; answer with `Completed` or `Failed`."""

    key: str
    node: str
    decision: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """Another process is to be run as a case of its own; answer with `Completed`, `Failed` or `Escalated`."""

    key: str
    node: str
    process: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class CancelTask:
    """An open task, decision or call is no longer wanted; answers to its key will be refused."""

    key: str
    node: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `Fired(key)` at `due` (ISO 8601 with zone) or as soon after as possible."""

    key: str
    node: str
    due: str


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """A timer is no longer wanted."""

    key: str
    node: str


@dataclass(frozen=True, slots=True)
class Send:
    """A message leaves the case."""

    key: str
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A signal leaves the case, for all other cases; listeners in this case have heard it already."""

    node: str
    signal: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """An escalation that nothing in this flow catches: for the caller of this process, else for a person."""

    node: str
    code: str


@dataclass(frozen=True, slots=True)
class Reached:
    """An end event or a milestone (an intermediate event without a definition) was passed."""

    node: str


@dataclass(frozen=True, slots=True)
class End:
    """The case is over: `completed`, `terminated`, or `error` with the code that nothing caught."""

    outcome: str
    code: str = ""


Effect = OpenTask | Decide | Call | CancelTask | StartTimer | CancelTimer | Send | Broadcast | Escalate | Reached | End
