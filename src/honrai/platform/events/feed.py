"""Reading the log forward: what was finished after a point, so that a reader who asks again and again misses nothing."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from honrai.platform.events.models import LogEntry
from honrai.platform.events.sealing import finished_below


def after(point: tuple[int, int], *, names: Collection[str], cases: QuerySet[Any, Any], most: int) -> list[LogEntry]:
    """Return entries after a point, in the order of the transactions that wrote them.

    Entries of transactions that may still be running, or began after one that is, wait: keys alone are given out before
    others commit, and a reader that goes by them would pass over a late one for ever.

    Args:
        point: transaction number and key of the last entry had; (0, 0) for the beginning.
        names: names of events wanted.
        cases: the cases whose events are wanted, as a query of keys.
        most: how many at most.
    """
    transaction, entry = point
    later = Q(transaction__gt=transaction) | Q(transaction=transaction, pk__gt=entry)
    rows = LogEntry.objects.filter(later, transaction__gte=transaction, transaction__lt=finished_below())
    return list(rows.filter(name__in=names, case_id__in=cases).order_by("transaction", "pk")[:most])
