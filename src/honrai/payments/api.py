"""The door to payments: payee accounts, payables (one or by the hundred thousand), orders, files, results."""

from honrai.payments.operations.accounts import Payee, enter_account, keep_account, refuse_account, release_account
from honrai.payments.operations.files import KINDS, content_of, make_file, release_file
from honrai.payments.operations.orders import draft_order
from honrai.payments.operations.payables import NewPayable, take_payables
from honrai.payments.operations.results import TARGETS
from honrai.payments.permissions import ACCOUNTING, can_see
from honrai.payments.queries import PayableView, Ready, payable_of, payables_of_case, ready, totals

__all__ = [
    "ACCOUNTING",
    "KINDS",
    "TARGETS",
    "NewPayable",
    "PayableView",
    "Payee",
    "Ready",
    "can_see",
    "content_of",
    "draft_order",
    "enter_account",
    "keep_account",
    "make_file",
    "payable_of",
    "payables_of_case",
    "ready",
    "refuse_account",
    "release_account",
    "release_file",
    "take_payables",
    "totals",
]
