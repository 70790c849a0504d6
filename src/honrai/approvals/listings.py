"""The lists of approvals."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from honrai.approvals import rules
from honrai.approvals.models import Document, Medium, State
from honrai.platform.authority.api import Rank
from honrai.ui.tables import Cell, Column, Filter, Listing

_BADGES = {State.ROUTE: "info", State.WAITING: "warn", State.DECIDED: "ok", State.RETURNED: "bad", State.WITHDRAWN: ""}
_MARKS = (
    ("", "すべて"),
    ("refusal", "拒否処分"),
    ("flagged", "要確認"),
    ("out", "束から抜いたもの"),
)

_OUTSIDE = (("", "すべて"), ("paper", "紙"), ("archive", "文書管理"))


def marks(row: Document) -> str:
    """Return why a document needs a look: 拒否処分, 要確認, 抽出."""
    said = ((row.refusal, "拒否処分"), (row.flagged, "要確認"), (row.sampled, "抽出"))
    return "・".join(label for marked, label in said if marked)


def documents(caption: str, *, empty: str, states: bool = False) -> Listing:
    """Return a list of documents, oldest first; with `states` newest first, for finding any document."""
    more: tuple[Column, ...] = (
        Column("状態", lambda row: Cell(State(row.state).label, badge=_BADGES[State(row.state)]), order=("state",)),
        Column("決裁日", lambda row: _day(row.decided_on), order=("decided_on",)),
    )
    filters = [Filter("q", "件名・起案番号", _matching), Filter("mark", "区分", _marked, choices=_MARKS)]
    if states:
        filters.append(
            Filter(
                "state", "状態", lambda rows, value: rows.filter(state=value), choices=(("", "すべて"), *State.choices)
            )
        )
    return Listing(
        id="documents",
        caption=caption,
        columns=(
            Column("起案番号", _link, order=("pk",)),
            Column("件名", lambda row: row.subject, order=("subject",)),
            Column("案", lambda row: row.outcome or str(row.proposal["outcome"])),
            Column("区分", lambda row: Cell(marks(row), badge="warn" if marks(row) else "")),
            Column("専決区分", lambda row: rules.deciding_label(Rank(row.rank)), order=("rank",)),
            Column("起案日", lambda row: _day(localtime(row.drawn_at).date()), order=("drawn_at",)),
            *(more if states else ()),
        ),
        filters=tuple(filters),
        order=("-pk",) if states else ("pk",),
        empty=empty,
    )


def members(read: Callable[[int], bool]) -> Listing:
    """Return the list of a stack's documents: those to be opened first, with what was opened.

    Args:
        read: says whether the decider opened a document.
    """

    def opened(row: Document) -> Cell:
        if read(row.pk):
            return Cell("確認済み", badge="ok")
        return Cell("未確認", badge="warn") if marks(row) else Cell("")

    return Listing(
        id="members",
        caption="束の文書",
        columns=(
            Column("起案番号", _link, order=("pk",)),
            Column("件名", lambda row: row.subject, order=("subject",)),
            Column("案", lambda row: str(row.proposal["outcome"])),
            Column("区分", lambda row: Cell(marks(row), badge="warn" if marks(row) else "")),
            Column("確認", opened),
        ),
        filters=(Filter("q", "件名・起案番号", _matching), Filter("mark", "区分", _marked, choices=_MARKS[:3])),
        order=("-refusal", "-flagged", "-sampled", "pk"),
        empty="この束に決裁を待つ文書はありません。",
    )


def outside() -> Listing:
    """Return the list of documents that wait on paper or in 文書管理."""
    return Listing(
        id="outside",
        caption="画面の外で決裁中の文書",
        columns=(
            Column("起案番号", _link, order=("pk",)),
            Column("件名", lambda row: row.subject, order=("subject",)),
            Column("方法", lambda row: Cell(Medium(row.medium).label, badge="info"), order=("medium",)),
            Column("専決区分", lambda row: rules.deciding_label(Rank(row.rank)), order=("rank",)),
            Column("登録", _enter),
        ),
        filters=(
            Filter("q", "件名・起案番号", _matching),
            Filter(
                "medium",
                "方法",
                lambda rows, value: rows.filter(medium=value),
                choices=_OUTSIDE,
            ),
        ),
        order=("pk",),
        empty="紙・文書管理で決裁中の文書はありません。",
    )


def _enter(row: Document) -> Cell | str:
    if row.medium != Medium.PAPER:
        return "CSVの取込みで登録"
    return Cell("決裁の結果を登録", url=reverse("approvals:paper", args=[row.pk]))


def _link(row: Document) -> Cell:
    return Cell(rules.paper_code(row.pk), url=reverse("approvals:document", args=[row.pk]))


def _matching(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    key = rules.read_paper_code(value)
    return rows.filter(pk=key) if key is not None else rows.filter(Q(subject__contains=value))


def _marked(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "out":
        return rows.exclude(pulled_out="")
    return rows.filter(**{value: True}) if value in {"refusal", "flagged", "sampled"} else rows


def _day(day: object) -> str:
    return f"{day:%Y/%m/%d}" if day else ""
