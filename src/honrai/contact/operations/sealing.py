"""公印: registered with a custodian; asked for by an official, approved by the custodian, every print a line in the ledger."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from honrai.contact import pdfs
from honrai.contact.events import SealAsked, SealDecided, SealRegistered
from honrai.contact.models import Item, ItemState, Seal, SealRequest, SealState, SealUse
from honrai.contact.permissions import (
    check_can_keep_seals,
    check_custodian,
    check_official,
    check_official_of,
    person_of,
)
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE

IMAGE = files.Limits(frozenset({"image/png"}), 2 * MEGABYTE)
_SEALABLE = (ItemState.WAITING, ItemState.BATCHED, ItemState.SENT)


def register_seal(
    *,
    name: str,
    authority: str,
    image: bytes,
    width: Decimal,
    custodian: int,
    since: date,
    source: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Register a seal and return its key; the seal in use for that authority until now ends.

    Args:
        name: as in the city's rules on seals, e.g. 本来市長印.
        authority: the 処分庁 it stands for.
        image: PNG of the impression, at least 300 pixels a side.
        width: side of the impression in mm.
        custodian: key of the post whose holder keeps it.
        since: first day.
        source: the rule it rests on.
        actor: with the charge 市の設定.
        now: the moment.

    Raises:
        Denied: without the charge.
        Invalid: no such picture, or a size no seal has.
    """
    check_can_keep_seals(actor)
    if not pdfs.check_image(image):
        raise Invalid("印影は、正方形で一辺300画素以上のPNG画像にしてください")
    if not Decimal(9) <= width <= Decimal(40):
        raise Invalid("公印の寸法は9mmから40mmの間で入力してください")
    if not (name.strip() and authority.strip() and source.strip()):
        raise Invalid("公印の名称、処分庁、根拠を入力してください")
    Seal.objects.filter(authority=authority, until__isnull=True).update(until=since)
    kept = files.store(image, name=f"{name}.png", limits=IMAGE, who=actor.who, now=now)
    row = Seal.objects.create(
        name=name.strip(), authority=authority, image=kept.id, width=width, custodian=custodian, since=since,
        source=source.strip(),
    )  # fmt: skip
    announce(SealRegistered(seal=row.pk), who=actor.who, now=now, subject=("seal", row.pk))
    return int(row.pk)


def ask_seal(*, items: Sequence[int], purpose: str, copies: int = 1, actor: Actor, now: datetime) -> int:
    """Ask for the seal on letters of one authority, and return the key of the request.

    Raises:
        Denied: no official of their section.
        Invalid: nothing chosen, letters of several authorities, letters without a place for a seal, no purpose.
        Conflict: a request for one of them is open, or no seal is in use for the authority.
    """
    check_official(actor)
    rows = list(Item.objects.select_for_update(of=("self",)).filter(pk__in=items).order_by("pk"))
    for row in rows:
        check_official_of(actor, row)
    if not rows or not purpose.strip() or not 1 <= copies <= 10:
        raise Invalid("公印を使う文書と用途を入力してください（1件の部数は1から10）")
    if any(not row.sealed or row.state not in _SEALABLE for row in rows) or len({row.authority for row in rows}) > 1:
        raise Invalid("公印の場所がある文書を、同じ処分庁のものだけ選んでください。公印省略の文書に公印は使いません")
    if any(_may_print(row) or _asked(row) for row in rows):
        raise Conflict("すでに請求した文書が入っています。一覧を開き直してください")
    seal = seal_of(rows[0].authority, now.date())
    request = SealRequest.objects.create(
        seal=seal, purpose=purpose.strip()[:200], copies=copies, asked_by=person_of(actor), asked_at=now
    )
    Item.objects.filter(pk__in=[row.pk for row in rows]).update(seal_request=request)
    event = SealAsked(request=request.pk, items=len(rows))
    announce(event, who=actor.who, now=now, subject=("seal_request", request.pk))
    return int(request.pk)


def decide_seal(request: int, *, approved: bool, reason: str = "", actor: Actor, now: datetime) -> None:
    """Approve or refuse a request as the seal's custodian.

    Raises:
        Denied: not the custodian, or one's own request.
        Invalid: refused without a reason.
        Conflict: decided already.

    Legal source: the city's rules on seals (公印規程): the custodian examines the document before the seal is used.
    """
    row = SealRequest.objects.select_for_update(of=("self",)).select_related("seal").filter(pk=request).first()
    if row is None:
        raise NotFound("この公印の請求は見つかりません")
    check_custodian(actor, row.seal)
    if row.asked_by == actor.person:
        raise Denied("自分の請求は承認できません。管守者の職務を代理する人に頼んでください")
    if row.state != SealState.ASKED:
        raise Conflict("この請求は、すでに判断されています")
    if not approved and not reason.strip():
        raise Invalid("承認しない理由を書いてください")
    row.state = SealState.APPROVED if approved else SealState.REFUSED
    row.decided_by, row.decided_at, row.reason = actor.person, now, reason.strip()[:200]
    row.save()
    if not approved:
        row.items.update(seal_request=None)
    event = SealDecided(request=row.pk, approved=approved)
    announce(event, who=actor.who, now=now, subject=("seal_request", row.pk))


def seal_of(authority: str, on: date) -> Seal:
    """Return the seal in use for an authority.

    Raises:
        Conflict: none is registered.
    """
    row = Seal.objects.filter(authority=authority, until__isnull=True, since__lte=on).first()
    if row is None:
        raise Conflict(f"{authority}の公印が登録されていません。公印の画面で登録してください")
    return row


def use_seal(item: Item, letter: bytes, *, actor: Actor, now: datetime) -> tuple[int, pdfs.Impression]:
    """Write the print of a seal into the ledger, and return the page and the impression to print.

    Raises:
        Denied: not an official.
        Conflict: the custodian has not approved it, or the copies approved are used up.
    """
    check_official(actor)
    if not _may_print(item):
        raise Conflict(
            f"公印の承認がないため印刷できません（{item.number or item.title}）。公印の使用を請求してください"
        )
    request, place = item.seal_request, pdfs.seal_place(letter)
    assert request is not None
    assert place is not None
    seal = request.seal
    SealUse.objects.create(
        seal=seal, request=request, item=item, day=now.date(), number=item.number, title=item.title, copies=1,
        printed_by=person_of(actor), approved_by=request.decided_by or 0,
    )  # fmt: skip
    image = files.fetch(seal.image, who=actor.who, now=now, case=item.case)[1]
    return place[0], pdfs.Impression(image, pdfs.centred(place[1], float(seal.width)))


def _may_print(item: Item) -> bool:
    request = item.seal_request
    if request is None or request.state != SealState.APPROVED:
        return False
    return bool(SealUse.objects.filter(request=request, item=item).count() < request.copies)


def _asked(item: Item) -> bool:
    return item.seal_request is not None and item.seal_request.state == SealState.ASKED
