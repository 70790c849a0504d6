"""Registering paper, handing it over, counting it on both sides, and finding out why a count differs."""

import secrets
from datetime import date, datetime

from django.db import transaction

from honrai.documents import labels
from honrai.documents.events import ContainerRegistered, CountDiffers, HandedOver, IncidentResolved, Received
from honrai.documents.models import Container, Handover, Incident, Template
from honrai.documents.permissions import check_can_see, check_has_in_hand, check_is_staff, side_of, visible
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce

#: What may lie in what.
INSIDE = {"box": ("envelope", "bundle"), "envelope": ("bundle",), "bundle": ()}


def register(
    *,
    kind: str,
    count: int,
    arrived_on: date,
    parent: int | None = None,
    procedure: str = "",
    template: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Container:
    """Register a box, an envelope or a bundle, and return it with its label.

    Args:
        kind: box, envelope or bundle.
        count: what was counted: containers in a box, sheets elsewhere; 0 where nobody counted yet.
        arrived_on: the day it came into the house.
        parent: what it lies in.
        procedure: code of the procedure of a bundle, where it is one.
        template: the drawn template of a bundle of forms from outside.
        note: remark.
        actor: staff; a contractor only inside paper it has in hand.
        now: the moment.

    Raises:
        Denied: not theirs.
        Invalid: a kind that cannot lie there, or a day in the future.
    """
    above = check_has_in_hand(actor, parent) if parent is not None else None
    if above is not None and kind not in INSIDE[above.kind]:
        raise Invalid(f"{labels.KINDS[above.kind]}の中に{labels.KINDS.get(kind, kind)}は入れられません")
    if kind not in labels.KINDS:
        raise Invalid("箱・封筒・束のどれかを選んでください")
    if arrived_on > now.date():
        raise Invalid("届いた日が先の日付です。年月日を確かめてください")
    drawn = _template(template)
    row = Container.objects.create(
        code=secrets.token_hex(9), kind=kind, parent=above, unit=above.unit if above else check_is_staff(actor),
        contract=above.contract if above else None, holder=side_of(actor), procedure=procedure, template=drawn,
        note=note.strip()[:200], arrived_on=arrived_on, count=count, made_by=actor.person, at=now,
    )  # fmt: skip
    row.code = labels.container_code(kind, row.pk, arrived_on)
    row.save(update_fields=["code"])
    event = ContainerRegistered(container=row.pk, kind=kind, count=count)
    announce(event, who=actor.who, now=now, subject=("container", row.pk))
    return row


def _template(key: int | None) -> Template | None:
    if key is None:
        return None
    row = Template.objects.filter(pk=key).exclude(published_at=None).first()
    if row is None:
        raise Invalid("この読取様式はまだ使えません。使い始めてから選んでください")
    return row


@transaction.atomic
def hand_over(*, container: int, contract: int | None = None, count: int, actor: Actor, now: datetime) -> int:
    """Give paper to the other side after counting it, and return the hand-over's key.

    Args:
        container: what is given, with all that lies in it.
        contract: whom it goes to, where the city gives; the contractor always gives back to the city.
        count: what the giver counted.
        actor: the giver.
        now: the moment.

    Raises:
        Denied: the paper does not lie on the actor's side.
        Conflict: it is under way already, or something in it is.
        Invalid: no contract named.
    """
    row = check_has_in_hand(actor, container)
    to = "city" if side_of(actor) == "contract" else "contract"
    whom = row.contract if to == "city" else contract
    if whom is None:
        raise Invalid("渡す先の契約を選んでください")
    if row.parent_id is not None and row.parent is not None and row.parent.disposed_at is None:
        raise Invalid("入っている箱・封筒ごと渡してください")
    inside = [row.pk, *below(row.pk)]
    if row.disposed_at or Handover.objects.filter(container__in=inside, received_at=None).exists():
        raise Conflict("この紙は授受の途中か、廃棄済みです")
    made = Handover.objects.create(
        container=row, to=to, contract=whom, sent_count=count, sent_by=actor.person, sent_at=now
    )
    Container.objects.filter(pk__in=inside).update(contract=whom)
    announce(HandedOver(container=row.pk, to=to, count=count), who=actor.who, now=now, subject=("container", container))
    _compare(row, "渡すとき", row.count, count, actor, now)
    return int(made.pk)


@transaction.atomic
def receive(*, container: int, count: int, actor: Actor, now: datetime) -> None:
    """Take paper that is under way after counting it; a count that differs becomes an incident, the paper stays taken.

    Raises:
        Denied: it is not on its way to the actor.
        Conflict: nothing is under way.
    """
    row = check_can_see(actor, container, lock=True)
    move = Handover.objects.select_for_update().filter(container=row, received_at=None).first()
    if move is None:
        raise Conflict("受け渡しの途中ではありません。一覧を開き直してください")
    if move.to != side_of(actor) or (move.to == "contract" and move.contract != actor.contract):
        raise Denied("この紙の受け取り側ではありません")
    move.received_count, move.received_by, move.received_at = count, actor.person, now
    move.save(update_fields=["received_count", "received_by", "received_at"])
    Container.objects.filter(pk__in=[row.pk, *below(row.pk)]).update(holder=move.to)
    announce(
        Received(container=row.pk, at=move.to, count=count), who=actor.who, now=now, subject=("container", container)
    )
    _compare(row, "受け取るとき", move.sent_count, count, actor, now)


def recount(*, container: int, count: int, occasion: str, actor: Actor, now: datetime) -> bool:
    """Note a count made at another occasion (scanning, closing); say whether it agrees.

    Raises:
        Denied: the paper is not the actor's.
    """
    row = check_can_see(actor, container, lock=True)
    return _compare(row, occasion, row.count, count, actor, now)


def _compare(row: Container, occasion: str, expected: int, counted: int, actor: Actor, now: datetime) -> bool:
    if expected == counted:
        return True
    found = Incident.objects.create(
        container=row,
        occasion=occasion[:10],
        expected=expected,
        counted=counted,
        found_by=actor.person,
        found_at=now,
    )
    event = CountDiffers(incident=found.pk, container=row.pk, expected=expected, counted=counted)
    announce(event, who=actor.who, now=now, subject=("container", row.pk))
    return False


@transaction.atomic
def resolve(*, incident: int, explanation: str, agreed: int, actor: Actor, now: datetime) -> None:
    """Close an incident: what it was, and what the right count is from now on.

    Raises:
        Denied: only staff of the unit close an incident, never whoever found it alone on the contractor's side.
        Conflict: closed already.
        Invalid: no explanation.
    """
    check_is_staff(actor)
    row = Incident.objects.select_for_update().filter(pk=incident, container__in=visible(actor)).first()
    if row is None:
        raise NotFound("この不一致の記録はありません")
    if row.resolved_at is not None:
        raise Conflict("すでに解決しています")
    if not explanation.strip():
        raise Invalid("調べた結果を書いてください")
    row.explanation, row.agreed, row.resolved_by, row.resolved_at = explanation.strip(), agreed, actor.person, now
    row.save()
    Container.objects.filter(pk=row.container_id).update(count=agreed)
    event = IncidentResolved(incident=row.pk, agreed=agreed)
    announce(event, who=actor.who, now=now, subject=("container", row.container_id))


def below(container: int) -> list[int]:
    """Return the keys of everything that lies in a container, at any depth (there are three)."""
    first = list(Container.objects.filter(parent=container).values_list("pk", flat=True))
    return first + list(Container.objects.filter(parent__in=first).values_list("pk", flat=True))
