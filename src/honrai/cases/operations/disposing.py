"""Disposing of closed cases whose period is over, with everything that belongs to them in this chapter and the ones below."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import ManyToOneRel, Model, QuerySet

from honrai.approvals import api as approvals
from honrai.cases.events import CaseDisposed
from honrai.cases.models import Case
from honrai.exchange import api as exchange
from honrai.intake import api as intake
from honrai.parties import api as parties
from honrai.platform.clock import local_day
from honrai.platform.events.api import Who, announce, dispose_changes
from honrai.platform.files import api as files
from honrai.platform.privacy.api import Due, Erased, Kept, Period, PeriodOf, closed_before
from honrai.procedures import api as procedures


def due(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the closed cases whose period is over on a day; one query a version of a procedure."""
    found: list[Due] = []
    closed = Case.objects.filter(closed_at__isnull=False)
    for version, procedure in closed.values_list("version", "procedure").distinct().order_by("version"):
        identity = procedures.runnable(version).pack.identity
        own = Period(identity.retention_years, "year", f"手続「{identity.title}」の定め")
        period = period_of(procedure, own)
        rows = closed.filter(version=version, closed_at__date__lt=closed_before(day, period))
        found += [
            Due(pk, number, title, local_day(at), period, procedure)
            for pk, number, title, at in rows.order_by("closed_at", "pk").values_list(
                "pk", "number", "title", "closed_at"
            )
            if at is not None
        ]
    return found


def erase(case: int, who: Who, now: datetime) -> Erased:
    """Erase a closed case: answers, tasks, deficiencies, letters, 起案文書, entries, files, and what the log kept of values.

    The application goes with the last of its cases. The log's entries stay: that something happened, and when, remains.

    Raises:
        LookupError: gone already.
    """
    row = Case.objects.select_for_update().filter(pk=case, closed_at__isnull=False).first()
    if row is None:
        raise LookupError(case)
    last = not Case.objects.filter(application=row.application).exclude(pk=case).exists()
    papers = {one for one in row.letters.values_list("file", flat=True) if one} | approvals.dispose_of_case(case)
    papers |= intake.dispose_of(row.application) if last else set()
    exchange.dispose_of_case(case)
    parties.forget_case(case)
    announce(CaseDisposed(case=case, number=row.number), who=who, now=now, subject=("case", case), case=case)
    remove_with_all_below(Case.objects.filter(pk=case))
    about = [("case", case), *([("application", row.application)] if last else [])]
    values = dispose_changes(cases=[case], subjects=[*about, *(("file", one) for one in papers)], who=who, now=now)
    return Erased(files=files.remove_all(papers, who=who, now=now), values=values)


def remove_with_all_below(rows: QuerySet[Model]) -> None:
    """Delete rows and every row of any chapter that points at them, lowest first."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        below = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
        if below.exists():
            remove_with_all_below(below)
    rows._raw_delete(rows.db)


CASES = Kept("cases", "案件（申請・書類・起案・文書を含む）", due, erase)
