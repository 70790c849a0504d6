"""Work of organisations no person waits for: long lists of transfers."""

from datetime import datetime

from django.db import transaction

from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Refusal
from honrai.platform.jobs.api import job
from honrai.platform.jobs.progress import Stopped, progress
from honrai.platform.organisations.actors import NoPlace, actor_of_person
from honrai.platform.organisations.models import TransferOrder
from honrai.platform.organisations.operations.transfers import apply_transfers, refuse_transfers

STOPPED = "中止しました。1件も適用されていません。もう一度適用できます。"


@job("organisations.apply_transfers")
def apply_ordered(*, now: datetime, order: int) -> None:
    """Apply a long list."""
    carry_out(order)


def carry_out(order: int) -> None:
    """Apply a list as it was ordered, as of that moment; where it cannot be any more, the order says why."""
    row = TransferOrder.objects.get(pk=order)
    if row.ordered_at is None or row.applied_at is not None:
        return  # a job that runs twice
    try:
        with transaction.atomic(), progress("transfer", order) as note:
            actor = actor_of_person(row.ordered_by_id or 0, current_city(), row.ordered_at.date())
            apply_transfers(actor=actor, now=row.ordered_at, order=order, note=note)
    except Stopped:
        refuse_transfers(order, STOPPED)
    except (Refusal, NoPlace) as refusal:
        refuse_transfers(order, str(refusal))
