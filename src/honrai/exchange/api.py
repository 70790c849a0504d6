"""The door to exchange: loads from core systems, present records, merged numbers, entries that go out and their proof."""

from honrai.exchange.operations.at_once import take_in
from honrai.exchange.operations.by_hand import prove_by_hand
from honrai.exchange.operations.disposing import BATCHES, LOADS, dispose_of_case
from honrai.exchange.operations.loading import confirm, counts_of, discard, receive, undo, warnings_of
from honrai.exchange.operations.merging import take_merges
from honrai.exchange.operations.outgoing import WAYS, HandedOver, Way, cells_of, hand_over, put_out, withdraw
from honrai.exchange.operations.outgoing_bulk import put_out_many
from honrai.exchange.operations.whole_files import read_layout, write_layout
from honrai.exchange.ports import Change, Delivery, Target, ports
from honrai.exchange.queries import EntryBrief, entries_of_case, former_numbers, present, present_day, resolve
from honrai.exchange.rules.landing import Difference, EntryState
from honrai.exchange.rules.layout import Field, Layout
from honrai.exchange.rules.library import layouts
from honrai.exchange.rules.loading import Counts, State

__all__ = [
    "BATCHES",
    "LOADS",
    "WAYS",
    "Change",
    "Counts",
    "Delivery",
    "Difference",
    "EntryBrief",
    "EntryState",
    "Field",
    "HandedOver",
    "Layout",
    "State",
    "Target",
    "Way",
    "cells_of",
    "confirm",
    "counts_of",
    "discard",
    "dispose_of_case",
    "entries_of_case",
    "former_numbers",
    "hand_over",
    "layouts",
    "ports",
    "present",
    "present_day",
    "prove_by_hand",
    "put_out",
    "put_out_many",
    "read_layout",
    "receive",
    "resolve",
    "take_in",
    "take_merges",
    "undo",
    "warnings_of",
    "withdraw",
    "write_layout",
]
