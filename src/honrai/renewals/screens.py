"""The lists of renewals: columns, filters, badges."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.kernel.wareki import Wareki
from honrai.renewals.models import Item, Run
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.states import State
from honrai.ui.tables import Cell, Column, Filter, Listing

_BADGES = {
    State.FAILED: "bad",
    State.STOPPED: "warn",
    State.ISSUED: "ok",
    State.PREPARED: "warn",
    State.SUBMITTED: "info",
}
CLASS_BADGES = {Class.SAME: "plain", Class.CHANGES: "warn", Class.UNKNOWN: "info", Class.CHECK: "bad"}


def _title(row: Run) -> Cell:
    return Cell(row.title, reverse("renewals:run", args=[row.pk]))


def _state(row: Run) -> Cell:
    state = State(row.state)
    return Cell(state.label, badge=_BADGES.get(state, "info" if state.busy else "plain"))


def _count(kind: Class) -> Any:
    return lambda row: f"{row.counts.get('class', {}).get(kind.value, 0):,}"


def _class(row: Item) -> Cell:
    kind = Class(row.kind)
    return Cell(kind.label, badge=CLASS_BADGES[kind])


def _sought(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(Q(key=value) | Q(number=value) | Q(name__startswith=value) | Q(kana__startswith=value))


RUNS = Listing(
    id="runs",
    caption="年次更新",
    columns=(
        Column("手続", _title, ("procedure",)),
        Column("種類", lambda row: "試行" if row.rehearsal else "本番", ("rehearsal",)),
        Column("基準日", lambda row: Wareki.of(row.basis_on).short, ("basis_on",)),
        Column("状態", _state, ("state",)),
        Column("対象者", lambda row: f"{row.total:,}", ("total",), numeric=True),
        *(Column(kind.label, _count(kind), numeric=True) for kind in Class),
        Column("覚え", lambda row: row.note),
    ),
    order=("-made_at", "-id"),
    empty="まだ年次更新がありません。「始める」から試行してください。",
)

ITEMS = Listing(
    id="items",
    caption="対象者",
    columns=(
        Column("受給者番号", lambda row: Cell(row.key, reverse("renewals:item", args=[row.run_id, row.pk])), ("key",)),
        Column("氏名", lambda row: row.name or "（住民登録なし）", ("kana",)),
        Column("年齢", lambda row: "" if row.age is None else str(row.age), ("age",), numeric=True),
        Column("区", lambda row: row.ward, ("ward",)),
        Column("区分", _class, ("kind",)),
        Column("変わる内容", lambda row: row.change, ("change",)),
        Column("理由", lambda row: row.reason),
    ),
    filters=(
        Filter("q", "番号・氏名・フリガナ", _sought),
        Filter(
            "kind", "区分", lambda rows, value: rows.filter(kind=value),
            [("", "すべて"), *((each.value, each.label) for each in Class)],
        ),
        Filter("ward", "区", lambda rows, value: rows.filter(ward=value)),
        Filter("change", "変わる内容", lambda rows, value: rows.filter(change=value)),
    ),
    order=("key", "id"),
    empty="当てはまる人はいません。",
)  # fmt: skip
