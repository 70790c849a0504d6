"""The door to privacy: 個人番号 kept out, periods of keeping, holds, disposal, the end of a contract."""

from honrai.platform.privacy.keeping import (
    Due,
    Erased,
    Kept,
    Period,
    PeriodOf,
    closed_before,
    default_period,
    keep,
    kept_until,
    kinds,
)
from honrai.platform.privacy.limits import limits, set_limits
from honrai.platform.privacy.numbers import check_no_personal_number, mask, screen
from honrai.platform.privacy.operations.answering import approve, spare, withdraw
from honrai.platform.privacy.operations.proposing import propose
from honrai.platform.privacy.operations.rules_of_keeping import lift_hold, set_hold, set_retention
from honrai.platform.privacy.queries import disposal_items, disposal_lists, holds, retention_rules

__all__ = [
    "Due",
    "Erased",
    "Kept",
    "Period",
    "PeriodOf",
    "approve",
    "check_no_personal_number",
    "closed_before",
    "default_period",
    "disposal_items",
    "disposal_lists",
    "holds",
    "keep",
    "kept_until",
    "kinds",
    "lift_hold",
    "limits",
    "mask",
    "propose",
    "retention_rules",
    "screen",
    "set_hold",
    "set_limits",
    "set_retention",
    "spare",
    "withdraw",
]
