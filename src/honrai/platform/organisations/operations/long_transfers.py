"""Long lists of transfers: ordered by a person, applied by a job, stopped where that is wished."""

from datetime import datetime

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge
from honrai.platform.authority.permissions import check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict
from honrai.platform.events.api import record
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import ask_to_stop
from honrai.platform.organisations import tasks
from honrai.platform.organisations.models import TransferOrder
from honrai.platform.organisations.operations.transfers import sound, waiting


def order_transfers(*, actor: Actor, now: datetime, order: int) -> None:
    """Have a job apply a long list, as of now: nobody waits before a page, and it may be stopped.

    Raises:
        As `apply_transfers`; Conflict also where it was ordered already.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        row = waiting(order)
        if row.ordered_at is not None:
            raise Conflict("この発令は適用中です。しばらくしてから画面を更新してください。")
        sound(row)
        row.ordered_by_id, row.ordered_at, row.refused_for = actor.person, now, ""
        row.save(update_fields=["ordered_by", "ordered_at", "refused_for"])
        record("organisations.transfers_ordered", who=actor.who, now=now, subject=("transfer", row.pk))
        enqueue(tasks.apply_ordered, actor.city, order=row.pk)


def stop_transfers(*, actor: Actor, now: datetime, order: int) -> None:
    """Have the job that applies a list give up; nothing of it is applied then.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        Conflict: no job applies it.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        if not TransferOrder.objects.filter(pk=order, ordered_at__isnull=False, applied_at__isnull=True).exists():
            raise Conflict("この発令は適用中ではありません。画面を更新して確かめてください。")
        record("organisations.transfers_stop_asked", who=actor.who, now=now, subject=("transfer", order))
        ask_to_stop("transfer", order)
