"""The door to renewals: start, stop, submit, issue, undo, and what follows a decision."""

from honrai.renewals.operations.issuing import batches_of, issue
from honrai.renewals.operations.judging import judge, start, stop
from honrai.renewals.operations.preparing import proposal_of
from honrai.renewals.operations.submitting import follow_decision, submit
from honrai.renewals.operations.undoing import go_on_preparing, undo
from honrai.renewals.permissions import can_see, visible_runs
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.plan import has_plan, read_plan
from honrai.renewals.rules.states import State

__all__ = [
    "Class",
    "State",
    "batches_of",
    "can_see",
    "follow_decision",
    "go_on_preparing",
    "has_plan",
    "issue",
    "judge",
    "proposal_of",
    "read_plan",
    "start",
    "stop",
    "submit",
    "undo",
    "visible_runs",
]
