"""The lists of payments: columns, filters, badges."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from honrai.kernel.bank_account import AccountKind
from honrai.kernel.wareki import Wareki
from honrai.payments.models import AccountState, OrderState, PayableState, PayeeAccount, PaymentOrder
from honrai.ui.tables import Cell, Column, Filter, Listing

_BADGES = {
    "entered": "warn", "released": "ok", "waiting": "warn", "ready": "info", "paid": "ok", "returned": "bad",
    "deciding": "warn", "approved": "info", "settled": "ok",
}  # fmt: skip


def badge(row: Any) -> Cell:
    """Return the state of a row as a badge."""
    return Cell(row.get_state_display(), badge=_BADGES.get(row.state, "plain"))


def yen(amount: int) -> str:
    """Return whole yen as shown in lists."""
    return f"{amount:,}円"


def _account(row: PayeeAccount) -> Cell:
    return Cell(row.name, reverse("payments:account", args=[row.pk]))


def account_text(row: PayeeAccount) -> str:
    """Return an account as a list shows it, its number hidden but for three digits."""
    return f"{row.bank}-{row.branch} {AccountKind(row.kind).label} ＊＊＊＊{row.number[4:]}"


def _watch(row: PayeeAccount) -> Cell | str:
    count = len(row.findings) + bool(row.suspicious)
    return Cell(f"確かめること{count}件", badge="bad" if row.suspicious else "warn") if count else ""


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(state=value)


def _order(row: PaymentOrder) -> Cell:
    return Cell(f"{row.number}　{row.title}", reverse("payments:order", args=[row.pk]))


def _choices(states: Any) -> list[tuple[str, str]]:
    return [("", "すべて"), *((state.value, state.label) for state in states)]


ACCOUNTS = Listing(
    id="accounts",
    caption="振込先の口座",
    columns=(
        Column("受取人", _account, ("name",)),
        Column("口座", account_text),
        Column("状態", badge, ("state",)),
        Column("注意", _watch),
        Column("使い始める日", lambda row: Wareki.of(row.since).short if row.since else "", ("since",)),
    ),
    filters=(Filter("state", "状態", _by_state, _choices(AccountState)),),
    order=("-id",),
    empty="口座はまだありません。申請が決定されるか、「口座を登録する」から始めてください。",
)
PAYABLES = Listing(
    id="payables",
    caption="支払うもの",
    columns=(
        Column("受取人", lambda row: row.name, ("name",)),
        Column("内容", lambda row: row.purpose, ("purpose",)),
        Column("決定した額", lambda row: yen(row.amount), ("amount",), numeric=True),
        Column("決定日", lambda row: Wareki.of(row.decided_on).short, ("decided_on",)),
        Column("状態", badge, ("state",)),
        Column("理由", lambda row: row.reason),
    ),
    filters=(Filter("state", "状態", _by_state, _choices(PayableState)),),
    order=("-id",),
    empty="支払うことが決まったものはまだありません。",
)
ORDERS = Listing(
    id="orders",
    caption="支出命令",
    columns=(
        Column("支出命令", _order, ("number",)),
        Column("件数", lambda row: f"{row.count:,}", ("count",), numeric=True),
        Column("金額", lambda row: yen(row.total), ("total",), numeric=True),
        Column("支払日", lambda row: Wareki.of(row.pay_on).short, ("pay_on",)),
        Column("状態", badge, ("state",)),
    ),
    filters=(Filter("state", "状態", _by_state, _choices(OrderState)),),
    order=("-id",),
    empty="支出命令はまだありません。",
)
