"""The door to approvals: drawing up, deciding, stacks, paper and 文書管理, document numbers.

Whoever waits for a decision follows the event "approvals.decided" and asks `decision_of(document)` for outcome and reason.
"""

from honrai.approvals.events import DocumentDecided
from honrai.approvals.operations.deciding import (
    agree,
    approve,
    check_decided,
    pull_up,
    see_afterwards,
    send_back,
)
from honrai.approvals.operations.drafting import Draft, draw_up, withdraw_draft
from honrai.approvals.operations.numbering import next_document_number
from honrai.approvals.queries import Decision, decision_of

__all__ = [
    "Decision",
    "DocumentDecided",
    "Draft",
    "agree",
    "approve",
    "check_decided",
    "decision_of",
    "draw_up",
    "next_document_number",
    "pull_up",
    "see_afterwards",
    "send_back",
    "withdraw_draft",
]
