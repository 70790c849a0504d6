"""What a key may be for, and which events it may hear of. Values only."""

from enum import StrEnum


class Scope(StrEnum):
    """One thing a key is for. A scope opens nothing by itself: the actor behind the key must be allowed to do it, too."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    CASES_READ = "cases:read"
    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    DEFICIENCIES_READ = "deficiencies:read"
    DEFICIENCIES_WRITE = "deficiencies:write"
    DECISIONS_READ = "decisions:read"
    DECISIONS_DRAFT = "decisions:draft"
    DECISIONS_TAKE = "decisions:take"
    DOCUMENTS_READ = "documents:read"
    EVENTS_READ = "events:read"

    @property
    def label(self) -> str:
        """The Japanese words on the screen."""
        return _LABELS[self]


_LABELS = {
    Scope.APPLICATIONS_READ: "申請の状況を読む",
    Scope.APPLICATIONS_WRITE: "申請を出す",
    Scope.CASES_READ: "案件を読む",
    Scope.TASKS_READ: "作業を読む",
    Scope.TASKS_WRITE: "作業を行う",
    Scope.DEFICIENCIES_READ: "不備を読む",
    Scope.DEFICIENCIES_WRITE: "不備を連絡し、補正を受ける",
    Scope.DECISIONS_READ: "決定を読む",
    Scope.DECISIONS_DRAFT: "起案する",
    Scope.DECISIONS_TAKE: "決裁する（職員本人のキーと確認コード）",
    Scope.DOCUMENTS_READ: "書類・文書を読む",
    Scope.EVENTS_READ: "出来事を受け取る",
}

#: Only an official's own key may have these: they act with public authority.
OFFICIAL = frozenset({Scope.DECISIONS_DRAFT, Scope.DECISIONS_TAKE})

#: The events told to other systems: what happened to a case, by id. Reads and internal steps are left out.
EVENTS = (
    "cases.opened",
    "cases.task_opened",
    "cases.task_done",
    "cases.deficiencies_asked",
    "cases.deficiencies_answered",
    "cases.proposed",
    "cases.decided",
    "cases.letter_issued",
    "cases.closed",
    "cases.withdrawn",
    "cases.transferred",
    "cases.reopened",
    "approvals.drawn",
    "approvals.decided",
)
