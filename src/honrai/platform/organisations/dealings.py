"""Reading dealings: each side sees what reached it, nobody sees who of the contractor works on what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from honrai.platform.authority.actor import Actor
from honrai.platform.authority.permissions import check_can_manage_contract
from honrai.platform.errors import NotFound
from honrai.platform.organisations.dealing_rules import STATES, DealingKind, Side, Step, number_of, steps_open
from honrai.platform.organisations.models import Dealing
from honrai.platform.organisations.operations.dealings import side_of


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing said in a dealing; `waits` while it is held for a manager to come on duty."""

    at: datetime
    side: Side
    label: str
    body: str
    waits: bool


@dataclass(frozen=True, slots=True)
class DealingView:
    """One dealing as a side may see it; `steps` oldest first, `possible` what the viewer may do now."""

    id: int
    contract: int
    kind: DealingKind
    number: str
    title: str
    body: str
    activity: str
    since: date | None
    until: date | None
    quantity: int | None
    quality: str
    due: date | None
    state: str
    opened_by: Side
    opened_at: datetime
    ended_at: datetime | None
    concerns: int | None
    facts: dict[str, Any]
    steps: tuple[StepLine, ...] = ()
    possible: tuple[Step, ...] = ()

    @property
    def state_label(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def candidate(self) -> bool:
        """True where the answer is a candidate for precedents and the manual."""
        return bool(self.facts.get("candidate"))


@dataclass(frozen=True, slots=True)
class DealingCounts:
    """How many dealings of a kind were opened before a moment, and how many of them waited past their day."""

    all: int
    late: int


def dealing_counts(*, contract: int, kind: DealingKind, until: datetime) -> DealingCounts:
    """Return how many dealings of a kind a contract had before a moment, and how many then waited past their day."""
    rows = Dealing.objects.filter(contract_id=contract, kind=kind.value, opened_at__lt=until)
    return DealingCounts(rows.count(), rows.filter(state="open", due__lt=until.date()).count())


def dealing_rows(viewer: Actor, contract: int) -> QuerySet[Dealing]:
    """Return a contract's dealings that reached the viewer's side, for lists.

    Raises:
        Denied: neither of the city nor a manager of the contract.
    """
    rows = Dealing.objects.filter(contract_id=contract)
    if side_of(viewer, contract) is Side.CONTRACTOR:
        check_can_manage_contract(viewer, contract)
        rows = rows.exclude(steps__key="open", steps__message__delivered_at__isnull=True)
    return rows


def dealings_of(viewer: Actor, contract: int, *, kind: DealingKind | None = None) -> Sequence[DealingView]:
    """Return a contract's dealings that reached the viewer's side, newest first, without their steps."""
    rows = dealing_rows(viewer, contract).order_by("-opened_at", "-pk")
    return [_view(row) for row in (rows.filter(kind=kind.value) if kind else rows)[:500]]


def dealing(viewer: Actor, key: int) -> DealingView:
    """Return one dealing with what was said and what the viewer may do.

    Raises:
        Denied: neither of the city nor a manager of the contract.
        NotFound: no such dealing, or it has not reached the contractor yet.
    """
    found = Dealing.objects.filter(pk=key).first()
    row = dealing_rows(viewer, found.contract_id).filter(pk=key).first() if found else None
    if row is None:
        raise NotFound("該当する取扱いはありません。")
    side = side_of(viewer, row.contract_id)
    said = row.steps.select_related("message").order_by("pk")
    if side is Side.CONTRACTOR:
        said = said.filter(message__delivered_at__isnull=False)
    lines = tuple(
        StepLine(one.at, Side(one.side), one.label, one.body, one.message.delivered_at is None) for one in said
    )
    return _view(row, lines, steps_open(DealingKind(row.kind), row.state, side, Side(row.opened_by)))


def _view(row: Dealing, steps: tuple[StepLine, ...] = (), possible: tuple[Step, ...] = ()) -> DealingView:
    period, last = row.period, None
    if period and period.upper:
        last = date.fromordinal(period.upper.toordinal() - 1)
    return DealingView(
        id=row.pk,
        contract=row.contract_id,
        kind=DealingKind(row.kind),
        number=number_of(DealingKind(row.kind), row.year, row.serial),
        title=row.title,
        body=row.body,
        activity=row.activity,
        since=period.lower if period else None,
        until=last,
        quantity=row.quantity,
        quality=row.quality,
        due=row.due,
        state=row.state,
        opened_by=Side(row.opened_by),
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        concerns=row.concerns_id,
        facts=row.facts,
        steps=steps,
        possible=possible,
    )
