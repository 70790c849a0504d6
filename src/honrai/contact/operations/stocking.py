"""Numbered stock: received, taken one by one as it is printed, spoiled, returned, counted; a reissue voids the older one."""

from datetime import datetime

from django.db.models import F

from honrai.contact.events import SerialMarked, StockCounted, StockReceived
from honrai.contact.models import Item, Stock, StockCount, StockSerial
from honrai.contact.permissions import check_official, person_of
from honrai.contact.rules import serials
from honrai.contact.rules.layout import stocks
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce


def receive_stock(*, code: str, first: int, last: int, actor: Actor, now: datetime) -> int:
    """Take in a delivery of numbered forms; who takes it in keeps it.

    Raises:
        Denied: not an official.
        Invalid: no such form, or numbers out of order, too long, received before.
    """
    check_official(actor)
    kind = stocks()[serials.check_kind(code, stocks())]
    taken = list(Stock.objects.select_for_update().filter(code=code).values_list("first", "last"))
    if reason := serials.why_not_range(first, last, taken, kind["digits"]):
        raise Invalid(reason)
    row = Stock.objects.create(
        code=code, first=first, last=last, following=first, custodian=person_of(actor), received_on=now.date(),
        received_by=person_of(actor),
    )  # fmt: skip
    event = StockReceived(stock=row.pk, first=first, last=last)
    announce(event, who=actor.who, now=now, subject=("stock", row.pk))
    return int(row.pk)


def take_serial(item: Item, *, actor: Actor, now: datetime) -> str:
    """Take the next number for a card that is printed, and return it as printed on the form.

    Raises:
        Denied: not an official: a certificate is 公証.
        Conflict: no form is left.
    """
    check_official(actor)
    stock = _next_stock(item.stock)
    row = _mark(stock, stock.following, "used", actor, now, item=item)
    return serials.shown(row.serial, stocks()[item.stock]["digits"])


def _next_stock(code: str) -> Stock:
    """Return the delivery the next form comes from, moved past numbers spoiled or returned ahead of their turn."""
    rows = Stock.objects.select_for_update().filter(code=code, following__lte=F("last")).order_by("first")
    for stock in rows:
        gone = set(
            StockSerial.objects.filter(code=code, serial__gte=stock.following, serial__lte=stock.last).values_list(
                "serial", flat=True
            )
        )
        stock.following = next((n for n in range(stock.following, stock.last + 1) if n not in gone), stock.last + 1)
        stock.save(update_fields=["following"])
        if stock.following <= stock.last:
            return stock
    raise Conflict(f"{stocks()[code]['title']}が残っていません。受け入れてから印刷してください")


def _mark(
    stock: Stock, serial: int, what: str, actor: Actor, now: datetime, *, item: Item | None = None, reason: str = ""
) -> StockSerial:
    row = StockSerial.objects.create(
        stock=stock,
        code=stock.code,
        serial=serial,
        what=what,
        day=now.date(),
        by=person_of(actor),
        item=item,
        reason=reason,
    )
    if serial == stock.following:
        stock.following += 1
        stock.save(update_fields=["following"])
    announce(SerialMarked(serial=row.pk, what=what), who=actor.who, now=now, subject=("serial", row.pk))
    return row


def mark_serial(*, code: str, serial: int, what: str, reason: str, actor: Actor, now: datetime) -> None:
    """Record a form as spoiled (書損) or returned, with why. A used one that is spoiled stays one form: it becomes spoiled.

    Raises:
        Denied: not an official.
        Invalid: no reason, or not one of the two.
        NotFound: the number was never received.
        Conflict: it is spoiled or returned already, or a used one is to be returned.
    """
    check_official(actor)
    if what not in ("spoiled", "returned") or not reason.strip():
        raise Invalid("書損か返納かを選び、理由を書いてください")
    stock = Stock.objects.select_for_update().filter(code=code, first__lte=serial, last__gte=serial).first()
    if stock is None:
        raise NotFound("この番号の用紙は受け入れていません。番号を確かめてください")
    row = StockSerial.objects.filter(code=code, serial=serial).first()
    if row is None:
        _mark(stock, serial, what, actor, now, reason=reason.strip()[:200])
        return
    if row.what != "used" or what == "returned":
        raise Conflict(f"この番号はすでに{serials.WHAT[row.what]}になっています")
    spoil_serial(row, reason=reason, actor=actor, now=now)


def spoil_serial(row: StockSerial, *, reason: str, actor: Actor, now: datetime) -> None:
    """Turn a used form into a spoiled one."""
    row.what, row.reason = "spoiled", reason.strip()[:200]
    row.save(update_fields=["what", "reason"])
    announce(SerialMarked(serial=row.pk, what="spoiled"), who=actor.who, now=now, subject=("serial", row.pk))


def sum_of(code: str, custodian: int) -> serials.Sum:
    """Return what one custodian received of a form, what became of it, and what must be left."""
    rows = Stock.objects.filter(code=code, custodian=custodian)
    received = sum(last - first + 1 for first, last in rows.values_list("first", "last"))
    return serials.total(received, StockSerial.objects.filter(stock__in=rows).values_list("what", flat=True))


def count_stock(*, code: str, counted: int, note: str = "", actor: Actor, now: datetime) -> int:
    """Record one's count of the day against what must be there, and return the difference; other than nought it is an incident.

    Raises:
        Denied: one keeps none of this form.
        Invalid: a difference without a word on it.
    """
    check_official(actor)
    if not Stock.objects.filter(code=code, custodian=person_of(actor)).exists():
        raise Denied("この用紙を保管していません。保管者が数えてください")
    expected = sum_of(code, person_of(actor)).left
    if counted < 0 or (counted != expected and not note.strip()):
        raise Invalid(
            f"あるべき枚数は{expected}枚です。数え直し、それでも違うときは説明を書いてください（事故として記録します）"
        )
    row = StockCount.objects.create(
        code=code, custodian=person_of(actor), day=now.date(), expected=expected, counted=counted, note=note.strip()[:300],
        by=person_of(actor), at=now,
    )  # fmt: skip
    event = StockCounted(count=row.pk, difference=counted - expected)
    announce(event, who=actor.who, now=now, subject=("count", row.pk))
    return counted - expected
