"""Tables of contact."""

from honrai.contact.models.batches import Batch, BatchLine, HandOver, Removal, Reprint
from honrai.contact.models.items import Item, ItemState, Stop, StopState
from honrai.contact.models.printers import Printer, StampedCopy
from honrai.contact.models.seals import Seal, SealRequest, SealState, SealUse
from honrai.contact.models.stock import Stock, StockCount, StockSerial

__all__ = [
    "Batch",
    "BatchLine",
    "HandOver",
    "Item",
    "ItemState",
    "Printer",
    "Removal",
    "Reprint",
    "Seal",
    "SealRequest",
    "SealState",
    "SealUse",
    "StampedCopy",
    "Stock",
    "StockCount",
    "StockSerial",
    "Stop",
    "StopState",
]
