"""The city's own rules on routes and samples, as dated rows."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from honrai.approvals.models import RouteRule, SamplingRule, StepKind
from honrai.platform.authority.api import Actor, Charge, Conflict, Invalid, Rank, check_has_charge
from honrai.platform.events.api import record

_NO_SOURCE = "規程の条項を入力してください。"


def set_route_line(
    *,
    actor: Actor,
    now: datetime,
    kind: StepKind,
    unit: int | None,
    rank: Rank,
    turn: int,
    since: date,
    source: str,
    procedure: str = "",
    over: int | None = None,
    refusals_only: bool = False,
) -> int:
    """Put one line on 回議・合議 into force from a day, and return its key.

    Args:
        actor: staff with the 分掌 "city-settings", or the installation.
        now: the moment.
        kind: 回議 or 合議.
        unit: key of the section; None for the drafting section.
        rank: 職位 that looks at it there.
        turn: order; lines of one turn are open together.
        since: first day in force.
        source: article of the city's rule.
        procedure: procedure code; "" for all without lines of their own.
        over: only for amounts above so many yen.
        refusals_only: only where the proposal refuses.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: no article of the rule.
        Conflict: the same line is in force already.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    if not source.strip():
        raise Invalid(_NO_SOURCE)
    said = {
        "procedure": procedure,
        "kind": kind,
        "unit": unit,
        "rank": rank,
        "turn": turn,
        "over": over,
        "refusals_only": refusals_only,
        "source": source.strip(),
    }
    try:
        with transaction.atomic():
            row = RouteRule.objects.create(**said, period=(since, None))
    except IntegrityError as error:
        raise Conflict("同じ順番・課・職位の定めが、すでに適用されています。先にその適用を終えてください。") from error
    after = said | {"since": since.isoformat()}
    record("approvals.route_line_set", who=actor.who, now=now, subject=("route_line", row.pk), after=after)
    return int(row.pk)


def end_route_line(*, line: int, until: date, actor: Actor, now: datetime) -> None:
    """End a line on 回議・合議: `until` is the first day it is no longer in force.

    Raises:
        Denied: the 分掌 is missing.
        Conflict: not in force then.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    row = RouteRule.objects.select_for_update().filter(pk=line, period__endswith__isnull=True).first()
    if row is None or row.period.lower >= until:
        raise Conflict("この定めは、その日には適用されていません。")
    row.period = (row.period.lower, until)
    row.save(update_fields=["period"])
    record(
        "approvals.route_line_ended",
        who=actor.who,
        now=now,
        subject=("route_line", line),
        after={"until": until.isoformat()},
    )


def set_sampling(*, actor: Actor, now: datetime, percent: int, at_least: int, since: date, source: str) -> int:
    """Say how many documents of a stack are drawn to be opened, from a day on; the rule before ends the day before.

    Args:
        actor: staff with the 分掌 "city-settings", or the installation.
        now: the moment.
        percent: part of a hundred, rounded up, 0 to 100.
        at_least: never fewer than so many.
        since: first day in force.
        source: article of the city's rule.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: no part of a hundred, no article, or a start not after the rule before.
    """
    check_has_charge(actor, Charge.CITY_SETTINGS)
    if not 0 <= percent <= 100 or at_least < 0:
        raise Invalid("抽出割合は0から100の%、最少件数は0以上で指定してください。")
    if not source.strip():
        raise Invalid(_NO_SOURCE)
    before = SamplingRule.objects.select_for_update().filter(period__endswith__isnull=True).first()
    if before is not None:
        if before.period.lower >= since:
            raise Invalid("登録済みの定めより後の日を指定してください。")
        before.period = (before.period.lower, since)
        before.save(update_fields=["period"])
    row = SamplingRule.objects.create(percent=percent, at_least=at_least, period=(since, None), source=source.strip())
    after = {"percent": percent, "at_least": at_least, "since": since.isoformat(), "source": source}
    record("approvals.sampling_set", who=actor.who, now=now, subject=("sampling", row.pk), after=after)
    return int(row.pk)
