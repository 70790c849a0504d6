"""Disposing of what exchange keeps beyond its use: files taken in and handed out, refused lines, records replaced since."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from honrai.exchange.models import Batch, Entry, Load, Record, Reject
from honrai.exchange.queries import latest_load
from honrai.exchange.rules.loading import State
from honrai.platform.clock import local_day
from honrai.platform.events.api import Who
from honrai.platform.files import api as files
from honrai.platform.privacy.api import Due, Erased, Kept, PeriodOf, closed_before

_GONE = 0  # the file of a load that was disposed of
_OVER = (State.APPLIED, State.UNDONE, State.DISCARDED, State.FAILED)


def due_loads(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the loads whose period is over; the latest of a source stays, since it may still be taken back."""
    period = period_of()
    rows = (
        Load.objects.filter(state__in=_OVER)
        .exclude(file=_GONE)
        .annotate(ended=Coalesce("undone_at", "applied_at", "uploaded_at"))
    )
    old = rows.filter(ended__date__lt=closed_before(day, period)).order_by("ended", "pk")
    latest = {source: latest_load(source) for source in old.values_list("source", flat=True).distinct().order_by()}
    return [
        Due(row.pk, f"取込み{row.pk}", row.layout, local_day(row.ended), period)
        for row in old
        if row != latest[row.source]
    ]


def erase_load(load: int, who: Who, now: datetime) -> Erased:
    """Erase the file of a load, its refused lines, and its records that later loads replaced; present records stay.

    Raises:
        LookupError: gone already.
    """
    row = Load.objects.select_for_update().filter(pk=load).exclude(file=_GONE).first()
    if row is None:
        raise LookupError(load)
    removed = files.remove_all([row.file], who=who, now=now)
    row.file = _GONE
    row.save(update_fields=["file"])
    latest = latest_load(row.source)
    replaced = Q(superseded_by__isnull=False) | Q(change="gone")
    records = Record.objects.filter(replaced, load=row)
    (records.exclude(superseded_by=latest.pk) if latest else records).delete()
    Reject.objects.filter(load=row).delete()
    return Erased(files=removed, values=0)


def due_batches(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the files handed to core systems whose period is over."""
    period = period_of()
    rows = Batch.objects.filter(file__isnull=False, handed_on__lt=closed_before(day, period)).order_by(
        "handed_on", "pk"
    )
    return [Due(row.pk, f"引渡し{row.pk}", row.layout, row.handed_on, period) for row in rows]


def erase_batch(batch: int, who: Who, now: datetime) -> Erased:
    """Erase the file that was handed over; its entries go with their cases.

    Raises:
        LookupError: gone already.
    """
    row = Batch.objects.select_for_update().filter(pk=batch, file__isnull=False).first()
    if row is None or row.file is None:
        raise LookupError(batch)
    removed = files.remove_all([row.file], who=who, now=now)
    row.file = None
    row.save(update_fields=["file"])
    return Erased(files=removed, values=0)


def dispose_of_case(case: int) -> int:
    """Delete the entries of a case that is disposed of; return how many."""
    return Entry.objects.filter(case=case).delete()[0]


LOADS = Kept("exchange.loads", "基幹システムから取り込んだファイル", due_loads, erase_load)
BATCHES = Kept("exchange.batches", "基幹システムへ渡したファイル", due_batches, erase_batch)
