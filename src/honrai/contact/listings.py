"""The lists of contact."""

from django.urls import reverse

from honrai.contact.models import Batch, Item, ItemState
from honrai.kernel.wareki import format_wareki
from honrai.ui.tables import Cell, Column, Filter, Listing

SHOWN = (ItemState.WAITING, ItemState.BATCHED, ItemState.SENT, ItemState.PULLED, ItemState.ONLINE)
_BADGES = {ItemState.WAITING: "warn", ItemState.BATCHED: "info", ItemState.SENT: "ok", ItemState.PULLED: "bad"}


def _title(row: Item) -> Cell:
    return Cell(row.title, reverse("letters:item", args=[row.pk]))


def _state(row: Item) -> Cell:
    state = ItemState(row.state)
    return Cell(state.label, badge=_BADGES.get(state, "plain"))


def _seal(row: Item) -> str:
    if not row.sealed:
        return "省略"
    return {None: "請求前", "asked": "承認待ち", "approved": "承認済み"}.get(
        row.seal_request.state if row.seal_request else None, "請求前"
    )


ITEMS = Listing(
    id="items",
    caption="発行した文書",
    columns=(
        Column("文書", _title, ("title",)),
        Column("文書番号", lambda row: row.number),
        Column("宛名", lambda row: row.to_name),
        Column("〒", lambda row: row.to_postcode, ("to_postcode",)),
        Column("発行日", lambda row: format_wareki(row.issued_on), ("issued_on",)),
        Column("公印", _seal),
        Column("状態", _state, ("state",)),
    ),
    filters=(
        Filter(
            "state",
            "状態",
            lambda rows, value: rows.filter(state=value),
            [(state.value, state.label) for state in SHOWN],
        ),
        Filter("number", "文書番号", lambda rows, value: rows.filter(number__contains=value)),
    ),
    order=("-issued_on", "-id"),
    empty="発行した文書はまだありません。",
)


def _batch(row: Batch) -> Cell:
    return Cell(f"束 {row.pk}", reverse("letters:batch", args=[row.pk]))


def _handed(row: Batch) -> Cell:
    return Cell("差出し済み", badge="ok") if row.handovers.all() else Cell("庁内にあり", badge="warn")


BATCHES = Listing(
    id="batches",
    caption="発送の束",
    columns=(
        Column("束", _batch),
        Column("作成", lambda row: f"{format_wareki(row.made_at.astimezone().date())}", ("made_at",)),
        Column("件数", lambda row: str(row.items), ("items",), numeric=True),
        Column("通数", lambda row: str(row.pieces), ("pieces",), numeric=True),
        Column("状態", _handed),
    ),
    order=("-made_at", "-id"),
    empty="発送の束はまだありません。",
)


LEDGER = Listing(
    id="ledger",
    caption="公印使用簿",
    columns=(
        Column("使用日", lambda row: format_wareki(row.day), ("day",)),
        Column("公印", lambda row: row.seal.name),
        Column("文書番号", lambda row: row.number),
        Column("件名", lambda row: row.title),
        Column("部数", lambda row: str(row.copies), numeric=True),
        Column("使用者", lambda row: getattr(row, "printer_name", "")),
        Column("承認者", lambda row: getattr(row, "approver_name", "")),
    ),
    order=("-day", "-id"),
    empty="公印の使用はまだありません。",
)
