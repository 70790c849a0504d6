"""What documents ask of chapters above; `site/wiring.py` binds the answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Ledger = tuple[str, Mapping[str, Any]]


@dataclass
class Ports:
    """The bound answers.

    Attributes:
        ledger: given a procedure and the values read, the field a record was found by and what the record says; ("", {}) where
            there is none.
    """

    ledger: Callable[[str, Mapping[str, Any]], Ledger]


ports = Ports(ledger=lambda procedure, values: ("", {}))
