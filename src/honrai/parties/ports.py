"""Questions parties asks of chapters above; `site/wiring.py` binds the answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from honrai.platform.authority.api import Actor


def _none(actor: Actor, cases: Sequence[int], now: datetime) -> frozenset[int]:
    return frozenset()


@dataclass
class Ports:
    """The bound answers.

    Attributes:
        visible_cases: (actor, cases, now) -> those of the cases the actor may see.
        person_page: name of the screen that shows one person; it takes the number by POST.
    """

    visible_cases: Callable[[Actor, Sequence[int], datetime], frozenset[int]] = _none
    person_page: str = ""


ports = Ports()
