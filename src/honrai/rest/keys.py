"""Granting, collecting and revoking keys, and finding the actor behind one."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network

from honrai.platform.authority.api import (
    Actor,
    Charge,
    Conflict,
    Denied,
    Invalid,
    Kind,
    NotFound,
    Rank,
    Seat,
    check_has_charge,
)
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import announce
from honrai.platform.organisations.api import (
    actor_of_person,
    certificates_missing,
    firm_of_contract,
    register_machine,
    units_on,
)
from honrai.rest.events import KeyCollected, KeyIssued, KeyRevoked
from honrai.rest.models import ApiKey, Holder
from honrai.rest.scopes import OFFICIAL, Scope

LONGEST = timedelta(days=400)
_MOST_PER_MINUTE = 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for.

    Attributes:
        name: what connects, in the city's words.
        holder: person, robot or system.
        person: the person whose own key it is; None for machines.
        unit: unit of the city a machine works for; None where it works for a contract.
        contract: contract a machine works for.
        scopes: what it is for.
        networks: addresses or networks calls may come from; empty: any.
        per_minute: calls a minute.
        expires_on: first day it no longer works.
    """

    name: str
    holder: str
    scopes: tuple[str, ...]
    expires_on: date
    person: int | None = None
    unit: int | None = None
    contract: int | None = None
    networks: tuple[str, ...] = ()
    per_minute: int = 120


def issue(wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """Grant a key; whoever it is for collects it once. Returns its key in the table.

    Raises:
        Denied: the 分掌 "api" is missing.
        Invalid: no place, unknown scope, unreadable network, more than 400 days, or an official's scope for anybody else.
    """
    check_has_charge(actor, Charge.API)
    _check(wanted, now)
    person = wanted.person if wanted.holder == Holder.PERSON else _machine(wanted, actor, now)
    if person is None:
        raise Invalid("だれのキーか選んでください")
    _check_official(wanted, actor.city, person, now.date())
    row = ApiKey.objects.create(
        name=wanted.name.strip(),
        holder=wanted.holder,
        person_id=person,
        unit=wanted.unit,
        contract=wanted.contract,
        scopes=sorted(set(wanted.scopes)),
        networks=[str(ip_network(one, strict=False)) for one in wanted.networks],
        per_minute=wanted.per_minute,
        expires_on=wanted.expires_on,
        mark=secrets.token_hex(4),
        issued_by=actor.person,
        issued_at=now,
    )
    event = KeyIssued(key=row.pk, holder=row.holder, scopes=tuple(row.scopes))
    announce(event, who=actor.who, now=now, subject=("api_key", row.pk))
    return int(row.pk)


def _check(wanted: Wanted, now: datetime) -> None:
    if not wanted.name.strip():
        raise Invalid("名称を入力してください")
    if not wanted.scopes or set(wanted.scopes) - set(Scope):
        raise Invalid("できることを一つ以上選んでください")
    if not now.date() < wanted.expires_on <= now.date() + LONGEST:
        raise Invalid("失効日は、明日から400日以内にしてください")
    if not 1 <= wanted.per_minute <= _MOST_PER_MINUTE:
        raise Invalid(f"1分あたりの上限は1から{_MOST_PER_MINUTE}です")
    for one in wanted.networks:
        try:
            ip_network(one, strict=False)
        except ValueError as error:
            raise Invalid(
                f"接続元「{one[:50]}」が読めません。192.0.2.10 や 10.1.0.0/16 のように入力してください"
            ) from error


def _machine(wanted: Wanted, actor: Actor, now: datetime) -> int:
    """Enter a robot or system as somebody who acts, so that what it does has a doer."""
    if (wanted.unit is None) == (wanted.contract is None):
        raise Invalid("担当課か契約の、どちらか一つを選んでください")
    firm = firm_of_contract(wanted.contract, now.date()) if wanted.contract is not None else None
    if wanted.contract is not None and firm is None:
        raise Invalid("その契約は今日は有効ではありません")
    if wanted.unit is not None and wanted.unit not in {one.id for one in units_on(now.date())}:
        raise Invalid("その課は今日はありません")
    return register_machine(actor=actor, now=now, name=wanted.name.strip(), contractor=firm)


def _check_official(wanted: Wanted, city: int, person: int, day: date) -> None:
    """Public authority is not lent to machines or contractors: such a key is never made."""
    if wanted.holder == Holder.PERSON:
        holder = actor_of_person(person, city, day)
        if holder.kind is Kind.STAFF:
            return
    if OFFICIAL & set(wanted.scopes):
        raise Invalid("起案・決裁は、職員本人のキーだけに付けられます")


def collect(*, key: int, actor: Actor, now: datetime) -> str:
    """Make the key and return it: shown this once, to the person it acts as; a machine's to whoever granted it.

    Raises:
        NotFound: no such key, or somebody else's; both read the same.
        Conflict: it was collected already, or revoked.
    """
    row = ApiKey.objects.select_for_update().filter(pk=key).first()
    if row is None or actor.person is None or actor.person != _collector(row):
        raise NotFound("受け取れる接続キーがありません")
    if row.digest or row.revoked_at is not None:
        raise Conflict("この接続キーは受取り済みか、取り消されています。必要なら新しく発行してもらってください")
    token = f"hk_{row.mark}_{secrets.token_urlsafe(32)}"
    row.digest, row.collected_at = digest(token), now
    row.save(update_fields=["digest", "collected_at"])
    announce(KeyCollected(key=row.pk), who=actor.who, now=now, subject=("api_key", row.pk))
    return token


def _collector(row: ApiKey) -> int | None:
    return row.person_id if row.holder == Holder.PERSON else row.issued_by


def revoke(*, key: int, actor: Actor, now: datetime) -> None:
    """Make a key open nothing any more, at once: by the charged official, or by the person whose own it is.

    Raises:
        Denied: neither.
        NotFound: no such key.
    """
    row = ApiKey.objects.select_for_update().filter(pk=key).first()
    if row is None or row.holder != Holder.PERSON or row.person_id != actor.person:
        check_has_charge(actor, Charge.API)
    if row is None:
        raise NotFound("この接続キーはありません")
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        announce(KeyRevoked(key=row.pk), who=actor.who, now=now, subject=("api_key", row.pk))


def find(token: str, now: datetime) -> ApiKey | None:
    """Return the key of this city that a token is, where it still works; None for every other token, whatever the reason."""
    row = ApiKey.objects.filter(digest=digest(token)).select_related("person").first()
    if row is None or row.revoked_at is not None or row.expires_on <= now.date():
        return None
    return row


def check_address(row: ApiKey, address: str) -> None:
    """Raise `Denied` where calls by the key may not come from an address."""
    try:
        caller = ip_address(address)
    except ValueError:
        caller = None
    caller = getattr(caller, "ipv4_mapped", None) or caller
    if row.networks and (caller is None or not any(caller in ip_network(one) for one in row.networks)):
        raise Denied("この接続元からは、この接続キーを使えません。接続キーの担当に確認してください")


def actor_behind(row: ApiKey, *, day: date, address: str) -> Actor:
    """Return who acts by a key on a day: the person with today's posts, or the machine in its place.

    A machine is a robot in authority, whatever it is called: it has no 分掌 and takes no act of public authority.

    Raises:
        Denied: the person has no place today or lacks pledge, training or test; the machine's unit or contract is over.
    """
    place = f"API {row.mark} {address}"
    if row.holder == Holder.PERSON:
        actor = actor_of_person(row.person.pk, current_city(), day, place=place)
        if certificates_missing(row.person.pk, day):
            raise Denied("誓約・研修・テストのうち、有効でないものがあります。所属の管理者に確認してください")
        return actor
    actor = Actor(
        city=current_city(),
        kind=Kind.ROBOT,
        day=day,
        person=row.person_id,
        place=place,
        contractor=row.person.contractor_id,
    )
    if row.contract is not None:
        if firm_of_contract(row.contract, day) is None:
            raise Denied("この接続キーの契約は、今日は有効ではありません")
        return replace(actor, contract=row.contract)
    return replace(actor, seats=(Seat(0, row.unit or 0, Rank.STAFF),))


def digest(token: str) -> str:
    """Return what is stored of a key: it is random and long, so a plain digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
