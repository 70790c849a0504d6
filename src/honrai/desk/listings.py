"""The lists of the desk."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.ui.tables import Cell, Column, Filter, Listing


def cases(now: datetime) -> Listing:
    """Return the list of cases, newest first."""
    return Listing(
        id="cases",
        caption="案件",
        columns=(
            Column(
                "受付番号", lambda row: Cell(row.number, url=reverse("desk:case", args=[row.pk])), order=("number",)
            ),
            Column("手続", lambda row: row.title, order=("title",)),
            Column("氏名", lambda row: row.name),
            Column("段階", lambda row: Cell(row.stage, badge="ok" if row.closed_at else "info"), order=("stage",)),
            Column("結果", lambda row: row.outcome),
            Column("到達日", lambda row: _day(row.received_on), order=("received_on",)),
            Column(
                "残り",
                lambda row: "" if row.closed_at else days_left((row.due_on - now.date()).days),
                order=("due_on",),
            ),
        ),
        filters=(
            Filter("q", "受付番号・氏名・フリガナ・生年月日", _matching),
            Filter("open", "状態", lambda rows, value: rows.filter(_standing(value, now)), choices=_OPEN),
        ),
        order=("-pk",),
        empty="案件はまだありません。",
    )


_OPEN = (("", "すべて"), ("1", "処理中"), ("late", "期限超過"), ("waiting", "申請者の回答待ち"), ("0", "完結"))


def _standing(value: str, now: datetime) -> Q:
    still = Q(closed_at__isnull=True)
    return {
        "1": still,
        "late": still & Q(paused_since__isnull=True, due_on__lt=now.date()),
        "waiting": still & Q(paused_since__isnull=False),
        "0": Q(closed_at__isnull=False),
    }.get(value, Q())


def days_left(days: int) -> Cell:
    """Return how many days are left of the standard period, loud when they are few."""
    if days < 0:
        return Cell(f"{-days}日超過", badge="bad", numeric=True)
    return Cell(f"{days}日", badge="warn" if days <= 3 else "", numeric=True)


def _matching(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Narrow by receipt number, name, kana or birth date; only conditions an index can serve under row security."""
    try:
        return rows.filter(born_on=parse_date(value))
    except Invalid:
        return rows.filter(Q(number__startswith=value) | Q(name__startswith=value) | Q(kana__startswith=value))


def _day(day: object) -> str:
    return f"{day:%Y/%m/%d}"
