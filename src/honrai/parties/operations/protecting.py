"""支援措置: registering whom it protects from which household, and asking whether something touches that household."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from honrai.kernel.names import fold_name
from honrai.parties.events import ProtectionEnded, ProtectionRegistered
from honrai.parties.models import Household, Match, Protection, Resident
from honrai.parties.permissions import PROTECTION
from honrai.parties.rules.keys import name_key, place_key
from honrai.parties.rules.protecting import Kept, touched
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound, check_has_charge
from honrai.platform.events.api import announce


def register_protection(
    *,
    number: str,
    protected: Sequence[str],
    former_address: str,
    former_household: str = "",
    other_name: str = "",
    since: date,
    until: date | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Register a 支援措置 as it was granted, and return its key.

    Args:
        number: of the request (申出).
        protected: 宛名番号 of the protected person and those protected with them.
        former_address: where the former household lives; letters there stop.
        former_household: its 世帯番号, where known.
        other_name: the other party, who may live elsewhere by now.
        since: first day.
        until: the day after the last, None for open end.
        actor: an official of the 支援措置 desk.
        now: the moment.

    Raises:
        Denied: not of the 支援措置 desk.
        Invalid: nobody protected or no former address.
        Conflict: the number is registered already.

    Source: 住民基本台帳事務処理要領 第5-10 (支援措置).
    """
    check_has_charge(actor, PROTECTION)
    numbers = [one.strip() for one in protected if one.strip()]
    if not (number.strip() and numbers and former_address.strip()):
        raise Invalid("申出の番号、守られる人の宛名番号、元の住所を入力してください")
    if Protection.objects.filter(number=number.strip()).exists():
        raise Conflict("この番号の申出は登録されています。番号を確かめてください")
    row = Protection.objects.create(
        number=number.strip(), protected=numbers, former_household=former_household.strip(),
        former_address=former_address.strip(), former_key=place_key(former_address), other_name=other_name.strip(),
        other_key=name_key(other_name) if other_name.strip() else "", since=since, until=until,
        registered_by=actor.person, registered_at=now,
    )  # fmt: skip
    event = ProtectionRegistered(protection=row.pk)
    announce(event, who=actor.who, now=now, subject=("protection", row.pk))
    return int(row.pk)


def end_protection(protection: int, *, until: date, actor: Actor, now: datetime) -> None:
    """End a 支援措置 with the day after its last.

    Raises:
        Denied: not of the 支援措置 desk.
        NotFound: there is none.
    """
    check_has_charge(actor, PROTECTION)
    if not Protection.objects.filter(pk=protection).update(until=until):
        raise NotFound("この支援措置の登録は見つかりません")
    announce(
        ProtectionEnded(protection=protection, until=until), who=actor.who, now=now, subject=("protection", protection)
    )


def touches(*, case: int, protected: bool, party: str, name: str, address: str, on: date) -> tuple[str, ...]:
    """Return why something sent touches a protected person's former household (keys of `TOUCHES`); empty where it does not.

    Args:
        case: the matter; whom it was found to be about counts, too.
        protected: the case is flagged.
        party: 宛名番号 of the subject where known, "" otherwise.
        name: whom it goes to.
        address: where it goes.
        on: the day it goes.
    """
    subjects = {party} if party else set()
    subjects |= set(Match.objects.filter(case=case).values_list("number", flat=True))
    homes = Resident.objects.filter(number__in=subjects).values("household_number")
    protected = protected or Household.objects.filter(number__in=homes, protected=True).exists()
    return touched(
        [_kept(row) for row in _in_force(on)],
        subjects=frozenset(subjects),
        protected=protected,
        name=name_key(name) if name.strip() else "",
        place=place_key(address),
        address=_plain(address),
    )


def _in_force(on: date) -> list[Protection]:
    return list(Protection.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on))


def _kept(row: Protection) -> Kept:
    members = (
        Resident.objects.filter(household_number=row.former_household)
        if row.former_household
        else Resident.objects.none()
    )
    names = members.exclude(number__in=row.protected).values_list("name", flat=True)
    return Kept(
        frozenset(row.protected),
        _plain(row.former_address),
        row.former_key,
        row.other_key,
        frozenset(map(name_key, names)),
    )


def _plain(address: str) -> str:
    """An address without spaces and with widths of digits folded, for those no key can be made of."""
    return fold_name(address)
