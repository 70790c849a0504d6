"""The month-end statement: what was open and what came in equals what was paid, rejected and is still pending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from honrai.kernel.errors import Invalid


class Outcome(Enum):
    """What became of one payable in the month."""

    PAID = "支払済"
    REJECTED = "不払"


@dataclass(frozen=True, slots=True)
class Statement:
    """One month; every sum is whole yen, and a recovery (回収) is a payable below 0.

    Attributes:
        carried: open from the month before, by payable.
        received: came in this month, by payable.
        paid: paid, by payable.
        rejected: refused, by payable.
        pending: open at the end, carried into the next month, by payable.
    """

    carried: Mapping[str, int]
    received: Mapping[str, int]
    paid: Mapping[str, int]
    rejected: Mapping[str, int]
    pending: Mapping[str, int]

    @property
    def sum_in(self) -> int:
        """Yen carried over and received."""
        return sum(self.carried.values()) + sum(self.received.values())

    @property
    def sum_out(self) -> int:
        """Yen paid, rejected and pending; equal to `sum_in`, always."""
        return sum(sum(part.values()) for part in (self.paid, self.rejected, self.pending))


def month_statement(
    carried: Mapping[str, int], received: Mapping[str, int], outcomes: Mapping[str, Outcome]
) -> Statement:
    """Divide the payables of a month; each stands in exactly one part, whole.

    Args:
        carried: `pending` of the month before.
        received: new payables in yen; a recovery is below 0 and is paid by being set off or handed back.
        outcomes: what became of those that are done; the others stay pending.

    Raises:
        Invalid: a payable received twice, or an outcome for one that is not there.
    """
    if twice := sorted(carried.keys() & received.keys()):
        raise Invalid("payable-twice", f"前月から繰り越したものがもう一度入っています: {', '.join(twice[:5])}")
    everything = {**carried, **received}
    if unknown := sorted(outcomes.keys() - everything.keys()):
        raise Invalid("payable-unknown", f"今月の一覧にないものの結果があります: {', '.join(unknown[:5])}")
    return Statement(
        carried=dict(carried),
        received=dict(received),
        paid={key: yen for key, yen in everything.items() if outcomes.get(key) is Outcome.PAID},
        rejected={key: yen for key, yen in everything.items() if outcomes.get(key) is Outcome.REJECTED},
        pending={key: yen for key, yen in everything.items() if key not in outcomes},
    )
