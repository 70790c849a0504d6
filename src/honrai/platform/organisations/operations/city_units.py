"""Units, posts and 分掌 of the city."""

from datetime import date, datetime
from typing import Any

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge, Rank
from honrai.platform.authority.permissions import check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.organisations.models import Post, PostCharge, Unit, UnitVersion
from honrai.platform.organisations.models.units import UnitKind
from honrai.platform.organisations.operations.keys import check_exists
from honrai.platform.organisations.rules import above


def define_unit(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    kind: str,
    name: str,
    since: date,
    parent: int | None = None,
    symbol: str = "",
) -> int:
    """Found a unit, or give an existing one a new name or place from `since`; its posts and work stay with it.

    Args:
        actor: staff with the 分掌 "organisation".
        now: the moment, with zone.
        code: 組織コード, the unit's identity.
        kind: one of `UnitKind`.
        name: name from `since` on.
        since: first day.
        parent: key of the unit it hangs under; None for the city itself.
        symbol: 文書記号 used in document numbers.

    Returns:
        The key of the unit.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: unknown kind, no name, or the parent hangs under the unit.
        Conflict: a version that starts on or after `since` is stored already.
    """
    check_has_charge(actor, Charge.ORGANISATION)
    if kind not in UnitKind.values or not name.strip():
        raise Invalid("組織の種別と名称を入力してください。")
    with in_city(actor.city):
        check_exists(Unit, parent)
        unit, _ = Unit.objects.get_or_create(code=code, defaults={"kind": kind})
        parents = dict(UnitVersion.objects.filter(period__contains=since).values_list("unit_id", "parent_id"))
        if parent is not None and unit.pk in above(parents, parent):
            raise Invalid("上位の組織に、自身またはその下の組織は指定できません。")
        before = _end_version(unit.pk, since)
        UnitVersion.objects.create(unit=unit, parent_id=parent, name=name, symbol=symbol, period=(since, None))
        after = {"name": name, "parent": parent, "symbol": symbol, "since": since.isoformat()}
        record(
            "organisations.unit_defined", who=actor.who, now=now, subject=("unit", unit.pk), before=before, after=after
        )
    return int(unit.pk)


def abolish_unit(*, actor: Actor, now: datetime, unit: int, on: date) -> None:
    """End a unit at 00:00 of a day.

    Raises:
        Denied: the 分掌 is missing.
        Conflict: a post of the unit, or a unit below it, exists on that day.
    """
    check_has_charge(actor, Charge.ORGANISATION)
    with in_city(actor.city):
        below = UnitVersion.objects.filter(parent_id=unit, period__contains=on).exists()
        if below or Post.objects.filter(unit_id=unit, period__contains=on).exists():
            raise Conflict("下位の組織または職が残っています。先に移すか廃止してください。")
        before = _end_version(unit, on)
        record(
            "organisations.unit_abolished", who=actor.who, now=now, subject=("unit", unit), before=before, after=None
        )


def _end_version(unit: int, on: date) -> dict[str, Any] | None:
    """End the open version of a unit; return what it was."""
    row = UnitVersion.objects.select_for_update().filter(unit_id=unit, period__endswith__isnull=True).first()
    if row is None:
        return None
    if row.period.lower >= on:
        raise Conflict(f"{row.period.lower:%Y年%m月%d日}からの変更が登録済みです。それより後の日を指定してください。")
    row.period = (row.period.lower, on)
    row.save(update_fields=["period"])
    return {"name": row.name, "parent": row.parent_id, "symbol": row.symbol}


def define_post(
    *, actor: Actor, now: datetime, code: str, unit: int, title: str, rank: Rank, since: date, until: date | None = None
) -> int:
    """Set up a post (one seat) in a unit from `since` to before `until`; return its key.

    Raises:
        Denied: the 分掌 is missing.
        NotFound: the unit does not exist on `since`.
        Conflict: the post code is taken.
    """
    check_has_charge(actor, Charge.ORGANISATION)
    with in_city(actor.city):
        if not UnitVersion.objects.filter(unit_id=unit, period__contains=since).exists():
            raise NotFound("その日に存在しない組織です。組織コードと日付を確認してください。")
        if Post.objects.filter(code=code).exists():
            raise Conflict(f"職コード「{code}」は使われています。")
        post = Post.objects.create(code=code, unit_id=unit, title=title, rank=rank, period=(since, until))
        after = {"code": code, "unit": unit, "title": title, "rank": int(rank), "since": since.isoformat()}
        record("organisations.post_defined", who=actor.who, now=now, subject=("post", post.pk), after=after)
    return int(post.pk)


def lay_charge(*, actor: Actor, now: datetime, post: int, charge: str, since: date, until: date | None = None) -> None:
    """Lay a task of running the house (分掌) on a post.

    Raises:
        Denied: the 分掌 "organisation" is missing.
        Conflict: it is laid on the post already in that period.
    """
    check_has_charge(actor, Charge.ORGANISATION)
    with in_city(actor.city):
        check_exists(Post, post)
        if PostCharge.objects.filter(post_id=post, charge=charge, period__overlap=(since, until)).exists():
            raise Conflict("この職には、その分掌が登録済みです。")
        PostCharge.objects.create(post_id=post, charge=charge, period=(since, until))
        after = {"charge": charge, "since": since.isoformat()}
        record("organisations.charge_laid", who=actor.who, now=now, subject=("post", post), after=after)


def lift_charge(*, actor: Actor, now: datetime, post: int, charge: str, on: date) -> None:
    """Take a 分掌 off a post from 00:00 of a day.

    Raises:
        Denied: the 分掌 "organisation" is missing.
        NotFound: it is not laid on the post before that day.
    """
    check_has_charge(actor, Charge.ORGANISATION)
    with in_city(actor.city):
        rows = PostCharge.objects.select_for_update().filter(post_id=post, charge=charge)
        row = rows.filter(period__startswith__lt=on, period__endswith__isnull=True).first()
        if row is None:
            raise NotFound("この職に、その分掌はありません。")
        row.period = (row.period.lower, on)
        row.save(update_fields=["period"])
        record("organisations.charge_lifted", who=actor.who, now=now, subject=("post", post), before={"charge": charge})
