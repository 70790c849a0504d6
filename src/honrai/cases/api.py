"""The door to casework."""

from honrai.cases.applications import contract_of, open_applications, visible_applications
from honrai.cases.board import Load, PersonLoad, Total, Wait, loads, people_loads, stuck, totals, waits
from honrai.cases.closed import ClosedCase, closed_case
from honrai.cases.operations.bulk import ACTIONS, MOST_BULK, start_bulk, stop_bulk, undo_bulk
from honrai.cases.operations.bundles import (
    BundleView,
    PileLine,
    add_to_bundle,
    bundles_of,
    hand_over_bundle,
    make_bundle,
    next_in_bundle,
    own_bundle,
    pile,
)
from honrai.cases.operations.checking import Compared, rekey, settle_differences
from honrai.cases.operations.claiming import claim, claim_next, hold, release, resume, tasks_for, work_for
from honrai.cases.operations.completing import complete, receive_answers
from honrai.cases.operations.contacting import add_deficiency, record_contact, send_deficiencies
from honrai.cases.operations.deciding import draw_up, take_decision
from honrai.cases.operations.disposing import CASES
from honrai.cases.operations.ending import (
    correct_decision,
    reopen,
    transfer,
    withdraw,
    withdraw_for_applicant,
)
from honrai.cases.operations.issuing import issue
from honrai.cases.operations.moving import RunningCase, move_case, running_states
from honrai.cases.operations.opening import open_case, route_on, set_route
from honrai.cases.operations.sharing import assign, take_back
from honrai.cases.permissions import check_can_see, visible_cases
from honrai.cases.ports import FactQuestion, FactSource, ports
from honrai.cases.progress import BulkLine, BulkView, bulk_view, bulks_of
from honrai.cases.queries import (
    CaseView,
    DeficiencyView,
    ForApplicant,
    Moment,
    TaskView,
    Workplace,
    case_numbered,
    case_numbers,
    cases_of_application,
    count_cases,
    count_open_of_contract,
    count_tasks,
    timeline,
    view_case,
    workplace,
)
from honrai.cases.records import TOPICS, calls_of, clock_of, decisions_of, differences_of, is_blind, timeline_page
from honrai.cases.rules import NewCase
from honrai.cases.searching import MOST_CASES, Brief, Sought, briefs, find_cases, task_to_open, tasks_of

__all__ = [
    "ACTIONS",
    "CASES",
    "MOST_BULK",
    "MOST_CASES",
    "TOPICS",
    "Brief",
    "BulkLine",
    "BulkView",
    "BundleView",
    "CaseView",
    "ClosedCase",
    "Compared",
    "DeficiencyView",
    "FactQuestion",
    "FactSource",
    "ForApplicant",
    "Load",
    "Moment",
    "NewCase",
    "PersonLoad",
    "PileLine",
    "RunningCase",
    "Sought",
    "TaskView",
    "Total",
    "Wait",
    "Workplace",
    "add_deficiency",
    "add_to_bundle",
    "assign",
    "briefs",
    "bulk_view",
    "bulks_of",
    "bundles_of",
    "calls_of",
    "case_numbered",
    "case_numbers",
    "cases_of_application",
    "check_can_see",
    "claim",
    "claim_next",
    "clock_of",
    "closed_case",
    "complete",
    "contract_of",
    "correct_decision",
    "count_cases",
    "count_open_of_contract",
    "count_tasks",
    "decisions_of",
    "differences_of",
    "draw_up",
    "find_cases",
    "hand_over_bundle",
    "hold",
    "is_blind",
    "issue",
    "loads",
    "make_bundle",
    "move_case",
    "next_in_bundle",
    "open_applications",
    "open_case",
    "own_bundle",
    "people_loads",
    "pile",
    "ports",
    "receive_answers",
    "record_contact",
    "rekey",
    "release",
    "reopen",
    "resume",
    "route_on",
    "running_states",
    "send_deficiencies",
    "set_route",
    "settle_differences",
    "start_bulk",
    "stop_bulk",
    "stuck",
    "take_back",
    "take_decision",
    "task_to_open",
    "tasks_for",
    "tasks_of",
    "timeline",
    "timeline_page",
    "totals",
    "transfer",
    "undo_bulk",
    "view_case",
    "visible_applications",
    "visible_cases",
    "waits",
    "withdraw",
    "withdraw_for_applicant",
    "work_for",
    "workplace",
]
