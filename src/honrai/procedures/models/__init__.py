"""Tables of the procedures chapter."""

from honrai.procedures.models.draft import Content, Draft, DraftEdit, DraftState
from honrai.procedures.models.moving import MovedCase, MovePlan, MoveResult, MoveState
from honrai.procedures.models.review import Acceptance, ClosedExample, Disposition, GateRun, Inquiry, Opinion
from honrai.procedures.models.variants import Variant, VariantDecision
from honrai.procedures.models.version import DateRange, PackVersion

__all__ = [
    "Acceptance",
    "ClosedExample",
    "Content",
    "DateRange",
    "Disposition",
    "Draft",
    "DraftEdit",
    "DraftState",
    "GateRun",
    "Inquiry",
    "MovePlan",
    "MoveResult",
    "MoveState",
    "MovedCase",
    "Opinion",
    "PackVersion",
    "Variant",
    "VariantDecision",
]
