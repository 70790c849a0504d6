"""Tables of the procedures chapter."""

from honrai.procedures.models.draft import Content, Draft, DraftEdit, DraftState
from honrai.procedures.models.version import DateRange, PackVersion

__all__ = ["Content", "DateRange", "Draft", "DraftEdit", "DraftState", "PackVersion"]
