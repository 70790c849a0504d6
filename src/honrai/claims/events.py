"""What happens in claims. Fields hold ids, codes, counts and dates only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class FileJudged(Event):
    """Every claim of a file has its result."""

    name: ClassVar[str] = "claims.file_judged"
    file: int
    claims: int


@dataclass(frozen=True, kw_only=True)
class HoldDecided(Event):
    """A held claim was decided: paid or refused."""

    name: ClassVar[str] = "claims.hold_decided"
    judgement: int
    verdict: str


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """A month was closed: what is paid to whom is fixed, and the file for the core system is made."""

    name: ClassVar[str] = "claims.month_closed"
    close: int
    month: date
    amount: int
