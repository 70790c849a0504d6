"""What can happen to a case, handed to `step`; each is a plain value that a log can keep and replay."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completed:
    """The task, decision or called process with this key is done; its results are already in the facts."""

    key: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The task, decision or called process with this key ended in a business error with this code."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """The task or called process with this key raised an escalation and goes on unless the flow stops it."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message arrived for this case. It goes to one receiver: the one with `key` if given, else the longest waiting."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal was broadcast; everyone who listens hears it."""

    name: str


@dataclass(frozen=True, slots=True)
class Fired:
    """The timer with this key is due."""

    key: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The facts changed; conditional events look again (they also do after every other event)."""


Event = Completed | Failed | Escalated | Message | Signal | Fired | Changed
