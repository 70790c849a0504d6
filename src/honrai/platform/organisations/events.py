"""What the organisation announces."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class TransfersApplied(Event):
    """An order of transfers was applied; `posts` changed holders on the effective day, `leavers` have no place then."""

    name: ClassVar[str] = "organisations.transfers_applied"
    order: int
    effective_on: str
    posts: list[int]
    leavers: list[int]


@dataclass(frozen=True, kw_only=True)
class AccountIssued(Event):
    """The city issued an account to a person."""

    name: ClassVar[str] = "organisations.account_issued"
    person: int
    account: int
    contract: int | None


@dataclass(frozen=True, kw_only=True)
class MessageHeld(Event):
    """An order waits because no manager of the contract is on duty (an alert for both sides)."""

    name: ClassVar[str] = "organisations.message_held"
    message: int
    contract: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Event):
    """A message reached the contract's queue, or the city's section."""

    name: ClassVar[str] = "organisations.message_delivered"
    message: int
    contract: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageAssigned(Event):
    """The contract's manager gave a message to one of the contractor's people."""

    name: ClassVar[str] = "organisations.message_assigned"
    message: int
    contract: int


@dataclass(frozen=True, kw_only=True)
class DealingOpened(Event):
    """One side opened an order, change, inspection, query, complaint, incident or stop; `by` is city or contractor."""

    name: ClassVar[str] = "organisations.dealing_opened"
    dealing: int
    contract: int
    kind: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DealingStepped(Event):
    """One side took a step in a dealing; `candidate` marks an answer that may become a precedent or part of the manual."""

    name: ClassVar[str] = "organisations.dealing_stepped"
    dealing: int
    contract: int
    step: str
    state: str
    by: str
    candidate: bool
