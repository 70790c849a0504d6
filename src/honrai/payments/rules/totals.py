"""Counts and sums of a file: what the trailer must say, and what a person compares before release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum

from honrai.payments.rules.layout import Layout, Values

PAID = "0"
"""振替結果コード of a debit that succeeded."""


class Purpose(Enum):
    """Which way a file goes: to the bank, or back with results (預金口座振替 only)."""

    REQUEST = "request"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals of a file; 振替済 and 不能 stay 0 unless it is a result.

    Attributes:
        count: 合計件数.
        amount: 合計金額 in yen.
        paid_count: 振替済件数.
        paid_amount: 振替済金額.
        failed_count: 振替不能件数.
        failed_amount: 振替不能金額.
    """

    count: int = 0
    amount: int = 0
    paid_count: int = 0
    paid_amount: int = 0
    failed_count: int = 0
    failed_amount: int = 0

    def values(self) -> dict[str, str | int]:
        """Return them by the ids of the trailer's fields."""
        return asdict(self)


def totals_of(records: Iterable[Values], purpose: Purpose) -> Totals:
    """Add up data records; in a result, 0 (or blank) is paid and every other code is failed."""
    count = amount = paid_count = paid_amount = 0
    for values in records:
        yen = int(values["amount"])
        count, amount = count + 1, amount + yen
        if str(values.get("result") or PAID) == PAID:
            paid_count, paid_amount = paid_count + 1, paid_amount + yen
    if purpose is Purpose.REQUEST:
        return Totals(count, amount)
    return Totals(count, amount, paid_count, paid_amount, count - paid_count, amount - paid_amount)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Records that share one key: for a debit (顧客番号, 金額), for a transfer account and amount.

    Attributes:
        key: the shared key.
        lines: their line numbers.
    """

    key: tuple[str | int, ...]
    lines: tuple[int, ...]


def duplicates(layout: Layout, records: Sequence[tuple[int, Values]]) -> tuple[Duplicate, ...]:
    """Return the records that stand more than once by the layout's key, given with their line numbers."""
    lines: dict[tuple[str | int, ...], list[int]] = defaultdict(list)
    for line, values in records:
        lines[layout.key_of(values)].append(line)
    return tuple(Duplicate(key, tuple(found)) for key, found in lines.items() if len(found) > 1)
