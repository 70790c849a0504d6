"""Questions casework asks of chapters above or beside it; `site/wiring.py` binds the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """What is asked about one case: the facts wanted, the answers given so far, and as of which day."""

    procedure: str
    facts: tuple[str, ...]
    values: Mapping[str, Any]
    on: date
    case: int


class FactSource(Protocol):
    """Knows outside facts (resident, insurance, income) from the core systems' extracts."""

    def __call__(self, question: FactQuestion) -> Mapping[str, Any]:
        """Return what is known: fact id -> value; what is not known is left out."""


@dataclass
class Ports:
    """The bound answers. `facts` are asked in order, later ones fill what earlier ones left out."""

    facts: list[FactSource]


ports = Ports(facts=[])


def ask_facts(question: FactQuestion) -> dict[str, Any]:
    """Return everything the bound sources know."""
    known: dict[str, Any] = {}
    for source in ports.facts:
        known = {**source(question), **known}
    return {name: value for name, value in known.items() if name in question.facts}
