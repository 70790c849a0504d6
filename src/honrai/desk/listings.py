"""The lists of the desk."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.desk.words import KINDS
from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.ui.tables import Cell, Column, Filter, Listing
from honrai.ui.templatetags.honrai import moment


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
            Filter("open", "状態", lambda rows, value: rows.filter(closed_at__isnull=value == "1"), choices=_OPEN),
        ),
        order=("-pk",),
        empty="案件はまだありません。",
    )


_OPEN = (("", "すべて"), ("1", "処理中"), ("0", "完結"))


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


def log(names: Callable[[list[int]], Mapping[int, str]]) -> Listing:
    """Return the list of the log, newest first; people are called as the viewer may know them."""

    def by(row: Any) -> str:
        return names([row.who_person]).get(row.who_person, "") if row.who_person else KINDS[row.who_kind]

    return Listing(
        id="log",
        caption="記録",
        columns=(
            Column("日時", lambda row: moment(row.at), order=("at",)),
            Column("出来事", lambda row: Cell(row.name), order=("name",)),
            Column("行為者", by),
            Column("端末・接続元", lambda row: row.place),
            Column("対象", lambda row: f"{row.subject_kind} {row.subject_id or ''}"),
            Column(
                "案件",
                lambda row: Cell(str(row.case_id), url=reverse("desk:case", args=[row.case_id])) if row.case_id else "",
            ),
            Column("内容", lambda row: "、".join(f"{name}={value}" for name, value in row.data.items())),
        ),
        filters=(
            Filter("name", "出来事", lambda rows, value: rows.filter(name__startswith=value)),
            Filter("case", "案件", lambda rows, value: rows.filter(case_id=value) if value.isdigit() else rows.none()),
            Filter(
                "person",
                "行為者",
                lambda rows, value: rows.filter(who_person=value) if value.isdigit() else rows.none(),
            ),
            Filter("day", "日", _on_day),
        ),
        order=("-pk",),
    )


def _on_day(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    try:
        return rows.filter(at__date=parse_date(value))
    except Invalid:
        return rows.none()
