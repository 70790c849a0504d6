"""返還・消去 at the end of a contract: what it held is listed, accounted for one by one, confirmed by the city, certified."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from honrai.platform.authority.api import Actor, Charge, can_manage_contract, check_has_charge
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.organisations.models import Contract
from honrai.platform.organisations.operations.ending import count_places, end_places_of
from honrai.platform.privacy.models import Closing, ClosingStep

_PDF = files.Limits(frozenset({"application/pdf"}), 10 * MEGABYTE)
ACCOUNTS = "accounts"
HOWS = {"returned": "返還", "erased": "消去", "none": "該当なし"}


@dataclass(frozen=True, slots=True)
class Held:
    """A kind of thing a contract holds; `count(contract, now)` where the system can count it, None where people must say."""

    kind: str
    label: str
    count: Callable[[int, datetime], int] | None = None
    must_be_none: bool = False


_held: list[Held] = []
_OWN = (
    Held(ACCOUNTS, "利用者（確認と同時に、この市へのサインインを止める）", count_places),
    Held("paper", "紙の申請書・写し・名簿"),
    Held("devices", "貸与した機器・鍵・名札・媒体"),
    Held("copies", "受託者の設備に置いたデータ（控え・バックアップを含む）"),
)


def hold_things(*things: Held) -> None:
    """Register what chapters know a contract holds; done once, in `site/wiring.py`."""
    _held[:] = things


def start_closing(*, contract: int, actor: Actor, now: datetime) -> int:
    """Begin the end of a contract: list what it holds, as counted now; return the key.

    Raises:
        Denied: the charge 契約の管理 is missing.
        NotFound: no such contract.
        Conflict: begun already.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    if not Contract.objects.filter(pk=contract).exists():
        raise NotFound("該当する契約はありません。")
    try:
        with transaction.atomic():
            row = Closing.objects.create(contract_id=contract, started_by=actor.person, started_at=now)
    except IntegrityError as error:
        raise Conflict("この契約の返還・消去は、すでに始まっています。") from error
    for thing in (*_held, *_OWN):
        counted = thing.count is not None
        number = thing.count(contract, now) if thing.count is not None else 0
        ClosingStep.objects.create(closing=row, kind=thing.kind, label=thing.label, counted=counted, at_start=number)
    record("privacy.closing_started", who=actor.who, now=now, subject=("contract", contract))
    return int(row.pk)


def declare(*, step: int, how: str, note: str, actor: Actor, now: datetime) -> None:
    """Say what was done with one kind of thing: returned, erased, or nothing was held; the method in words.

    Raises:
        Denied: neither a manager of the contract nor the charge 契約の管理.
        Invalid: no such way, or no method said.
        Conflict: the city has confirmed already.
    """
    row = ClosingStep.objects.select_for_update(of=("self",)).select_related("closing").filter(pk=step).first()
    if row is None:
        raise NotFound("この項目は見つかりません。")
    if not can_manage_contract(actor, row.closing.contract_id):
        check_has_charge(actor, Charge.CONTRACTS)
    if how not in HOWS or (how != "none" and not note.strip()):
        raise Invalid("返還・消去・該当なしのどれかを選び、方法と日付を入力してください。")
    if row.closing.confirmed_at is not None:
        raise Conflict("市の確認が済んでいるため、変えられません。")
    row.how, row.note, row.done_by, row.done_at = how, note.strip()[:200], actor.person, now
    row.save()
    subject = ("contract", row.closing.contract_id)
    record("privacy.closing_declared", who=actor.who, now=now, subject=subject, data={"kind": row.kind, "how": how})


def left_of(contract: int, now: datetime) -> dict[str, int]:
    """Return how many things of each counted kind the contract holds now, by kind."""
    return {one.kind: one.count(contract, now) for one in (*_held, *_OWN) if one.count is not None}


def confirm(*, closing: int, actor: Actor, now: datetime, certificate: Callable[[Closing], bytes]) -> int:
    """Confirm that everything was given back or erased: places end, the certificate is made and kept; return its file.

    Args:
        closing: key.
        actor: staff with the charge 契約の管理, not who declared a step.
        now: the moment.
        certificate: makes the PDF from the confirmed row.

    Raises:
        Denied: the charge is missing.
        Conflict: confirmed already, a step is not declared, or work is still open.
        Invalid: the actor declared a step: another official confirms.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    row = Closing.objects.select_for_update().filter(pk=closing).first()
    if row is None:
        raise NotFound("この返還・消去は見つかりません。")
    if row.confirmed_at is not None or row.steps.filter(how="").exists():
        raise Conflict("確認が済んでいるか、まだ申出のない項目があります。")
    if row.steps.filter(done_by=actor.person).exists():
        raise Invalid("項目を申し出た本人は確認できません。契約の管理を担うほかの職員が確認してください。")
    now_held = left_of(row.contract_id, now)
    if left := [one.label for one in _held if one.must_be_none and now_held[one.kind]]:
        raise Conflict(f"まだ残っています：{'、'.join(left)}。引き取るか、ほかの契約へ移してから確認してください。")
    end_places_of(row.contract_id, actor=actor, now=now)
    row.confirmed_by, row.confirmed_at = actor.person, now
    kept = files.store(certificate(row), name="返還・消去証明.pdf", limits=_PDF, who=actor.who, now=now)
    row.certificate = kept.id
    row.save()
    record("privacy.closing_confirmed", who=actor.who, now=now, subject=("contract", row.contract_id))
    return kept.id


def closing_of(contract: int) -> Closing | None:
    """Return the end of a contract, where it has begun."""
    return Closing.objects.filter(contract=contract).select_related("contract__contractor").first()
