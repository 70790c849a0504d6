"""The lists of exchange: columns, filters, badges."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from honrai.exchange.models import Entry, Load
from honrai.exchange.operations.outgoing import WAYS
from honrai.exchange.rules.landing import EntryState
from honrai.exchange.rules.library import layouts
from honrai.exchange.rules.loading import State
from honrai.kernel.wareki import Wareki
from honrai.platform import clock
from honrai.ui.tables import Cell, Column, Filter, Listing

_LOAD_BADGES = {State.PREVIEWED: "warn", State.APPLIED: "ok", State.FAILED: "bad"}
_ENTRY_BADGES = {EntryState.HANDED_OVER: "info", EntryState.LANDED: "ok", EntryState.MISSING: "bad"}


def _title(code: str) -> str:
    return next((each.title for each in layouts() if each.code == code), code)


def _load_title(row: Load) -> Cell:
    return Cell(_title(row.layout), reverse("exchange:load", args=[row.pk]))


def _load_state(row: Load) -> Cell:
    state = State(row.state)
    return Cell(state.label, badge=_LOAD_BADGES.get(state, "info" if state.busy else "plain"))


def _entry_title(row: Entry) -> Cell:
    return Cell(f"{_title(row.layout)} {row.key}", reverse("exchange:entry", args=[row.pk]))


def _entry_state(row: Entry) -> Cell:
    state = EntryState(row.state)
    return Cell(state.label, badge=_ENTRY_BADGES.get(state, "plain"))


def _handed(row: Entry) -> str:
    if row.batch is None or row.handed_on is None:
        return ""
    return f"{Wareki.of(row.handed_on).short} {WAYS[row.batch.way]}"


def _judged(row: Entry) -> str:
    return f"{Wareki.of(row.judged_on).short} 現在" if row.judged_on else ""


def _age(row: Entry) -> str:
    open_ = row.handed_on and row.state in (EntryState.HANDED_OVER, EntryState.MISSING)
    return f"{(clock.today() - row.handed_on).days}日" if open_ and row.handed_on else ""


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(state=value)


def _by_layout(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(layout=value)


def _layouts(direction: str) -> list[tuple[str, str]]:
    return [("", "すべて"), *((each.code, each.title) for each in layouts() if each.direction == direction)]


LOADS = Listing(
    id="loads",
    caption="取込み",
    columns=(
        Column("種類", _load_title, ("layout",)),
        Column("基準日", lambda row: Wareki.of(row.as_of).short, ("as_of",)),
        Column("状態", _load_state, ("state",)),
        Column("行数", lambda row: f"{row.lines:,}", ("lines",), numeric=True),
        Column("追加", lambda row: f"{row.new:,}", numeric=True),
        Column("変更", lambda row: f"{row.changed:,}", numeric=True),
        Column("消滅", lambda row: f"{row.gone:,}", numeric=True),
        Column("取込み不可", lambda row: f"{row.rejected:,}", numeric=True),
        Column("ファイル", lambda row: row.file_name),
    ),
    filters=(
        Filter("layout", "種類", _by_layout, _layouts("in")),
        Filter("state", "状態", _by_state, [("", "すべて"), *((state.value, state.label) for state in State)]),
    ),
    order=("-uploaded_at", "-id"),
    empty="まだ取込みがありません。「ファイルを取り込む」から始めてください。",
)

ENTRIES = Listing(
    id="entries",
    caption="外部システムへの登録",
    columns=(
        Column("登録", _entry_title, ("layout", "key")),
        Column("状態", _entry_state, ("state",)),
        Column("引渡し", _handed, ("handed_on",)),
        Column("引渡しから", _age, ("handed_on",), numeric=True),
        Column("反映の確認", _judged, ("judged_on",)),
        Column("食い違い", lambda row: f"{len(row.differences)}項目" if row.differences else ""),
    ),
    filters=(
        Filter("state", "状態", _by_state, [("", "すべて"), *((state.value, state.label) for state in EntryState)]),
        Filter("layout", "種類", _by_layout, _layouts("out")),
    ),
    order=("-id",),
    empty="登録するものはまだありません。案件が決定されると、ここに並びます。",
)
