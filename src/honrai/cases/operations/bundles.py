"""Bundles of paper: made by reading receipts one after another, worked in the order of the pile, handed on."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from honrai.cases.events import BundleHandedOver
from honrai.cases.models import Bundle, BundleItem, Case
from honrai.cases.permissions import visible_cases
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.organisations.api import NoPlace, actor_of_person


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle as listed."""

    id: int
    name: str
    place: str
    holder: int | None
    made_at: datetime
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class PileLine:
    """One case in its bundle."""

    position: int
    case: int
    number: str
    title: str
    name: str
    stage: str
    done: bool


def make_bundle(*, name: str, place: str, actor: Actor, now: datetime) -> int:
    """Start a bundle in the actor's hands and return its key.

    Raises:
        Invalid: it has no name.
        Denied: the actor belongs to no contract or unit.
    """
    if not name.strip():
        raise Invalid("束の名前を入力してください（例：6月15日 郵送 1）")
    unit = min(actor.units, default=None) if actor.contract is None else None
    if actor.person is None or (unit is None and actor.contract is None):
        raise Denied("束を作れるのは、センターと担当課の人です")
    row = Bundle.objects.create(
        name=name.strip()[:60],
        place=place.strip()[:60],
        contract=actor.contract,
        unit=unit,
        holder=actor.person,
        made_by=actor.person,
        made_at=now,
    )
    record("cases.bundle_made", who=actor.who, now=now, subject=("bundle", row.pk))
    return int(row.pk)


def add_to_bundle(*, bundle: int, receipt: str, actor: Actor, now: datetime) -> int:
    """Lay a case on a bundle, last in the pile; returns its place.

    Raises:
        NotFound: no such bundle, or no case of that number the actor may see.
        Conflict: the case lies in it already.
    """
    row = own_bundle(bundle, actor, lock=True)
    case = visible_cases(actor, now).filter(number=receipt).first()
    if case is None:
        raise NotFound(f"受付番号 {receipt} の案件は、見つからないか、担当ではありません")
    there = row.items.filter(case=case).values_list("position", flat=True).first()
    if there is not None:
        raise Conflict(f"{receipt} は、すでにこの束の{there}番目にあります")
    position = (row.items.aggregate(last=Max("position"))["last"] or 0) + 1
    BundleItem.objects.create(bundle=row, case=case, position=position)
    Bundle.objects.filter(pk=row.pk).update(finished_at=None)
    data = {"bundle": row.pk, "position": position}
    record("cases.bundled", who=actor.who, now=now, subject=("bundle", row.pk), case=case.pk, data=data)
    return int(position)


def hand_over_bundle(*, bundle: int, person: int | None, place: str, actor: Actor, now: datetime) -> None:
    """Hand a bundle to somebody of the same contract or unit, or lay it down somewhere (`person` None).

    Raises:
        NotFound: no such bundle.
        Denied: the person works elsewhere.
    """
    row = own_bundle(bundle, actor, lock=True)
    if person is not None and not _belongs(person, row, actor):
        raise Denied("同じ契約・同じ課の人にだけ渡せます")
    row.holder, row.place = person, place.strip()[:60]
    row.save(update_fields=["holder", "place"])
    event = BundleHandedOver(bundle=row.pk, holder=person)
    announce(event, who=actor.who, now=now, subject=("bundle", row.pk))


def next_in_bundle(*, bundle: int, case: int | None, actor: Actor, now: datetime) -> int | None:
    """Mark a case of a bundle as worked and return the next one in the pile; None when nothing is left.

    Args:
        bundle: the bundle in hand.
        case: the case just finished; the pile goes on behind it, then with what was skipped. None: from the top.
        actor: who has it.
        now: the moment.

    Raises:
        NotFound: no such bundle.
    """
    row = own_bundle(bundle, actor, lock=True)
    here = 0
    if case is not None:
        item = row.items.filter(case_id=case).first()
        if item is not None:
            here = item.position
            BundleItem.objects.filter(pk=item.pk, done_at=None).update(done_at=now)
    left = row.items.filter(done_at=None).order_by("position")
    found = left.filter(position__gt=here).first() or left.first()
    if found is None and row.items.exists():
        Bundle.objects.filter(pk=row.pk, finished_at=None).update(finished_at=now)
    return found.case_id if found is not None else None


def bundles_of(actor: Actor) -> list[BundleView]:
    """Return the bundles of the actor's place that are not worked through, oldest first; one query."""
    rows = _bundles(actor).filter(finished_at=None).order_by("pk")
    counted = rows.annotate(total=Count("items"), done=Count("items", filter=Q(items__done_at__isnull=False)))
    return [BundleView(r.pk, r.name, r.place, r.holder, r.made_at, r.total, r.done) for r in counted]


def pile(bundle: int, actor: Actor, now: datetime) -> list[PileLine]:
    """Return a bundle in the order of the pile; cases the actor may not see (any more) are left out. Two queries."""
    row = own_bundle(bundle, actor)
    seen = visible_cases(actor, now).filter(pk__in=row.items.values("case_id"))
    cases: dict[int, Case] = {case.pk: case for case in seen}
    return [
        PileLine(i.position, i.case_id, c.number, c.title, c.name, c.stage, i.done_at is not None)
        for i in row.items.order_by("position")
        if (c := cases.get(i.case_id)) is not None
    ]


def own_bundle(bundle: int, actor: Actor, *, lock: bool = False) -> Bundle:
    """Return a bundle of the actor's contract or units.

    Raises:
        NotFound: there is none.
    """
    rows = _bundles(actor)
    row = (rows.select_for_update() if lock else rows).filter(pk=bundle).first()
    if row is None:
        raise NotFound("束が見つかりません。自分の組織の束か確かめてください")
    return row


def _bundles(actor: Actor) -> QuerySet[Bundle]:
    if actor.contract is not None:
        return Bundle.objects.filter(contract=actor.contract)
    return Bundle.objects.filter(unit__in=actor.units)


def _belongs(person: int, bundle: Bundle, actor: Actor) -> bool:
    try:
        found = actor_of_person(person, actor.city, actor.day)
    except NoPlace:
        return False
    if bundle.contract is not None:
        return found.contract == bundle.contract
    return bundle.unit in found.units
