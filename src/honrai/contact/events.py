"""What happens to letters on their way out. Fields hold ids, codes and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from honrai.platform.events.api import Event


@dataclass(frozen=True, kw_only=True)
class ItemQueued(Event):
    """An issued letter came to those who send it."""

    name: ClassVar[str] = "contact.item_queued"
    item: int
    letter: int


@dataclass(frozen=True, kw_only=True)
class ItemStopped(Event):
    """支援措置 stops an item: `cause` says at which act."""

    name: ClassVar[str] = "contact.item_stopped"
    stop: int
    item: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class StopConfirmed(Event):
    """An official looked at a stopped item; `released` where it was the second one."""

    name: ClassVar[str] = "contact.stop_confirmed"
    stop: int
    item: int
    released: bool


@dataclass(frozen=True, kw_only=True)
class StopWithheld(Event):
    """An official withheld a stopped item."""

    name: ClassVar[str] = "contact.stop_withheld"
    stop: int
    item: int


@dataclass(frozen=True, kw_only=True)
class ItemReaddressed(Event):
    """An item got another address."""

    name: ClassVar[str] = "contact.item_readdressed"
    item: int


@dataclass(frozen=True, kw_only=True)
class SealRegistered(Event):
    """A seal was registered."""

    name: ClassVar[str] = "contact.seal_registered"
    seal: int


@dataclass(frozen=True, kw_only=True)
class SealAsked(Event):
    """An official asked for a seal."""

    name: ClassVar[str] = "contact.seal_asked"
    request: int
    items: int


@dataclass(frozen=True, kw_only=True)
class SealDecided(Event):
    """The custodian decided about a request."""

    name: ClassVar[str] = "contact.seal_decided"
    request: int
    approved: bool


@dataclass(frozen=True, kw_only=True)
class BatchMade(Event):
    """A batch was printed into files."""

    name: ClassVar[str] = "contact.batch_made"
    batch: int
    items: int
    pieces: int
    seals: int


@dataclass(frozen=True, kw_only=True)
class ItemRemoved(Event):
    """An item was pulled from a batch or spoiled (`what`)."""

    name: ClassVar[str] = "contact.item_removed"
    item: int
    batch: int
    what: str


@dataclass(frozen=True, kw_only=True)
class BatchHandedOver(Event):
    """A batch went to the post."""

    name: ClassVar[str] = "contact.batch_handed_over"
    batch: int
    printed: int
    pulled: int
    spoiled: int


@dataclass(frozen=True, kw_only=True)
class Reprinted(Event):
    """A letter was printed again."""

    name: ClassVar[str] = "contact.reprinted"
    item: int
    file: int


@dataclass(frozen=True, kw_only=True)
class StockReceived(Event):
    """Numbered stock came in."""

    name: ClassVar[str] = "contact.stock_received"
    stock: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class SerialMarked(Event):
    """A numbered form was used, spoiled or returned."""

    name: ClassVar[str] = "contact.serial_marked"
    serial: int
    what: str


@dataclass(frozen=True, kw_only=True)
class CardReissued(Event):
    """A certificate was issued again; the older one is void."""

    name: ClassVar[str] = "contact.card_reissued"
    item: int
    voided: int
    serial: int


@dataclass(frozen=True, kw_only=True)
class StockCounted(Event):
    """Stock was counted; a `difference` other than nought is an incident."""

    name: ClassVar[str] = "contact.stock_counted"
    count: int
    difference: int


@dataclass(frozen=True, kw_only=True)
class PrinterMeasured(Event):
    """The offset of a printer was measured."""

    name: ClassVar[str] = "contact.printer_measured"
    printer: int


@dataclass(frozen=True, kw_only=True)
class CopyStamped(Event):
    """A paper got the receipt stamp."""

    name: ClassVar[str] = "contact.copy_stamped"
    copy: int
    source: int
