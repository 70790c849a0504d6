"""Setting how long things are kept, and holding back what must not go yet."""

from datetime import date, datetime

from honrai.platform.authority.api import Actor, Charge, check_has_charge
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.privacy.keeping import kinds
from honrai.platform.privacy.models import LegalHold, RetentionRule, Unit


def set_retention(
    *, kind: str, procedure: str, length: int, unit: str, since: date, source: str, actor: Actor, now: datetime
) -> int:
    """Put one line on keeping into force from `since`; the line it follows ends the day before.

    Args:
        kind: a registered kind.
        procedure: procedure code; "" for all without lines of their own.
        length: years or days, at least 1.
        unit: year or day.
        since: first day in force.
        source: article of the city's 文書管理規程.
        actor: staff with the charge 廃棄・消去.
        now: the moment.

    Raises:
        Denied: the charge is missing.
        Invalid: unknown kind or unit, no length, no article, or a start not after the line it follows.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    if kind not in kinds() or unit not in Unit.values:
        raise Invalid("文書の種類と単位を選んでください。")
    if length < 1 or not source.strip():
        raise Invalid("保存期間は1以上で、規程の条項と合わせて入力してください。")
    before = RetentionRule.objects.select_for_update().filter(
        kind=kind, procedure=procedure, period__endswith__isnull=True
    )
    earlier = before.first()
    if earlier is not None:
        if earlier.period.lower >= since:
            raise Invalid(f"{earlier.period.lower:%Y/%m/%d}からの定めがあります。それより後の日を指定してください。")
        earlier.period = (earlier.period.lower, since)
        earlier.save(update_fields=["period"])
    said = {"kind": kind, "procedure": procedure, "length": length, "unit": unit, "source": source.strip()}
    row = RetentionRule.objects.create(**said, period=(since, None))
    was = {"id": earlier.pk, "length": earlier.length, "unit": earlier.unit} if earlier else None
    record(
        "privacy.retention_set",
        who=actor.who,
        now=now,
        subject=("retention_rule", row.pk),
        before=was,
        after=said | {"since": since.isoformat()},
    )
    return int(row.pk)


def set_hold(*, kind: str, number: str, procedure: str, reason: str, actor: Actor, now: datetime) -> int:
    """Hold back one matter, a procedure, or a whole kind from disposal; return the hold's key.

    Args:
        kind: a registered kind.
        number: number of the matter (受付番号 of a case); "" for all of the procedure or kind.
        procedure: procedure code; "" for all.
        reason: why, e.g. 審査請求, 訴訟, 開示請求; must be said.
        actor: staff with the charge 廃棄・消去.
        now: the moment.

    Raises:
        Denied: the charge is missing.
        Invalid: unknown kind or no reason.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    if kind not in kinds() or not reason.strip():
        raise Invalid("文書の種類と保留の理由を入力してください。")
    row = LegalHold.objects.create(
        kind=kind,
        number=number.strip(),
        procedure=procedure.strip(),
        reason=reason.strip(),
        set_by=actor.person,
        set_at=now,
    )
    after = {"kind": kind, "number": row.number, "procedure": row.procedure, "reason": row.reason}
    record("privacy.hold_set", who=actor.who, now=now, subject=("legal_hold", row.pk), after=after)
    return int(row.pk)


def lift_hold(*, hold: int, reason: str, actor: Actor, now: datetime) -> None:
    """Lift a hold; what it covered may stand on the next list.

    Raises:
        Denied: the charge is missing.
        Invalid: no reason.
        NotFound: no such hold.
        Conflict: lifted already.
    """
    check_has_charge(actor, Charge.DISPOSAL)
    if not reason.strip():
        raise Invalid("解除の理由を入力してください。")
    row = LegalHold.objects.select_for_update().filter(pk=hold).first()
    if row is None:
        raise NotFound("この保留は見つかりません。")
    if row.lifted_at is not None:
        raise Conflict("この保留はすでに解除されています。")
    row.lifted_by, row.lifted_at, row.lifted_for = actor.person, now, reason.strip()
    row.save()
    record(
        "privacy.hold_lifted",
        who=actor.who,
        now=now,
        subject=("legal_hold", hold),
        before={"reason": row.reason},
        after={"reason": row.lifted_for},
    )


def hold_over(kind: str, number: str, procedure: str) -> LegalHold | None:
    """Return a hold in force over a matter; None where nothing holds it back."""
    rows = LegalHold.objects.filter(kind=kind, lifted_at__isnull=True)
    rows = rows.filter(number__in=["", number], procedure__in=["", procedure])
    return rows.order_by("pk").first()
