"""The tables of casework. Rules stand in `rules`, changes in `operations`; here stands what one row can know."""

from honrai.cases.models.bulk import Bulk, BulkItem, BulkItemState, BulkState
from honrai.cases.models.bundle import Bundle, BundleItem
from honrai.cases.models.case import Case, CaseGram
from honrai.cases.models.check import Rekeying
from honrai.cases.models.clock import ClockSpan
from honrai.cases.models.decision import CaseDecision
from honrai.cases.models.deficiency import Contact, Deficiency, DeficiencyState, Source
from honrai.cases.models.letter import CaseLetter
from honrai.cases.models.route import Route
from honrai.cases.models.task import Task, TaskState, Timer

__all__ = [
    "Bulk",
    "BulkItem",
    "BulkItemState",
    "BulkState",
    "Bundle",
    "BundleItem",
    "Case",
    "CaseDecision",
    "CaseGram",
    "CaseLetter",
    "ClockSpan",
    "Contact",
    "Deficiency",
    "DeficiencyState",
    "Rekeying",
    "Route",
    "Source",
    "Task",
    "TaskState",
    "Timer",
]
