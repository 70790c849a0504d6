"""Files of payment: made once of an approved order, read back, compared, kept with their digest, released by another person."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal

from honrai.exchange import api as exchange
from honrai.payments.events import FileReleased
from honrai.payments.models import FileRelease, OrderLine, OrderState, PaymentFile, PaymentOrder
from honrai.payments.permissions import check_accounting, check_staff
from honrai.payments.rules.problems import BadFile
from honrai.payments.rules.reading import read_file
from honrai.payments.rules.writing import Header, write_file
from honrai.platform.authority.api import Actor, Denied
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.registers import api as registers

Kind = Literal["finance", "zengin"]
KINDS: Mapping[str, str] = {"finance": "財務会計システムの一括取込ファイル", "zengin": "全銀 総合振込"}
FINANCE = "finance-orders"
_LIMITS = files.Limits(frozenset({"text/plain", "application/octet-stream"}), 512 * MEGABYTE)


def make_file(order: int, *, kind: Kind, actor: Actor, now: datetime) -> int:
    """Make the file of an approved order: the finance system's by default, 全銀 only by the accounting role. Returns its key.

    The file is read back by the reader that takes foreign files in; count and sum must be the order's, or nothing is kept.

    Args:
        order: key of the order.
        kind: finance or zengin.
        actor: staff; for zengin with the charge 会計.
        now: the moment.

    Raises:
        Conflict: the order is not approved, or the file stands already.
        Invalid: something cannot be written; nothing was made.
    """
    (check_accounting if kind == "zengin" else check_staff)(actor)
    row = _order(order)
    if row.state not in (OrderState.APPROVED, OrderState.RELEASED):
        raise Conflict(f"この支出命令は「{OrderState(row.state).label}」です。ファイルは決裁のあとで作れます。")
    if PaymentFile.objects.filter(order=row, kind=kind).exists():
        raise Conflict("このファイルは作成済みです。作り直しはできません。")
    content = _zengin(row, now.date()) if kind == "zengin" else _finance(row, now.date())
    ending = "txt" if kind == "zengin" else "csv"
    kept = files.store(content, name=f"{row.number}-{kind}.{ending}", limits=_LIMITS, who=actor.who, now=now)
    made = PaymentFile.objects.create(
        order=row,
        kind=kind,
        file=kept.id,
        sha256=hashlib.sha256(content).hexdigest(),
        count=row.count,
        total=row.total,
        made_by=actor.person or 0,
        made_at=now,
    )
    record("payments.file_made", who=actor.who, now=now, subject=("order", row.pk), data={"kind": kind})
    return made.pk


def _order(order: int) -> PaymentOrder:
    row = PaymentOrder.objects.select_for_update().filter(pk=order).first()
    if row is None:
        raise NotFound("この支出命令は見つかりません。")
    return row


def _lines(order: PaymentOrder) -> Iterator[OrderLine]:
    return OrderLine.objects.filter(order=order).order_by("number").iterator(chunk_size=5_000)


def _finance(order: PaymentOrder, today: date) -> bytes:
    """Return the bulk file of the finance system, read back and compared."""
    records = [
        {
            "order_no": order.number,
            "line": str(line.number),
            "heading": order.heading,
            "pay_on": order.pay_on.isoformat(),
            "name": line.name,
            "amount": str(line.amount),
            "bank": line.bank,
            "branch": line.branch,
            "kind": line.kind,
            "account": line.account,
            "holder": line.holder,
            "purpose": order.title,
        }
        for line in _lines(order)
    ]
    written = exchange.write_layout(records, FINANCE, today)
    if written.left_out:
        first = written.left_out[0]
        raise Invalid(f"{first.row + 1}行目の「{first.label}」を書けません。{first.reason}")
    read = exchange.read_layout(written.content, FINANCE, today)
    _same(order, len(read), sum(int(one["amount"]) for one in read))
    return written.content


def _zengin(order: PaymentOrder, today: date) -> bytes:
    """Return the bank file, read back and compared."""
    settings = City.objects.values_list("settings", flat=True).get(pk=current_city()).get("payer_account")
    if not settings:
        raise Invalid("市の支払口座と委託者コードが登録されていません。市の設定（payer_account）に登録してください。")
    header = Header(kind="21", day=order.pay_on, **settings)
    lines = list(_lines(order))
    branches = registers.branches_of({line.bank for line in lines}, today)
    banks = registers.lines("bank", {line.bank for line in lines}, today)
    records = [_record(line, banks, branches) for line in lines]
    try:
        content = write_file(header, records, today).content
    except BadFile as error:
        raise Invalid(str(error)[:400]) from error
    read = read_file(content, today)
    if read.problems:
        raise Invalid(f"作ったファイルを読み返せません。{read.problems[0]}")
    _same(order, read.totals.count, read.totals.amount)
    return content


def _record(
    line: OrderLine, banks: Mapping[str, registers.Line], branches: Mapping[str, Mapping[str, registers.Line]]
) -> dict[str, str | int]:
    bank, branch = banks.get(line.bank), branches[line.bank].get(line.branch)
    return {
        "bank": line.bank,
        "bank_name": bank.kana if bank else "",
        "branch": line.branch,
        "branch_name": branch.kana if branch else "",
        "account_kind": line.kind,
        "account": line.account,
        "holder": line.holder,
        "amount": line.amount,
        "new_code": "0",
        "customer_1": str(line.payable_id % 10**10),
    }


def _same(order: PaymentOrder, count: int, total: int) -> None:
    if (count, total) != (order.count, order.total):
        raise Invalid(
            f"読み返すと{count:,}件 {total:,}円で、支出命令の{order.count:,}件 {order.total:,}円と違います。作成を止めました。"
        )


def release_file(made: int, *, actor: Actor, now: datetime) -> None:
    """Let a file out; whoever made it cannot, and the bank's file only the accounting role.

    Raises:
        Denied: the same person, no official, or no accounting role.
        Conflict: it is out already, or another file of the same order is.
    """
    check_staff(actor)
    row = PaymentFile.objects.select_related("order").filter(pk=made).first()
    if row is None:
        raise NotFound("このファイルは見つかりません。")
    order = _order(row.order_id)
    if row.kind == "zengin":
        check_accounting(actor)
    if row.made_by == actor.person:
        raise Denied("自分が作ったファイルは引き渡せません。ほかの職員に引渡しを頼んでください。")
    if FileRelease.objects.filter(made__order=order).exists():
        raise Conflict("この支出命令のファイルは引き渡し済みです。同じものを二度は払えません。")
    FileRelease.objects.create(made=row, made_by=row.made_by, released_by=actor.person or 0, released_at=now)
    order.state = OrderState.RELEASED
    order.save(update_fields=["state"])
    event = FileReleased(order=order.pk, kind=row.kind, lines=row.count, total=row.total)
    announce(event, who=actor.who, now=now, subject=("order", order.pk))


def content_of(made: int, *, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of a released file; they are those that were made, or nothing is given.

    Raises:
        Conflict: it was not released yet, or its bytes are not those that were made.
    """
    check_staff(actor)
    row = PaymentFile.objects.filter(pk=made).first()
    if row is None:
        raise NotFound("このファイルは見つかりません。")
    if row.kind == "zengin":
        check_accounting(actor)
    if not FileRelease.objects.filter(made=row).exists():
        raise Conflict("引渡しの前のファイルです。ほかの職員が引き渡してから受け取ってください。")
    info, content = files.fetch(row.file, who=actor.who, now=now)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Conflict("ファイルの内容が作成したときと違います。引き渡さず、管理者に知らせてください。")
    return info.name, content
