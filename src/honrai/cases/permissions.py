"""Who may see a case: officials of its unit or above, the contract that works on it (open, or closed not long ago)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from honrai.cases.models import Case
from honrai.platform.authority.api import Actor, Denied, Kind
from honrai.platform.privacy import api as privacy


def visible_cases(actor: Actor, now: datetime) -> QuerySet[Case]:
    """Return the cases the actor may see; everything else does not exist for them."""
    rows = Case.objects.exclude(party__in=actor.recused)
    if actor.kind is Kind.STAFF:
        return rows.filter(unit__in=actor.units)
    if actor.kind is Kind.CONTRACTOR:
        recent = Q(closed_at__isnull=True) | Q(closed_at__gte=now - timedelta(days=privacy.limits().contractor_days))
        return rows.filter(recent, contract=actor.contract, protected=False)
    if actor.kind is Kind.ROBOT and actor.contract is not None:
        return rows.filter(contract=actor.contract, protected=False, closed_at__isnull=True)
    if actor.kind is Kind.ROBOT:  # a machine of a unit sees its unit's work, but nothing under 支援措置
        return rows.filter(unit__in=actor.units, protected=False)
    return rows.none()


def check_can_see(actor: Actor, case: int, now: datetime) -> Case:
    """Return the case where the actor may see it.

    Raises:
        Denied: no such case, or not for this actor; both read the same.
    """
    row = visible_cases(actor, now).filter(pk=case).first()
    if row is None:
        raise Denied("この案件を見る権限がありません。案件番号と、自分の担当かどうかを確かめてください")
    return row
