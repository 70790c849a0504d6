"""Disposing of applications: drafts nobody submitted, and submitted ones together with their last case."""

from collections.abc import Sequence
from datetime import date, datetime

from honrai.intake.life_events.disposal import leave_submission
from honrai.intake.models import Application, Attachment
from honrai.platform.clock import local_day
from honrai.platform.events.api import Who, dispose_changes
from honrai.platform.files import api as files
from honrai.platform.privacy.api import Due, Erased, Kept, PeriodOf, closed_before


def due(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the drafts not touched for longer than they are kept."""
    found: list[Due] = []
    drafts = Application.objects.filter(submitted_at__isnull=True)
    for procedure in drafts.values_list("procedure", flat=True).distinct().order_by("procedure"):
        period = period_of(procedure)
        rows = drafts.filter(procedure=procedure, saved_at__date__lt=closed_before(day, period))
        found += [
            Due(pk, f"下書き{pk}", "提出されなかった申請", local_day(at), period, procedure)
            for pk, at in rows.order_by("saved_at", "pk").values_list("pk", "saved_at")
        ]
    return found


def erase(application: int, who: Who, now: datetime) -> Erased:
    """Erase a draft with its papers.

    Raises:
        LookupError: gone, or submitted meanwhile.
    """
    if not Application.objects.select_for_update().filter(pk=application, submitted_at__isnull=True).exists():
        raise LookupError(application)
    papers = dispose_of(application)
    about = [("application", application), *(("file", one) for one in papers)]
    values = dispose_changes(subjects=about, who=who, now=now)
    return Erased(files=files.remove_all(papers, who=who, now=now), values=values)


def dispose_of(application: int) -> set[int]:
    """Delete an application and return the keys of its files, which the caller disposes of with the rest."""
    row = Application.objects.filter(pk=application).first()
    if row is None:
        return set()
    papers = set(row.attachments.values_list("file", flat=True))
    row.attachments.all().delete()
    papers |= leave_submission(application)
    row.delete()
    # One photo may serve several procedures: it goes with the last of them.
    used = Attachment.objects.filter(file__in=papers).values_list("file", flat=True)
    return papers - set(used)


DRAFTS = Kept("intake.drafts", "提出されなかった申請", due, erase)
