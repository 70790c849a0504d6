"""What happens in payments. Fields hold ids, codes, counts, sums and dates only."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class AccountReleased(Event):
    """A second official let an account be used."""

    name: ClassVar[str] = "payments.account_released"
    account: int
    suspicious: bool


@dataclass(frozen=True, kw_only=True)
class OrderDrafted(Event):
    """An order of payment went into approval."""

    name: ClassVar[str] = "payments.order_drafted"
    order: int
    lines: int
    total: int


@dataclass(frozen=True, kw_only=True)
class FileReleased(Event):
    """A file of payments left the house; from now on the money moves."""

    name: ClassVar[str] = "payments.file_released"
    order: int
    kind: str
    lines: int
    total: int


@dataclass(frozen=True, kw_only=True)
class TransferReturned(Event):
    """A payment came back (振込不能); the payee must be asked for another account."""

    name: ClassVar[str] = "payments.transfer_returned"
    payable: int
    case: int | None
    reason: str
