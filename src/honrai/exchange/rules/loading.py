"""What a load may do next, and when a person must look twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where a load stands."""

    READING = "reading"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _LABELS[self]

    @property
    def busy(self) -> bool:
        """True while a job works on it."""
        return self in (State.READING, State.APPLYING, State.UNDOING)


_LABELS = {
    State.READING: "読込み中",
    State.PREVIEWED: "確認待ち",
    State.APPLYING: "取込み中",
    State.APPLIED: "取込み済み",
    State.UNDOING: "取消し中",
    State.UNDONE: "取消し済み",
    State.DISCARDED: "破棄",
    State.FAILED: "読込み失敗",
}


@dataclass(frozen=True)
class Counts:
    """What a load would change.

    Attributes:
        lines: lines in the file.
        new: records that were not there.
        changed: records with another content.
        gone: records that would no longer be there.
        same: records without change.
        rejected: lines refused.
    """

    lines: int
    new: int
    changed: int
    gone: int
    same: int
    rejected: int

    @property
    def before(self) -> int:
        """Records there before the load (of a full extract)."""
        return self.changed + self.gone + self.same


def warnings(counts: Counts, *, gone_limit: int, full: bool) -> list[str]:
    """Return why a person must confirm before the load is applied; nothing where it looks as usual.

    Args:
        counts: of the preview.
        gone_limit: per cent of the present records that may be gone from a full extract.
        full: the file is a full extract, so that what is missing counts as gone.

    Source:
        Internal policy: a cut-off full extract must never remove people.
    """
    found = []
    if full and counts.before and counts.gone * 100 > counts.before * gone_limit:
        share = counts.gone * 100 / counts.before
        found.append(
            f"今ある{counts.before:,}件のうち{counts.gone:,}件（{share:.1f}%）がなくなります。"
            "ファイルが途中で切れていないか確かめてください。"
        )
    if counts.lines and counts.rejected * 100 > counts.lines:
        found.append(f"{counts.lines:,}行のうち{counts.rejected:,}行が取り込めません。一覧で理由を確かめてください。")
    if not counts.new + counts.changed + counts.gone:
        found.append("変わるものがありません。同じ内容のファイルではないか確かめてください。")
    return found


def why_not_as_of(as_of: date, last: date | None, today: date) -> str | None:
    """Return why a file of a day cannot be taken now; None where it can."""
    if as_of > today:
        return f"基準日 {as_of:%Y-%m-%d} は先の日付です。ファイルの基準日を入力してください。"
    if last and as_of < last:
        return f"{last:%Y-%m-%d} 現在のデータが取込み済みです。それより古いファイルは取り込めません。"
    return None
