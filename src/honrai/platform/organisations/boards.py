"""What the screens list: the tree of a day, orders of transfers, whose certificates run out when."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Channel, Charge, Kind, Rank
from honrai.platform.authority.permissions import check_can_manage_contract, check_has_charge, has_charge
from honrai.platform.errors import Denied, NotFound
from honrai.platform.events.api import how_many
from honrai.platform.organisations.models import Certificate, ContractMessage, Person, TransferOrder
from honrai.platform.organisations.queries import PostView, UnitView, display_names, organisation_on, posts_on, units_on
from honrai.platform.organisations.rules import CertificateKind


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One post in the tree: who holds it, who acts for that person, as the viewer may call them."""

    post: PostView
    rank: Rank
    holder: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One unit in the tree with its posts; `depth` 0 is the top, `above` names the units it hangs under, topmost first."""

    unit: UnitView
    depth: int
    above: tuple[str, ...]
    seats: tuple[SeatLine, ...]


def tree_on(viewer: Actor, day: date) -> list[Branch]:
    """Return the city's units on a day as a tree from the top, with posts and holders as the viewer may call them."""
    units = units_on(day)
    posts = posts_on(day)
    people = {p.holder for p in posts if p.holder} | {d for p in posts for d in p.deputies}
    names = display_names(viewer, people, day)
    seats: dict[int, list[SeatLine]] = {}
    for post in posts:
        holder = names.get(post.holder or 0, "")
        line = SeatLine(post, post.rank, holder, tuple(names[d] for d in post.deputies))
        seats.setdefault(post.unit, []).append(line)
    known = {unit.id for unit in units}
    children: dict[int | None, list[UnitView]] = {}
    for unit in units:
        children.setdefault(unit.parent if unit.parent in known else None, []).append(unit)
    return _branches(children, seats, None, ())


def _branches(
    children: dict[int | None, list[UnitView]],
    seats: dict[int, list[SeatLine]],
    parent: int | None,
    above: tuple[str, ...],
) -> list[Branch]:
    found = []
    for unit in children.get(parent, ()):
        found.append(Branch(unit, len(above), above, tuple(seats.get(unit.id, ()))))
        found += _branches(children, seats, unit.id, (*above, unit.name))
    return found


@dataclass(frozen=True, slots=True)
class SelfAudit:
    """What the monthly look at one contract shows: counts, and how long orders waited; nothing about any person.

    Attributes:
        contract: key of the contract.
        title: its title.
        sent: messages of the city, by kind (Japanese label -> count).
        held: orders that waited because no manager was on duty.
        longest_wait: the longest such wait; None where none waited. One still waiting counts to the end of the month.
        exceptions: direct explanations, each (kind, reason).
        blocked: attempts in the whole city, refused by a contract rule, to reach past a manager.
    """

    contract: int
    title: str
    sent: tuple[tuple[str, int], ...]
    held: int
    longest_wait: timedelta | None
    exceptions: tuple[tuple[str, str], ...]
    blocked: int


def self_audit(viewer: Actor, since: datetime, until: datetime) -> list[SelfAudit]:
    """Return the self-audit of every contract for messages sent from `since` to before `until`.

    Source: domain/centre.md Part 2 section 1, software rule 9 (attempts blocked, exceptions, manager absence).

    Raises:
        Denied: neither the 分掌 "contracts" nor "audit".
    """
    if not has_charge(viewer, Charge.AUDIT):
        check_has_charge(viewer, Charge.CONTRACTS)
    blocked = how_many("signin.refused", since=since, until=until, rule="contract")
    rows = ContractMessage.objects.filter(sent_at__gte=since, sent_at__lt=until).select_related("contract")
    found: dict[int, list[ContractMessage]] = {}
    for row in rows.order_by("contract__number", "sent_at"):
        found.setdefault(row.contract_id, []).append(row)
    return [_audited(messages, until, blocked) for messages in found.values()]


def _audited(messages: list[ContractMessage], until: datetime, blocked: int) -> SelfAudit:
    from_city = [row for row in messages if Channel(row.channel).from_city]
    counts = Counter(Channel(row.channel) for row in from_city)
    waits = [wait for row in from_city if (wait := (row.delivered_at or until) - row.sent_at)]
    return SelfAudit(
        contract=messages[0].contract_id,
        title=messages[0].contract.title,
        sent=tuple((kind.label, counts[kind]) for kind in Channel if counts[kind]),
        held=len(waits),
        longest_wait=max(waits, default=None),
        exceptions=tuple((Channel(r.channel).label, r.reason) for r in from_city if Channel(r.channel).exception),
        blocked=blocked,
    )


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order of transfers in the list."""

    id: int
    number: str
    effective_on: date
    lines: int
    loaded_at: datetime
    applied_at: datetime | None
    ordered_at: datetime | None
    refused_for: str


def transfer_orders(viewer: Actor) -> list[OrderLine]:
    """Return the orders of transfers, the newest first.

    Raises:
        Denied: the 分掌 "transfers" is missing.
    """
    check_has_charge(viewer, Charge.TRANSFERS)
    rows = TransferOrder.objects.prefetch_related("lines").order_by("-effective_on", "-pk")[:200]
    return [
        OrderLine(
            r.pk,
            r.number,
            r.effective_on,
            len(r.lines.all()),
            r.loaded_at,
            r.applied_at,
            r.ordered_at,
            r.refused_for,
        )
        for r in rows
    ]


def transfer_order(viewer: Actor, order: int) -> OrderLine:
    """Return one order of transfers.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        NotFound: no such order.
    """
    found = next((line for line in transfer_orders(viewer) if line.id == order), None)
    if found is None:
        raise NotFound("該当する発令はありません。")
    return found


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One person on the board: until when each certificate is valid (last valid day), None where there is none."""

    person: int
    label: str
    pledge: date | None
    training: date | None
    test: date | None

    @property
    def days(self) -> tuple[date | None, date | None, date | None]:
        """The three last valid days, in the order of the columns."""
        return self.pledge, self.training, self.test

    @property
    def missing(self) -> bool:
        """True where access is shut."""
        return None in self.days


def certificate_board(viewer: Actor, day: date) -> list[CertificateLine]:
    """Return everybody at work on the day whose certificates the viewer keeps, those without access first.

    The city's keeper sees staff by name and contractors' people by pseudonym, without their places; a contract's manager
    sees the contract's people.

    Raises:
        Denied: neither the 分掌 "certificates" nor a contract's manager.
    """
    places = organisation_on(day)
    if not has_charge(viewer, Charge.CERTIFICATES):
        if viewer.contract is None:
            check_has_charge(viewer, Charge.CERTIFICATES)
        check_can_manage_contract(viewer, viewer.contract or 0)
        places = [place for place in places if place.contract == viewer.contract]
    people = {place.person for place in places}
    names = display_names(viewer, people, day)
    until: dict[tuple[int, str], date] = {}
    for person, kind, valid in Certificate.objects.filter(person_id__in=people, valid__contains=day).values_list(
        "person_id", "kind", "valid"
    ):
        last = date.fromordinal(valid.upper.toordinal() - 1)
        until[person, kind] = max(last, until.get((person, kind), last))
    lines = [
        CertificateLine(person, names[person], *(until.get((person, kind.value)) for kind in CertificateKind))
        for person in people
    ]
    return sorted(lines, key=lambda line: (not line.missing, line.label))


def check_can_see_person(viewer: Actor, person: int) -> None:
    """Check that somebody may open a person's record: one's own, city staff by city staff, and a contract's by its manager.

    Raises:
        NotFound: no such person.
        Denied: a person of another organisation, or of the own firm without managing its contract.
    """
    row = Person.objects.filter(pk=person).first()
    if row is None:
        raise NotFound("該当する人はいません。")
    own_city = viewer.kind is Kind.STAFF and row.contractor_id is None
    own_firm = viewer.manages_contract and row.contractor_id is not None and row.contractor_id == viewer.contractor
    if not (viewer.person == person or own_city or own_firm):
        raise Denied("ほかの組織の人の記録は開けません。")
