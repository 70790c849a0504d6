"""Disposing of submissions: drafts nobody sent, and what was sent together with its last application."""

from collections.abc import Sequence
from datetime import date, datetime

from honrai.intake.life_events.models import Submission, SubmissionPart
from honrai.platform.clock import local_day
from honrai.platform.events.api import Who, dispose_changes
from honrai.platform.files import api as files
from honrai.platform.privacy.api import Due, Erased, Kept, PeriodOf, closed_before


def leave_submission(application: int) -> set[int]:
    """Take an application out of its submission; with the last one the submission goes. Returns keys of files let go."""
    part = SubmissionPart.objects.filter(application_id=application).select_related("submission").first()
    if part is None:
        return set()
    part.delete()
    return set() if part.submission.parts.exists() else _delete(part.submission)


def due(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the drafts of combined forms not touched for longer than they are kept."""
    period = period_of("")
    rows = Submission.objects.filter(submitted_at__isnull=True, saved_at__date__lt=closed_before(day, period))
    return [
        Due(pk, f"まとめた下書き{pk}", "提出されなかった申請", local_day(at), period, "")
        for pk, at in rows.order_by("saved_at", "pk").values_list("pk", "saved_at")
    ]


def erase(submission: int, who: Who, now: datetime) -> Erased:
    """Erase a draft with its photos.

    Raises:
        LookupError: gone, or sent meanwhile.
    """
    row = Submission.objects.select_for_update().filter(pk=submission, submitted_at__isnull=True).first()
    if row is None:
        raise LookupError(submission)
    papers = _delete(row)
    about = [("submission", submission), *(("file", one) for one in papers)]
    values = dispose_changes(subjects=about, who=who, now=now)
    return Erased(files=files.remove_all(papers, who=who, now=now), values=values)


def _delete(row: Submission) -> set[int]:
    papers = set(row.papers.values_list("file", flat=True))
    row.papers.all().delete()
    row.delete()
    return papers


DRAFTS = Kept("life_events.drafts", "提出されなかったまとめた申請", due, erase)
