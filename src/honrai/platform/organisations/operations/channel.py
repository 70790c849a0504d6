"""Between city and contractor: managers on duty, messages to a contract's queue, assigning inside it.

There is no operation by which the city reaches a contractor's person: a message has a contract, never a recipient.

Source: domain/centre.md Part 2 section 1, software rules 1-10 against 偽装請負.
"""

from dataclasses import dataclass
from datetime import date, datetime

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Channel
from honrai.platform.authority.permissions import check_can_manage_contract, check_can_send
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.organisations.events import MessageAssigned, MessageDelivered, MessageHeld
from honrai.platform.organisations.models import Assignment, Contract, ContractMessage, DutyPeriod, Unit
from honrai.platform.organisations.operations.keys import check_exists
from honrai.platform.organisations.queries import on_duty
from honrai.platform.organisations.rules import is_held


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said to or by a contract: what, how much, how well and by when; never how, in what order or by whom.

    Attributes:
        contract: key of the contract.
        channel: kind of message.
        title: 件名.
        body: text.
        queue: the contract's work queue it belongs to, e.g. a procedure code.
        about: kind and key of the thing it is about, e.g. ("task", 12).
        due: calendar day by which the result is wanted.
        quantity: how many items.
        unit: key of the city's section concerned.
        answers: key of the message it answers.
        reason: why a direct explanation was needed (equipment, initial explanation).
        supervisor: key of the manager who was present at it.
    """

    contract: int
    channel: Channel
    title: str
    body: str = ""
    queue: str = ""
    about: tuple[str, int] | None = None
    due: date | None = None
    quantity: int | None = None
    unit: int | None = None
    answers: int | None = None
    reason: str = ""
    supervisor: int | None = None


def send(*, actor: Actor, now: datetime, message: Message) -> int:
    """Send a message to a contract's queue, or from the contract to the city; return its key.

    New and changed orders are held until a manager is on duty; standing work, returns, answers, safety and stop arrive
    at once.

    Raises:
        Denied: the sender may not send this kind (`authority.why_not_send`).
        NotFound: the contract is not in force.
        Invalid: no title, or the supervisor named is no manager of the contract.
    """
    check_can_send(actor, message.contract, message.channel, reason=message.reason, supervisor=message.supervisor)
    if not message.title.strip():
        raise Invalid("件名を入力してください。")
    with in_city(actor.city):
        if not Contract.objects.filter(pk=message.contract, period__contains=actor.day).exists():
            raise NotFound("有効な契約ではありません。")
        check_exists(Unit, message.unit)
        check_exists(ContractMessage, message.answers)
        if message.supervisor is not None and not _is_manager(message.supervisor, message.contract, actor.day):
            raise Invalid("立会者には、この契約の管理責任者・副管理責任者を指定してください。")
        if message.channel.waits_for_manager:  # an order and a manager coming on duty must not miss one another
            Contract.objects.select_for_update().get(pk=message.contract)
        held = is_held(message.channel, on_duty(message.contract, now))
        row = _store(actor, now, message, held)
        kind = MessageHeld if held else MessageDelivered
        event = kind(message=row.pk, contract=message.contract, channel=message.channel.value)
        announce(event, who=actor.who, now=now, subject=("message", row.pk))
    return int(row.pk)


def _store(actor: Actor, now: datetime, message: Message, held: bool) -> ContractMessage:
    about_kind, about_id = message.about or ("", None)
    return ContractMessage.objects.create(
        contract_id=message.contract,
        channel=message.channel.value,
        queue=message.queue,
        title=message.title,
        body=message.body,
        about_kind=about_kind,
        about_id=about_id,
        due=message.due,
        quantity=message.quantity,
        answers_id=message.answers,
        unit_id=message.unit,
        reason=message.reason,
        supervisor_id=message.supervisor,
        sent_by_id=actor.person,
        sent_at=now,
        delivered_at=None if held else now,
    )


def _is_manager(person: int, contract: int, day: date) -> bool:
    return Assignment.objects.filter(
        person_id=person, contract_id=contract, role__in=["manager", "deputy-manager"], period__contains=day
    ).exists()


def start_duty(*, actor: Actor, now: datetime, until: datetime) -> int:
    """A manager goes on duty until a stated time at the latest; held orders are delivered. Return how many.

    Raises:
        Denied: not a manager of a contract.
        Conflict: on duty already.
        Invalid: `until` is not later than now and within 24 hours.
    """
    contract, person = _manager(actor)
    if not 0 < (until - now).total_seconds() <= 86_400:
        raise Invalid("在席の終わりは、今から24時間以内の時刻にしてください。")
    with in_city(actor.city):
        Contract.objects.select_for_update().get(pk=contract)
        if DutyPeriod.objects.filter(person_id=person, during__overlap=(now, until)).exists():
            raise Conflict("在席中です。")
        DutyPeriod.objects.create(contract_id=contract, person_id=person, during=(now, until))
        record("organisations.duty_started", who=actor.who, now=now, subject=("contract", contract))
        return _deliver_held(actor, contract, now)


def end_duty(*, actor: Actor, now: datetime) -> None:
    """A manager goes off duty.

    Raises:
        Denied: not a manager of a contract.
        NotFound: not on duty.
    """
    contract, person = _manager(actor)
    with in_city(actor.city):
        row = DutyPeriod.objects.select_for_update().filter(person_id=person, during__contains=now).first()
        if row is None:
            raise NotFound("在席中ではありません。")
        if row.during.lower == now:
            row.delete()
        else:
            row.during = (row.during.lower, now)
            row.save(update_fields=["during"])
        record("organisations.duty_ended", who=actor.who, now=now, subject=("contract", contract))


def _manager(actor: Actor) -> tuple[int, int]:
    """Return contract and person of a manager."""
    if actor.contract is None or actor.person is None:
        raise Denied("契約の管理責任者・副管理責任者だけが行えます。")
    check_can_manage_contract(actor, actor.contract)
    return actor.contract, actor.person


def _deliver_held(actor: Actor, contract: int, now: datetime) -> int:
    rows = ContractMessage.objects.select_for_update().filter(contract_id=contract, delivered_at__isnull=True)
    held = list(rows.order_by("pk"))
    for row in held:
        row.delivered_at = now
        row.save(update_fields=["delivered_at"])
        event = MessageDelivered(message=row.pk, contract=contract, channel=row.channel)
        announce(event, who=actor.who, now=now, subject=("message", row.pk))
    return len(held)


def assign_message(*, actor: Actor, now: datetime, message: int, person: int) -> None:
    """Give a delivered message to one of the contract's people.

    Raises:
        Denied: not a manager of the contract.
        NotFound: no such delivered message, or the person does not work under the contract today.
        Conflict: it is done already.
    """
    with in_city(actor.city):
        row = _delivered(message)
        check_can_manage_contract(actor, row.contract_id)
        if row.done_at is not None:
            raise Conflict("完了した連絡です。")
        if not Assignment.objects.filter(
            person_id=person, contract_id=row.contract_id, period__contains=actor.day
        ).exists():
            raise NotFound("この契約で本日働いている人を指定してください。")
        row.assigned_to_id = person
        row.save(update_fields=["assigned_to"])
        event = MessageAssigned(message=row.pk, contract=row.contract_id)
        announce(event, who=actor.who, now=now, subject=("message", row.pk))


def finish_message(*, actor: Actor, now: datetime, message: int) -> None:
    """Mark a message as done: by whoever the manager gave it to, or by the manager; by the city for the contract's.

    Raises:
        Denied: somebody else.
        NotFound: no such delivered message.
        Conflict: it is done already.
    """
    with in_city(actor.city):
        row = _delivered(message)
        if not Channel(row.channel).from_city:
            check_can_send(actor, row.contract_id, Channel.ANSWER)
        elif actor.person is None or actor.person != row.assigned_to_id or actor.contract != row.contract_id:
            check_can_manage_contract(actor, row.contract_id)
        if row.done_at is not None:
            raise Conflict("完了した連絡です。")
        row.done_at = now
        row.save(update_fields=["done_at"])
        record("organisations.message_done", who=actor.who, now=now, subject=("message", row.pk))


def _delivered(message: int) -> ContractMessage:
    rows = ContractMessage.objects.select_for_update()
    row = rows.filter(pk=message, delivered_at__isnull=False).first()
    if row is None:
        raise NotFound("該当する連絡はありません。")
    return row
