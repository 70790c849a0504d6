"""What the life of a version needs of casework, which stands above: bound in `site/wiring.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Actor


@dataclass(frozen=True, slots=True)
class RunningCase:
    """One case that is under way: key, receipt number, state of its flow."""

    case: int
    number: str
    state: Mapping[str, Any]


class Casework(Protocol):
    """What casework offers."""

    def running(
        self, procedure: str, version: int, *, after: int = 0, limit: int | None = None
    ) -> Sequence[RunningCase]:
        """Return the cases under way on a version, by key, from the one after `after` on."""

    def move(self, case: int, *, plan: flow_engine.Plan, target: int, actor: Actor, now: datetime) -> None:
        """Move one case by a plan.

        Raises:
            Conflict: the case is over, or cannot go on in the new version; nothing happened.
        """


class Ports:
    """The one place the answers are bound; `casework` is None where no casework is installed."""

    casework: Casework | None = None


ports = Ports()
