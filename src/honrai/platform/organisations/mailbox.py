"""Reading the contract channel: each side sees what it may."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Channel, Charge, Kind, TeamRole
from honrai.platform.authority.permissions import can_manage_contract, can_see_name, check_has_charge, has_charge
from honrai.platform.organisations.models import AccountRequest, ContractMessage
from honrai.platform.organisations.queries import display_names


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as the viewer may see it. `assigned_to` is a name for the own firm; other viewers get ""."""

    id: int
    contract: int
    channel: Channel
    title: str
    body: str
    due: date | None
    quantity: int | None
    sent_at: datetime
    held: bool
    done: bool
    assigned_to: str
    answers: int | None


def messages_for(viewer: Actor, contract: int, *, open_only: bool = True) -> list[MessageView]:
    """Return the messages of a contract the viewer may read, oldest first.

    City staff read both directions but not who works on what; managers of the contract read all that was delivered;
    other people of the contract only what was given to them. Anybody else reads nothing.
    """
    rows = _visible(viewer, contract)
    if open_only:
        rows = rows.filter(done_at__isnull=True)
    found = list(rows.select_related("contract").order_by("sent_at", "pk"))
    own = viewer.kind is Kind.CONTRACTOR
    names = display_names(viewer, {r.assigned_to_id for r in found if r.assigned_to_id}, viewer.day) if own else {}
    return [_view(row, names) for row in found]


def _visible(viewer: Actor, contract: int):  # type: ignore[no-untyped-def]
    rows = ContractMessage.objects.filter(contract_id=contract)
    if viewer.kind is Kind.STAFF:
        return rows
    if can_manage_contract(viewer, contract):
        return rows.filter(delivered_at__isnull=False)
    if viewer.kind is Kind.CONTRACTOR and viewer.contract == contract:
        return rows.filter(Q(delivered_at__isnull=False, assigned_to_id=viewer.person))
    return rows.none()


def _view(row: ContractMessage, names: dict[int, str]) -> MessageView:
    return MessageView(
        id=row.pk,
        contract=row.contract_id,
        channel=Channel(row.channel),
        title=row.title,
        body=row.body,
        due=row.due,
        quantity=row.quantity,
        sent_at=row.sent_at,
        held=row.delivered_at is None,
        done=row.done_at is not None,
        assigned_to=names.get(row.assigned_to_id or 0, ""),
        answers=row.answers_id,
    )


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request for a contractor's account. `name` is empty for the city; `label` is the pseudonym once issued."""

    id: int
    contract: str
    team: str
    role: TeamRole
    login: str
    existing: bool
    start: date
    state: str
    answer: str
    name: str
    label: str


def account_requests(viewer: Actor) -> list[RequestView]:
    """Return requests for accounts, newest first: all (without names) for the issuing city staff, else the own contract's.

    Raises:
        Denied: neither the 分掌 "accounts" nor a contract's manager.
    """
    rows = AccountRequest.objects.select_related("contract", "team").order_by("-requested_at", "-pk")
    if viewer.contract is not None and can_manage_contract(viewer, viewer.contract):
        rows = rows.filter(contract_id=viewer.contract)
    elif not has_charge(viewer, Charge.ACCOUNTS):
        check_has_charge(viewer, Charge.ACCOUNTS)
    found = list(rows[:500])
    labels = display_names(viewer, {r.person_id for r in found if r.person_id}, viewer.day)
    return [
        RequestView(
            id=r.pk,
            contract=r.contract.number,
            team=r.team.name,
            role=TeamRole(r.role),
            login=r.login,
            existing=r.existing,
            start=r.start,
            state=r.state,
            answer=r.answer,
            name=r.name if can_see_name(viewer, r.contract.contractor_id) else "",
            label=labels.get(r.person_id or 0, ""),
        )
        for r in found
    ]
