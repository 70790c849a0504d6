"""The tables of casework. Rules stand in `rules`, changes in `operations`; here stands what one row can know."""

from honrai.cases.models.case import Case
from honrai.cases.models.deficiency import Deficiency, DeficiencyState
from honrai.cases.models.letter import CaseLetter
from honrai.cases.models.route import Route
from honrai.cases.models.task import Task, TaskState, Timer

__all__ = [
    "Case",
    "CaseLetter",
    "Deficiency",
    "DeficiencyState",
    "Route",
    "Task",
    "TaskState",
    "Timer",
]
