"""The lists of claims: columns, filters, badges."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from honrai.claims.models import STATES, Judgement, SourceFile
from honrai.claims.rules.findings import Verdict, kinds
from honrai.kernel.wareki import Wareki
from honrai.ui.tables import Cell, Column, Filter, Listing

_BADGES = {"judged": "ok", "failed": "bad", "stopped": "plain"}
_VERDICTS = {"hold": "warn", "return": "bad", "refuse": "bad", "pay": "ok"}


def _file(row: SourceFile) -> Cell:
    return Cell(row.name, reverse("claims:file", args=[row.pk]))


def _claim(row: Judgement) -> Cell:
    return Cell(f"請求 {row.claim}", reverse("claims:claim", args=[row.claim]))


def _reasons(row: Judgement) -> str:
    return "、".join(kinds()[code].label for code in row.findings.split() if code in kinds())


def _by_verdict(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(verdict=value)


def _by_finding(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(findings__contains=value)


FILES = Listing(
    id="claim-files",
    caption="請求ファイル",
    columns=(
        Column("ファイル", _file, ("name",)),
        Column("請求月", lambda row: Wareki.of(row.month).short, ("month",)),
        Column("状態", lambda row: Cell(STATES[row.state], badge=_BADGES.get(row.state, "info")), ("state",)),
        Column("件数", lambda row: f"{row.receipts:,}", ("receipts",), numeric=True),
        Column("読取りの誤り", lambda row: f"{row.faults:,}", ("faults",), numeric=True),
    ),
    order=("-uploaded_at", "-id"),
    empty="まだ請求ファイルがありません。「ファイルを受け取る」から始めてください。",
)
EXCEPTIONS = Listing(
    id="claim-exceptions",
    caption="支給にならなかった請求",
    columns=(
        Column("請求", _claim, ("claim",)),
        Column("処理月", lambda row: Wareki.of(row.month).short, ("month",)),
        Column("結果", lambda row: Cell(Verdict(row.verdict).label, badge=_VERDICTS[row.verdict]), ("verdict",)),
        Column("理由", _reasons),
        Column("請求額", lambda row: f"{row.asked:,}円", ("asked",), numeric=True),
    ),
    filters=(
        Filter("verdict", "結果", _by_verdict, [("", "すべて"), *((v.value, v.label) for v in Verdict if v != "pay")]),
        Filter(
            "finding", "理由", _by_finding, [("", "すべて"), *((kind.code, kind.label) for kind in kinds().values())]
        ),
    ),
    order=("-month", "id"),
    empty="支給にならなかった請求はありません。",
)
