"""The door to contact: letters on their way out."""

from honrai.contact.operations.batching import Made, hand_over, make_batch, remove
from honrai.contact.operations.measuring import measure_printer, ruler_sheet, stamp_copy
from honrai.contact.operations.queueing import readdress, take_letter
from honrai.contact.operations.reprinting import reprint
from honrai.contact.operations.sealing import ask_seal, decide_seal, register_seal
from honrai.contact.operations.stocking import count_stock, mark_serial, receive_stock, sum_of
from honrai.contact.operations.stopping import confirm, withhold
from honrai.contact.permissions import DISPATCH, can_see_letters

__all__ = [
    "DISPATCH",
    "Made",
    "ask_seal",
    "can_see_letters",
    "confirm",
    "count_stock",
    "decide_seal",
    "hand_over",
    "make_batch",
    "mark_serial",
    "measure_printer",
    "readdress",
    "receive_stock",
    "register_seal",
    "remove",
    "reprint",
    "ruler_sheet",
    "stamp_copy",
    "sum_of",
    "take_letter",
    "withhold",
]
