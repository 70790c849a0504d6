"""What happens to applications."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class Submitted(Event):
    """An application was submitted and has its number; a case opens in the same transaction."""

    name: ClassVar[str] = "intake.submitted"
    application: int
    procedure: str
    version: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class AnswersSent(Event):
    """An applicant sent answers to deficiencies of a case."""

    name: ClassVar[str] = "intake.answers_sent"
    application: int
    case: int


@dataclass(frozen=True, kw_only=True)
class WithdrawalSent(Event):
    """An applicant withdrew one case of an application on the applicant's page."""

    name: ClassVar[str] = "intake.withdrawal_sent"
    application: int
    case: int
