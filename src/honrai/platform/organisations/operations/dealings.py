"""Open a dealing between city and contractor and take steps in it; each goes out as a message to the contract's queue.

There is no path around the channel: every step is a `send`, so an order waits for a manager on duty, a stop does not, and nobody
of the city can name a person of the contractor.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Channel, Charge, Kind
from honrai.platform.authority.permissions import AgainstContract, check_can_manage_contract, check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.organisations.dealing_rules import (
    COMMERCIAL,
    ENDED,
    NEEDS_DUE,
    OPENINGS,
    DealingKind,
    Side,
    Step,
    first_state,
    fiscal_year,
    number_of,
    steps_open,
)
from honrai.platform.organisations.events import DealingOpened, DealingStepped
from honrai.platform.organisations.models import Contract, Dealing, DealingStep
from honrai.platform.organisations.operations.channel import Message, send

#: What a change agreed on writes into the order.
_TERMS = ("period", "quantity", "quality", "due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a dealing is about: what, how much, how well, when; never how, in what order or by whom.

    Attributes:
        contract: key of the contract.
        kind: kind of dealing.
        title: 件名.
        body: text.
        activity: procedure code; "" for the whole contract.
        since: first day of the period.
        until: last day of the period.
        quantity: how many items.
        quality: what counts as well done.
        due: calendar day of the result or answer.
        concerns: key of the order a change or inspection is about, of the inspection a redo follows.
        facts: what belongs to the kind alone, JSON-able, without names.
        passed: result of an inspection.
    """

    contract: int
    kind: DealingKind
    title: str
    body: str = ""
    activity: str = ""
    since: date | None = None
    until: date | None = None
    quantity: int | None = None
    quality: str = ""
    due: date | None = None
    concerns: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    passed: bool | None = None


def open_dealing(*, actor: Actor, now: datetime, terms: Terms) -> int:
    """Open a dealing and send it to the other side; return its key.

    Raises:
        Denied: this side does not open this kind, not a manager of the contract, or the 分掌 "contracts" is missing.
        NotFound: contract or order is not there.
        Invalid: a date, a quantity or the title is missing, or days are the wrong way round.
    """
    side = side_of(actor, terms.contract)
    _check_may(actor, terms.contract, terms.kind, side)
    if side not in OPENINGS[terms.kind]:
        raise AgainstContract(f"「{terms.kind.label}」は{side.label}からは始められません。")
    _check_terms(terms)
    with in_city(actor.city):
        Contract.objects.select_for_update().filter(pk=terms.contract).first()  # numbers are given one after another
        _check_concerns(terms)
        row = _create(terms, side, actor, now)
        _say(row, actor, now, side, OPENINGS[terms.kind][side], "open", "申出", terms.body)
        event = DealingOpened(dealing=row.pk, contract=row.contract_id, kind=row.kind, by=side.value)
        announce(event, who=actor.who, now=now, subject=("dealing", row.pk), after=_after(row))
    return int(row.pk)


def take_step(*, actor: Actor, now: datetime, dealing: int, key: str, words: str = "", candidate: bool = False) -> None:
    """Take one step in a dealing: accept, answer, agree, report, close ...

    Args:
        actor: somebody of the city, or a manager of the contract.
        now: the moment.
        dealing: key of the dealing.
        key: which step (`dealing_rules.STEPS`).
        words: what is said; needed for some steps.
        candidate: with the answer to a query: keep it as a candidate for precedents and the manual.

    Raises:
        Denied: not of the contract or not its manager, or the 分掌 "contracts" is missing.
        NotFound: no such dealing, or it has not reached the contractor yet.
        Conflict: not possible in the state the dealing is in.
        Invalid: words are missing.
    """
    with in_city(actor.city):
        row = Dealing.objects.select_for_update().filter(pk=dealing).first()
        if row is None:
            raise NotFound("該当する取扱いはありません。")
        side = side_of(actor, row.contract_id)
        _check_may(actor, row.contract_id, DealingKind(row.kind), side)
        if side is Side.CONTRACTOR and row.steps.filter(key="open", message__delivered_at__isnull=True).exists():
            raise NotFound("該当する取扱いはありません。")
        step = _possible(row, side, key)
        if step.words and not words.strip():
            raise Invalid(f"「{step.label}」の内容を入力してください。")
        _apply(row, step, side, now, candidate)
        _say(row, actor, now, side, step.channels[side], step.key, step.label, words)
        event = DealingStepped(
            dealing=row.pk, contract=row.contract_id, step=step.key, state=row.state, by=side.value, candidate=candidate
        )
        announce(event, who=actor.who, now=now, subject=("dealing", row.pk), after=_after(row))


def side_of(actor: Actor, contract: int) -> Side:
    """Return on which side of a contract somebody stands.

    Raises:
        Denied: neither of the city nor of the contract.
    """
    if actor.kind is Kind.STAFF:
        return Side.CITY
    if actor.kind is Kind.CONTRACTOR and actor.contract == contract:
        return Side.CONTRACTOR
    raise AgainstContract("この契約の取扱いは、市の職員と、契約の管理責任者だけが行えます。")


def check_not_stopped(*, contract: int, activity: str) -> None:
    """Raise where the city ordered this activity of the contract to stop; one indexed query.

    Raises:
        Conflict: a stop is in force.
    """
    stops = Dealing.objects.filter(kind=DealingKind.STOP, state__in=("open", "stopped"), contract_id=contract)
    found = stops.filter(Q(activity=activity) | Q(activity="")).order_by("pk").first()
    if found is not None:
        number = number_of(DealingKind.STOP, found.year, found.serial)
        raise Conflict(f"市から作業停止の連絡が出ています（{number}）。管理責任者に確かめてください。")


def _check_may(actor: Actor, contract: int, kind: DealingKind, side: Side) -> None:
    if side is Side.CONTRACTOR:
        check_can_manage_contract(actor, contract)
    elif kind in COMMERCIAL:
        check_has_charge(actor, Charge.CONTRACTS)


def _check_terms(terms: Terms) -> None:
    if not terms.title.strip():
        raise Invalid("件名を入力してください。")
    if terms.kind in NEEDS_DUE and terms.due is None:
        raise Invalid("期限を入力してください。")
    if terms.since and terms.until and terms.until < terms.since:
        raise Invalid("期間の終わりは、始まりの日以後にしてください。")
    if terms.kind is DealingKind.ORDER and not (terms.activity and terms.since and terms.until and terms.quantity):
        raise Invalid("発注には、業務・履行期間・数量を入力してください。")
    if terms.kind is DealingKind.INSPECTION and terms.passed is None:
        raise Invalid("検収の結果（合格・再履行）を選んでください。")


def _check_concerns(terms: Terms) -> None:
    needed = {
        DealingKind.CHANGE: (DealingKind.ORDER, "協議の対象となる発注"),
        DealingKind.INSPECTION: (DealingKind.ORDER, "検収の対象となる発注"),
        DealingKind.REDO: (DealingKind.INSPECTION, "再履行のもとになる検収"),
    }.get(terms.kind)
    if needed is None:
        return
    found = Dealing.objects.filter(pk=terms.concerns or 0, contract_id=terms.contract, kind=needed[0])
    if not found.exclude(state__in=("withdrawn", "closed")).exists():
        raise NotFound(f"{needed[1]}が見つかりません。")


def _create(terms: Terms, side: Side, actor: Actor, now: datetime) -> Dealing:
    year = fiscal_year(actor.day)
    numbered = Dealing.objects.filter(contract_id=terms.contract, kind=terms.kind.value, year=year)
    last = numbered.aggregate(last=Max("serial"))["last"] or 0
    until = date.fromordinal(terms.until.toordinal() + 1) if terms.until else None
    return Dealing.objects.create(
        contract_id=terms.contract,
        kind=terms.kind.value,
        year=year,
        serial=last + 1,
        title=terms.title,
        body=terms.body,
        activity=terms.activity,
        period=(terms.since, until) if terms.since or until else None,
        quantity=terms.quantity,
        quality=terms.quality,
        due=terms.due,
        state=first_state(terms.kind, terms.passed),
        opened_by=side.value,
        opened_at=now,
        ended_at=now if terms.kind is DealingKind.INSPECTION else None,
        concerns_id=terms.concerns,
        facts=terms.facts
        | ({"agreed": {side.value: actor.day.isoformat()}} if terms.kind is DealingKind.CHANGE else {}),
    )


def _possible(row: Dealing, side: Side, key: str) -> Step:
    steps = steps_open(DealingKind(row.kind), row.state, side, Side(row.opened_by))
    found = next((step for step in steps if step.key == key), None)
    if found is None:
        raise Conflict("いまの状態では行えません。画面を開き直して確かめてください。")
    return found


def _apply(row: Dealing, step: Step, side: Side, now: datetime, candidate: bool) -> None:
    if row.kind == DealingKind.ORDER and step.key == "close":
        _check_fulfilled(row)
    if row.kind == DealingKind.CHANGE and step.key == "agree":
        row.facts = row.facts | {"agreed": row.facts["agreed"] | {side.value: now.date().isoformat()}}
        _change_order(row)
    if candidate and row.kind == DealingKind.QUERY and step.key == "answer":
        row.facts = row.facts | {"candidate": True}
    row.state = step.end or row.state
    row.ended_at = now if row.state in ENDED else None
    row.save(update_fields=["state", "ended_at", "facts"])


def _check_fulfilled(order: Dealing) -> None:
    follow = order.followed_by.filter(kind=DealingKind.INSPECTION)
    if not follow.filter(state="passed").exists():
        raise Conflict("検収に合格していません。検収してから終了してください。")
    if Dealing.objects.filter(kind=DealingKind.REDO, concerns__in=follow).exclude(state="closed").exists():
        raise Conflict("再履行が終わっていません。")


def _change_order(change: Dealing) -> None:
    order = change.concerns
    if order is None or order.state in ENDED:
        raise Conflict("対象の発注は終わっています。")
    order.facts = order.facts | {"changed_by": [*order.facts.get("changed_by", ()), change.pk]}
    for name in _TERMS:
        if getattr(change, name):
            setattr(order, name, getattr(change, name))
    order.state = "accepted" if order.state == "objected" else order.state
    order.save(update_fields=[*_TERMS, "state", "facts"])


def _say(
    row: Dealing, actor: Actor, now: datetime, side: Side, channel: Channel, key: str, label: str, words: str
) -> None:
    number = number_of(DealingKind(row.kind), row.year, row.serial)
    message = Message(
        contract=row.contract_id,
        channel=channel,
        title=f"{number} {label}：{row.title}"[:120],
        body=words,
        queue=row.activity,
        about=("dealing", row.pk),
        due=row.due,
        quantity=row.quantity,
    )
    sent = send(actor=actor, now=now, message=message)
    DealingStep.objects.create(
        dealing=row, at=now, side=side.value, key=key, label=label, body=words, by_id=actor.person, message_id=sent
    )


def _after(row: Dealing) -> dict[str, Any]:
    return {
        "number": number_of(DealingKind(row.kind), row.year, row.serial),
        "state": row.state,
        "activity": row.activity,
        "quantity": row.quantity,
        "due": row.due.isoformat() if row.due else None,
        "concerns": row.concerns_id,
    }
