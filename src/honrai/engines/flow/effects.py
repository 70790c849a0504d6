"""What a step asks the world to do; plain values, performed by whoever called `step`.

Keys name one opening of one element within a case and are never used again, so an effect may safely be
performed twice. `round` is the number of a repetition, 1-based, 0 when the element does not repeat. `do` says in
words which effect it is, for logs (`effect._asdict()`); leave it alone. They are named tuples and not dataclasses
because making them is a good part of a step.
"""

from typing import NamedTuple


class OpenTask(NamedTuple):
    """A user, manual or service task is to be done; answer with `Completed`, `Failed` or `Escalated`."""

    key: str
    node: str
    kind: str
    round: int = 0
    do: str = "open task"


class Decide(NamedTuple):
    """A decision is to be evaluated and its result put into the facts; answer with `Completed` or `Failed`."""

    key: str
    node: str
    decision: str
    round: int = 0
    do: str = "decide"


class Call(NamedTuple):
    """Another process is to be run as a case of its own; answer with `Completed`, `Failed` or `Escalated`."""

    key: str
    node: str
    process: str
    round: int = 0
    do: str = "call"


class CancelTask(NamedTuple):
    """An open task, decision or call is no longer wanted; answers to its key will be refused."""

    key: str
    node: str
    do: str = "cancel task"


class StartTimer(NamedTuple):
    """Send `Fired(key)` at `due` (ISO 8601 with zone) or as soon after as possible."""

    key: str
    node: str
    due: str
    do: str = "start timer"


class CancelTimer(NamedTuple):
    """A timer is no longer wanted."""

    key: str
    node: str
    do: str = "cancel timer"


class Send(NamedTuple):
    """A message leaves the case."""

    key: str
    node: str
    message: str
    do: str = "send"


class Broadcast(NamedTuple):
    """A signal leaves the case, for all other cases; listeners in this case have heard it already."""

    node: str
    signal: str
    do: str = "broadcast"


class Escalate(NamedTuple):
    """An escalation that nothing in this flow catches: for the caller of this process, else for a person."""

    node: str
    code: str
    do: str = "escalate"


class Reached(NamedTuple):
    """An end event or a milestone (an intermediate event without a definition) was passed."""

    node: str
    do: str = "reached"


class End(NamedTuple):
    """The case is over: `completed`, `terminated`, or `error` with the code that nothing caught."""

    outcome: str
    code: str = ""
    do: str = "end"


Effect = OpenTask | Decide | Call | CancelTask | StartTimer | CancelTimer | Send | Broadcast | Escalate | Reached | End
