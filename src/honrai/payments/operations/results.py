"""What became of payments, as the finance system tells it the day after: paid, or returned (振込不能)."""

from collections.abc import Iterator, Sequence

from honrai.exchange.api import Change, Delivery
from honrai.payments.events import TransferReturned
from honrai.payments.models import LineState, OrderLine, OrderState, Payable, PayableState, PaymentOrder
from honrai.platform.events.api import SYSTEM, announce, record


def take_results(batches: Iterator[Sequence[Change]], delivery: Delivery) -> None:
    """Take the results of orders: key is order number and line; told again nothing happens twice; undone they wait again."""
    for batch in batches:
        for change in batch:
            put = change.kind == "put" and not delivery.undo
            _take(change, delivery, put=put)


def _take(change: Change, delivery: Delivery, *, put: bool) -> None:
    number, line = change.values["order_no"], int(change.values["line"])
    row = OrderLine.objects.select_related("order", "payable").filter(order__number=number, number=line).first()
    if (
        row is None
        or row.state == LineState.DROPPED
        or row.order.state not in (OrderState.RELEASED, OrderState.SETTLED)
    ):
        return
    state = LineState(_STATES[change.values["result"]]) if put else LineState.ORDERED
    if row.state == state:
        return
    row.state, row.reason = state, change.values.get("reason", "")[:120] if put else ""
    row.save(update_fields=["state", "reason"])
    Payable.objects.filter(pk=row.payable_id).update(state=_PAYABLE[state], reason=row.reason)
    subject = ("payable", row.payable_id)
    if state is LineState.RETURNED:
        event = TransferReturned(payable=row.payable_id, case=row.payable.case, reason=row.reason)
        announce(event, who=SYSTEM, now=delivery.now, subject=subject, case=row.payable.case)
    elif state is LineState.PAID:
        record("payments.transfer_paid", who=SYSTEM, now=delivery.now, subject=subject, case=row.payable.case)
    open_ = OrderLine.objects.filter(order=row.order, state=LineState.ORDERED).exists()
    PaymentOrder.objects.filter(pk=row.order_id).update(state=OrderState.RELEASED if open_ else OrderState.SETTLED)


_STATES = {"支払済": "paid", "振込不能": "returned"}
_PAYABLE = {
    LineState.PAID: PayableState.PAID,
    LineState.RETURNED: PayableState.RETURNED,
    LineState.ORDERED: PayableState.ORDERED,
}
TARGETS = {"payments.results": take_results}
"""The target by the name layouts give it."""
