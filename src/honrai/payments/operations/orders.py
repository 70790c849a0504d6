"""Orders of payment: many payables of one heading, drawn up for decision, approved or given back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Sum

from honrai.approvals import api as approvals
from honrai.kernel.fiscal_year import FiscalYear
from honrai.payments.events import OrderDrafted
from honrai.payments.models import LineState, OrderLine, OrderState, Payable, PayableState, PaymentOrder
from honrai.payments.permissions import check_staff
from honrai.platform.authority.api import Act, Actor
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import run
from honrai.platform.errors import Conflict, Invalid
from honrai.platform.events.api import Who, announce, record

_LINES = """INSERT INTO payments_orderline
        (city_id, order_id, payable_id, number, decided, amount, name, bank, branch, kind, account, holder, state, reason)
    SELECT p.city_id, %s, p.id, row_number() OVER (ORDER BY p.id), p.amount, p.amount, p.name,
        a.bank, a.branch, a.kind, a.number, a.holder, 'ordered', ''
    FROM payments_payable p JOIN payments_payeeaccount a
        ON a.city_id = p.city_id AND a.party = p.party AND a.state = 'released'
    WHERE p.city_id = %s AND p.id = ANY(%s) AND p.state = 'ready'"""


def draft_order(
    *, heading: str, pay_on: date, actor: Actor, now: datetime, payables: Sequence[int] | None = None
) -> int:
    """Order the payment of what is ready under a heading, and draw the order up for decision. Returns its key.

    Args:
        heading: 歳出科目.
        pay_on: day of payment, an open day of banks after today.
        actor: staff of the section that answers for the money.
        now: the moment.
        payables: only these; None: everything ready under the heading.

    Raises:
        Invalid: nothing is ready, or the day is not after today.
        Conflict: a chosen payable is not ready any more.
    """
    check_staff(actor)
    if pay_on <= now.date():
        raise Invalid("支払日は明日以降の日にしてください。")
    ready = Payable.objects.select_for_update().filter(heading=heading, state=PayableState.READY)
    rows = ready if payables is None else ready.filter(pk__in=list(payables))
    keys = list(rows.order_by("id").values_list("id", flat=True))
    if payables is not None and len(keys) < len(set(payables)):
        raise Conflict("選んだもののうち、支払待ちでないものがあります。一覧を開き直してください。")
    if not keys:
        raise Invalid("支払待ちのものがありません。口座の確認が済んでいるかを確かめてください。")
    order = _make_order(heading, pay_on, keys, actor, now)
    if run(_LINES, [order.pk, current_city(), keys]) != len(keys):
        raise Conflict("使える口座のない受取人がいます。口座の一覧を確かめてください。")
    Payable.objects.filter(pk__in=keys).update(state=PayableState.ORDERED)
    order.document = _draw_up(order, keys, actor, now)
    order.save(update_fields=["document"])
    event = OrderDrafted(order=order.pk, lines=order.count, total=order.total)
    announce(event, who=actor.who, now=now, subject=("order", order.pk))
    return order.pk


def _make_order(heading: str, pay_on: date, keys: Sequence[int], actor: Actor, now: datetime) -> PaymentOrder:
    sums = Payable.objects.filter(pk__in=keys).aggregate(total=Sum("amount"))
    first = Payable.objects.filter(pk=keys[0]).values("purpose", "unit").get()
    return PaymentOrder.objects.create(
        number=_next_number(now.date()),
        title=f"{first['purpose']}（{len(keys):,}件）",
        heading=heading,
        unit=first["unit"],
        pay_on=pay_on,
        count=len(keys),
        total=sums["total"],
        drafted_by=actor.person,
        drafted_at=now,
    )


def _draw_up(order: PaymentOrder, keys: Sequence[int], actor: Actor, now: datetime) -> int:
    draft = approvals.Draft(
        subject=f"支出命令 {order.number} {order.title}",
        text=f"次のとおり{order.count:,}件 {order.total:,}円を{order.pay_on:%Y年%m月%d日}に支払ってよろしいか伺います。",
        basis=("地方自治法第232条の3", "地方自治法第232条の4"),
        proposal={
            "outcome": "支出する",
            "kind": "",
            "reasons": [{"text": f"すべて決定済みの額で、合計は{order.total:,}円です。", "basis": ""}],
            "rules": [],
            "results": {"歳出科目": order.heading, "件数": order.count, "金額": order.total},
        },
        procedure="",
        act=Act.BOUND_DECISION,
        unit=order.unit,
        amount=order.total,
        parties=frozenset(Payable.objects.filter(pk__in=keys[:200]).values_list("party", flat=True)),
    )
    return approvals.draw_up(draft, actor=actor, now=now)


def _next_number(day: date) -> str:
    year = FiscalYear.of(day).year
    run("SELECT pg_advisory_xact_lock(hashtextextended('payments/order', %s))", [current_city()])
    count = PaymentOrder.objects.filter(number__startswith=f"{year}-").aggregate(n=Count("pk"))["n"]
    return f"{year}-{count + 1:06}"


def take_decision(*, document: int, accepted: bool, who: Who, now: datetime) -> None:
    """Let an order go on to its file where it was approved; otherwise give its payables back to waiting."""
    order = PaymentOrder.objects.select_for_update().filter(document=document, state=OrderState.DECIDING).first()
    if order is None:
        return
    order.state = OrderState.APPROVED if accepted else OrderState.RETURNED
    order.save(update_fields=["state"])
    if not accepted:
        lines = OrderLine.objects.filter(order=order)
        Payable.objects.filter(pk__in=lines.values("payable_id")).update(state=PayableState.READY)
        lines.update(state=LineState.DROPPED)
    record("payments.order_decided", who=who, now=now, subject=("order", order.pk), data={"accepted": accepted})
