"""The states of a run and what may be done in each."""

from enum import StrEnum


class State(StrEnum):
    """Where a run stands."""

    JUDGING = "judging"
    JUDGED = "judged"
    DRAWING = "drawing"
    SUBMITTED = "submitted"
    PREPARING = "preparing"
    PREPARED = "prepared"
    ISSUING = "issuing"
    ISSUED = "issued"
    FAILED = "failed"
    STOPPED = "stopped"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _LABELS[self]

    @property
    def busy(self) -> bool:
        """True while a job works on the run or is about to."""
        return self in (State.JUDGING, State.DRAWING, State.PREPARING, State.ISSUING)

    @property
    def reversible(self) -> bool:
        """True while everything can still be taken back: nothing has left the house."""
        return self in (State.JUDGED, State.SUBMITTED, State.PREPARED, State.STOPPED, State.FAILED)


_LABELS = {
    State.JUDGING: "判定中",
    State.JUDGED: "判定済み",
    State.DRAWING: "起案中",
    State.SUBMITTED: "決裁待ち",
    State.PREPARING: "証・通知の作成中",
    State.PREPARED: "発行待ち",
    State.ISSUING: "発行中",
    State.ISSUED: "発行済み",
    State.FAILED: "止まりました",
    State.STOPPED: "中止",
    State.UNDONE: "取消し済み",
}
