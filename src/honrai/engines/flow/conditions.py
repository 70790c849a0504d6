"""Where a flow meets FEEL: conditions, numbers, lists and times computed from the facts of a case.

A text that is ISO 8601 is taken as that time; anything else in a timer is a FEEL expression that yields one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from honrai.engines.feel.api import Expression, parse
from honrai.engines.feel.errors import FeelError
from honrai.engines.feel.values import DateTime, to_feel
from honrai.engines.flow.errors import Incident, shown
from honrai.engines.flow.timers import Cycle, When, parse_time

MAX_ROUNDS = 1_000
Facts = Mapping[str, Any]


class Unreadable(Exception):
    """An expression is not FEEL; the message says where and why."""


@lru_cache(maxsize=4096)
def _parsed(text: str, names: tuple[str, ...]) -> Expression:
    return parse(text, names=names)


def _feel_now(now: datetime) -> DateTime:
    value = to_feel(now)
    assert isinstance(value, DateTime)
    return value


@dataclass(frozen=True, slots=True)
class Computed:
    """A FEEL expression that belongs to one element.

    Attributes:
        node: id of the element, named when the expression cannot be used.
        text: as written.
        program: parsed.
        timely: it may ask for the time, which is then converted for it.
    """

    node: str
    text: str
    program: Expression
    timely: bool

    def value(self, facts: Facts, now: datetime) -> Any:
        """Return what it yields; a FEEL error becomes an incident of the element."""
        try:
            return self.program.evaluate(facts, now=_feel_now(now) if self.timely else None).value
        except FeelError as error:
            raise Incident(self.node, f"the expression {shown(self.text)} fails: {error}") from None

    def holds(self, facts: Facts, now: datetime) -> bool:
        """Return the truth of a condition.

        Raises:
            Incident: it yields neither true nor false, mostly because a fact is missing. A guess would send the
                case down a path that nobody chose.
        """
        value = self.value(facts, now)
        if value is True:
            return True
        if value is False:
            return False
        raise Incident(
            self.node, f"the condition {shown(self.text)} is neither true nor false; supply the facts it asks for"
        )

    def happened(self, facts: Facts, now: datetime) -> bool:
        """Return whether a conditional event's condition is true; a missing fact means it is not true yet."""
        return self.value(facts, now) is True

    def count(self, facts: Facts, now: datetime) -> int:
        """Return a number of rounds, 0 to 1,000.

        Raises:
            Incident: it is not such a number.
        """
        value = self.value(facts, now)
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if number and value == int(value) and 0 <= value <= MAX_ROUNDS:
            return int(value)
        raise Incident(self.node, f"{shown(self.text)} must be a whole number from 0 to {MAX_ROUNDS}, not {value}")

    def items(self, facts: Facts, now: datetime) -> list[Any]:
        """Return the list to go through.

        Raises:
            Incident: it is not a list, or is longer than 1,000.
        """
        value = self.value(facts, now)
        if isinstance(value, list) and len(value) <= MAX_ROUNDS:
            return value
        raise Incident(self.node, f"{shown(self.text)} must be a list of at most {MAX_ROUNDS} items")

    def time(self, facts: Facts, now: datetime) -> When:
        """Return a timer's time.

        Raises:
            Incident: it is neither a date, a duration nor a cycle.
        """
        value = self.value(facts, now)
        found = parse_time(str(value)) if value is not None else None
        if found is None or (isinstance(found, Cycle) and not isinstance(value, str)):
            raise Incident(self.node, f"{shown(self.text)} must be a date, a duration or a cycle, not {value}")
        return found


def computed(node: str, text: str, names: Iterable[str] = ()) -> Computed:
    """Parse a FEEL expression for an element.

    Args:
        names: known fact names, needed only for names that hold signs or keywords.

    Raises:
        Unreadable: it is not FEEL.
    """
    try:
        return Computed(node, text, _parsed(text, tuple(names)), "now" in text or "today" in text)
    except FeelError as error:
        raise Unreadable(str(error)) from None
