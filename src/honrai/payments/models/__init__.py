"""Tables of payments."""

from honrai.payments.models.account import AccountState, PayeeAccount
from honrai.payments.models.order import FileRelease, LineState, OrderLine, OrderState, PaymentFile, PaymentOrder
from honrai.payments.models.payable import Payable, PayableState

__all__ = [
    "AccountState",
    "FileRelease",
    "LineState",
    "OrderLine",
    "OrderState",
    "Payable",
    "PayableState",
    "PayeeAccount",
    "PaymentFile",
    "PaymentOrder",
]
