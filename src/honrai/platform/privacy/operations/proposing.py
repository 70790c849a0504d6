"""Listing what is due: nothing goes because it stands on a list."""

from datetime import date, datetime

from honrai.platform.authority.api import Actor, Charge, check_has_charge
from honrai.platform.errors import Invalid
from honrai.platform.events.api import record
from honrai.platform.privacy.keeping import Due, kept, kept_until, kinds, periods_on
from honrai.platform.privacy.models import DisposalItem, DisposalList, ListState
from honrai.platform.privacy.operations.rules_of_keeping import hold_over

#: Things on one list; what is more waits for the next one, so that a person can still look at it.
MOST = 1_000


def propose(*, kind: str, day: date, actor: Actor, now: datetime) -> int | None:
    """List what is due on a day and not held back nor listed already; return the list's key, None where nothing is due.

    Args:
        kind: a registered kind.
        day: the day the periods are counted to.
        actor: staff with the charge 廃棄・消去, or the system's own job.
        now: the moment.

    Raises:
        Denied: the charge is missing.
        Invalid: unknown kind, or a day in the future.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    if kind not in kinds() or day > now.date():
        raise Invalid("文書の種類と、今日までの基準日を指定してください。")
    waiting = DisposalItem.objects.filter(
        list__kind=kind, list__state__in=(ListState.PROPOSED, ListState.APPROVED)
    ).values_list("key", flat=True)
    listed = set(waiting)
    due = [one for one in kept(kind).due(day, periods_on(kind, day)) if one.key not in listed]
    free = [one for one in due if hold_over(kind, one.number, one.procedure) is None][:MOST]
    if not free:
        return None
    row = DisposalList.objects.create(kind=kind, day=day, proposed_by=actor.person, proposed_at=now)
    DisposalItem.objects.bulk_create(_item(row, one) for one in free)
    data = {"kind": kind, "items": len(free), "held": len(due) - len(free) if len(due) <= MOST else None}
    record("privacy.disposal_proposed", who=actor.who, now=now, subject=("disposal_list", row.pk), data=data)
    return int(row.pk)


def _item(row: DisposalList, one: Due) -> DisposalItem:
    return DisposalItem(
        list=row,
        key=one.key,
        number=one.number,
        title=one.title,
        procedure=one.procedure,
        closed_on=one.closed_on,
        kept_until=kept_until(one.closed_on, one.period),
        basis=f"{one.period.label}：{one.period.source}"[:240],
    )
