"""Who may see, start, submit, issue and undo a renewal: officials of the section in charge or above it; never a contractor."""

from django.db.models import QuerySet

from honrai.platform.authority.api import Actor, Denied, Kind, NotFound
from honrai.platform.organisations.api import units_above
from honrai.renewals.models import Run


def can_see(actor: Actor) -> bool:
    """Say whether the screens of renewals are for this actor at all."""
    return actor.kind is Kind.STAFF


def check_can_handle(actor: Actor, unit: int) -> None:
    """Raise `Denied` where the actor may not handle renewals of a section."""
    if actor.kind is not Kind.STAFF:
        raise Denied(f"年次更新は市の職員だけが扱えます。{actor.kind.label}は扱えません。担当課へ連絡してください。")
    if not actor.units & set(units_above(unit, actor.day)):
        raise Denied("この年次更新は、ほかの課の担当です。担当課の職員に依頼してください。")


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """Return the runs the actor may see; everything else does not exist for them."""
    if actor.kind is not Kind.STAFF:
        return Run.objects.none()
    units = Run.objects.order_by().values_list("unit", flat=True).distinct()
    own = [unit for unit in units if actor.units & set(units_above(unit, actor.day))]
    return Run.objects.filter(unit__in=own)


def run_for(run: int, actor: Actor, *, lock: bool = False) -> Run:
    """Return a run the actor may handle.

    Raises:
        NotFound: no such run in this city.
        Denied: not for this actor.
    """
    rows = Run.objects.select_for_update() if lock else Run.objects.all()
    row = rows.filter(pk=run).first()
    if row is None:
        raise NotFound("この年次更新は見つかりません。")
    check_can_handle(actor, row.unit)
    return row
