"""Setting the 専決規程. Reading it is in `queries`."""

from collections.abc import Mapping
from datetime import date, datetime

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Act, Charge, Rank
from honrai.platform.authority.models import DecisionLevel
from honrai.platform.authority.permissions import check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Invalid
from honrai.platform.events.api import record


def set_level(
    *,
    actor: Actor,
    now: datetime,
    procedure: str,
    act: Act | None,
    rank: Rank,
    up_to: int | None,
    since: date,
    source: str,
) -> int:
    """Put one row of the 専決規程 into force from `since`; an earlier open row of the same rank ends the day before.

    Args:
        actor: staff with the 分掌 "city-settings".
        now: the moment, with zone.
        procedure: procedure code, "" for all without rows of their own.
        act: kind of decision; None for both.
        rank: who may decide.
        up_to: whole yen, inclusive; None without limit.
        since: first day in force.
        source: article of the city's rule.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: no source, a negative amount, an act that is no decision, or a start before the row it follows.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    if not source.strip() or (up_to is not None and up_to < 0) or (act is not None and not act.deciding):
        raise Invalid("専決区分には、規程の条項、0円以上の上限額、決定の種類が必要です。")
    key = {"procedure": procedure, "act": act.value if act else "", "rank": rank.value}
    with in_city(actor.city):
        before = _end_open_row(key, since)
        row = DecisionLevel.objects.create(**key, up_to=up_to, period=(since, None), source=source.strip())
        after = key | {"up_to": up_to, "since": since.isoformat(), "source": source}
        record("authority.level_set", who=actor.who, now=now, subject=("level", row.pk), before=before, after=after)
    return int(row.pk)


def end_level(*, actor: Actor, now: datetime, level: int, until: date) -> None:
    """End a row of the 専決規程: `until` is the first day it is no longer in force; the ranks above decide from then on.

    Raises:
        Denied: the 分掌 is missing.
        Conflict: not in force then, or ended already.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    with in_city(actor.city):
        row = DecisionLevel.objects.select_for_update().filter(pk=level, period__endswith__isnull=True).first()
        if row is None or row.period.lower >= until:
            raise Conflict("この専決区分は、その日には適用されていないか、すでに終わっています。")
        row.period = (row.period.lower, until)
        row.save(update_fields=["period"])
        after = {"until": until.isoformat()}
        record("authority.level_ended", who=actor.who, now=now, subject=("level", level), after=after)


def _end_open_row(key: Mapping[str, object], since: date) -> dict[str, object] | None:
    row = DecisionLevel.objects.select_for_update().filter(**key, period__endswith__isnull=True).first()
    if row is None:
        return None
    if row.period.lower >= since:
        raise Invalid(
            f"この職位の専決区分は{row.period.lower:%Y年%m月%d日}からのものが登録済みです。それより後の日を指定してください。"
        )
    row.period = (row.period.lower, since)
    row.save(update_fields=["period"])
    return {"id": row.pk, "up_to": row.up_to}
