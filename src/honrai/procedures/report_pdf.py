"""The gate report as a PDF: what is attached to the 起案文書."""

from datetime import datetime
from importlib.resources import files
from typing import Any

from honrai.kernel.wareki import format_wareki
from honrai.platform.typeset.api import pdf
from honrai.procedures.models import Draft, Inquiry, Opinion
from honrai.procedures.reports import PointView, Report

_TEMPLATE = files("honrai.procedures") / "typst" / "gate.typ"
_STATES = {"holds": "適", "fails": "否", "open": "未検査"}


def report_pdf(draft: Draft, report: Report, now: datetime) -> bytes:
    """Return the gate report of a draft as it stands: the nine points, accepted changes, the replay, the consultation.

    Raises:
        TypesetError: a character cannot be printed.
    """
    data = {
        "title": draft.title,
        "code": draft.code,
        "made_on": format_wareki(now.date()),
        "points": [_point(one) for one in report.points],
        "changes": [
            {"title": one.change.title, "before": one.change.before, "after": one.change.after, "reason": one.reason}
            for one in report.changes
        ],
        "replay": _replay(report),
        "offices": [_answer(one) for one in Inquiry.objects.filter(draft=draft).order_by("pk")],
        "opinions": [
            _opinion(one)
            for one in Opinion.objects.filter(inquiry__draft=draft).select_related("inquiry").order_by("pk")
        ],
    }
    return pdf(_TEMPLATE.read_text("utf-8"), data)


def _point(one: PointView) -> dict[str, Any]:
    problems = [str(problem) for problem in one.problems]
    return {"number": one.number, "title": one.title, "state": _STATES[one.state], "problems": problems}


def _replay(report: Report) -> list[str]:
    if report.replay is None:
        return ["比べる前の版または終わった案件がありません"]
    return [
        f"終わった案件 {report.replay['cases']}件で試行",
        f"結果が変わるもの {report.replay['changed_count']}件",
        f"処理期限が変わるもの {report.replay['deadlines_count']}件",
        f"職員の標準時間の増減 {report.replay['minutes']}分",
    ]


def _opinion(one: Opinion) -> dict[str, str]:
    return {
        "office": one.inquiry.name,
        "text": one.text,
        "disposition": one.get_disposition_display(),
        "reason": one.reason,
    }


def _answer(inquiry: Inquiry) -> str:
    return f"{inquiry.name}（{'意見なし' if inquiry.agreed else '意見あり' if inquiry.answered_at else '未回答'}）"
