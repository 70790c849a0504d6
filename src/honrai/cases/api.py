"""The door to casework."""

from honrai.cases.closed import ClosedCase, closed_case
from honrai.cases.operations.claiming import claim, claim_next, hold, release, resume, tasks_for, work_for
from honrai.cases.operations.completing import complete, receive_answers
from honrai.cases.operations.contacting import add_deficiency, record_contact, send_deficiencies
from honrai.cases.operations.deciding import draw_up, take_decision
from honrai.cases.operations.disposing import CASES
from honrai.cases.operations.ending import (
    correct_decision,
    decisions_of,
    reopen,
    transfer,
    withdraw,
    withdraw_for_applicant,
)
from honrai.cases.operations.issuing import issue
from honrai.cases.operations.moving import RunningCase, move_case, running_states
from honrai.cases.operations.opening import open_case, route_on, set_route
from honrai.cases.permissions import check_can_see, visible_cases
from honrai.cases.ports import FactQuestion, FactSource, ports
from honrai.cases.queries import (
    CaseView,
    DeficiencyView,
    ForApplicant,
    Moment,
    TaskView,
    Workplace,
    cases_of_application,
    count_tasks,
    timeline,
    view_case,
    workplace,
)
from honrai.cases.rules import NewCase
from honrai.cases.searching import MOST_CASES, Brief, Sought, briefs, find_cases, task_to_open, tasks_of

__all__ = [
    "CASES",
    "MOST_CASES",
    "Brief",
    "CaseView",
    "ClosedCase",
    "DeficiencyView",
    "FactQuestion",
    "FactSource",
    "ForApplicant",
    "Moment",
    "NewCase",
    "RunningCase",
    "Sought",
    "TaskView",
    "Workplace",
    "add_deficiency",
    "briefs",
    "cases_of_application",
    "check_can_see",
    "claim",
    "claim_next",
    "closed_case",
    "complete",
    "correct_decision",
    "count_tasks",
    "decisions_of",
    "draw_up",
    "find_cases",
    "hold",
    "issue",
    "move_case",
    "open_case",
    "ports",
    "receive_answers",
    "record_contact",
    "release",
    "reopen",
    "resume",
    "route_on",
    "running_states",
    "send_deficiencies",
    "set_route",
    "take_decision",
    "task_to_open",
    "tasks_for",
    "tasks_of",
    "timeline",
    "transfer",
    "view_case",
    "visible_cases",
    "withdraw",
    "withdraw_for_applicant",
    "work_for",
    "workplace",
]
