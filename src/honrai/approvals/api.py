"""The door to approvals: drawing up, deciding, stacks, paper and 文書管理, document numbers.

Whoever waits for a decision follows the event "approvals.decided" and asks `decision_of(document)` for outcome and reason.
"""

from honrai.approvals.desks import Counts, counts
from honrai.approvals.events import DocumentDecided
from honrai.approvals.models import Medium, State, StepKind
from honrai.approvals.operations.archive import ImportReport, Reject, export_package, import_decisions
from honrai.approvals.operations.city_rules import end_route_line, set_route_line, set_sampling
from honrai.approvals.operations.deciding import (
    approve,
    check_decided,
    pull_up,
    see_afterwards,
    send_back,
)
from honrai.approvals.operations.disposing import dispose_of_case
from honrai.approvals.operations.drafting import Draft, draw_up, drop, withdraw_draft
from honrai.approvals.operations.numbering import next_document_number
from honrai.approvals.operations.paper import PaperDecision, print_documents, return_to_screen, take_paper
from honrai.approvals.operations.routing import agree, agree_group
from honrai.approvals.operations.stacking import (
    StackResult,
    approve_stack,
    form_stack,
    open_document,
    order_stack,
    pull_out,
    stop_order,
)
from honrai.approvals.queries import Decision, decision_of, route_rules, sampling_rules
from honrai.approvals.rules import paper_code, read_paper_code

__all__ = [
    "Counts",
    "Decision",
    "DocumentDecided",
    "Draft",
    "ImportReport",
    "Medium",
    "PaperDecision",
    "Reject",
    "StackResult",
    "State",
    "StepKind",
    "agree",
    "agree_group",
    "approve",
    "approve_stack",
    "check_decided",
    "counts",
    "decision_of",
    "dispose_of_case",
    "draw_up",
    "drop",
    "end_route_line",
    "export_package",
    "form_stack",
    "import_decisions",
    "next_document_number",
    "open_document",
    "order_stack",
    "paper_code",
    "print_documents",
    "pull_out",
    "pull_up",
    "read_paper_code",
    "return_to_screen",
    "route_rules",
    "sampling_rules",
    "see_afterwards",
    "send_back",
    "set_route_line",
    "set_sampling",
    "stop_order",
    "take_paper",
    "withdraw_draft",
]
