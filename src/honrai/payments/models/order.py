"""Orders of payment (支出命令), their lines, the files made of them and who released them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from honrai.payments.models.payable import Payable
from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel


class OrderState(models.TextChoices):
    """Where an order stands."""

    DECIDING = "deciding", "決裁中"
    APPROVED = "approved", "決裁済み"
    RETURNED = "returned", "差戻し"
    RELEASED = "released", "引渡し済み"
    SETTLED = "settled", "支払済"


class LineState(models.TextChoices):
    """Where a line stands."""

    ORDERED = "ordered", "支払待ち"
    PAID = "paid", "支払済"
    RETURNED = "returned", "振込不能"
    DROPPED = "dropped", "取下げ"


class PaymentOrder(CityModel):
    """One order (支出負担行為兼支出命令) over many payables of one heading, to be paid on one day."""

    number = models.CharField("支出命令番号", max_length=20)
    title = models.CharField("件名", max_length=120)
    heading = models.CharField("歳出科目", max_length=20)
    unit = models.BigIntegerField("起票した課")
    pay_on = models.DateField("支払日")
    count = models.PositiveIntegerField("件数")
    total = models.BigIntegerField("金額（円）")
    state = models.CharField("状態", max_length=10, choices=OrderState, default=OrderState.DECIDING)
    document = models.BigIntegerField("起案文書", null=True)
    drafted_by = models.BigIntegerField("起票した人", null=True)
    drafted_at = models.DateTimeField("起票日時")

    class Meta:
        verbose_name = "支出命令"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "number"), name="order_numbers_are_unique"),
            models.CheckConstraint(name="an_order_pays_something", condition=Q(count__gt=0, total__gt=0)),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "state", "id"), name="orders_by_state"),
            models.Index(fields=("city", "document"), name="order_of_document", condition=Q(document__isnull=False)),
        )


class OrderLine(BulkCityModel):
    """One payment of an order, with the account as it was then.

    `decided` repeats the payable's amount; the database holds it equal (a reference over three columns) and lets `amount` never
    exceed it. A payable stands in one living line at most, so nothing is paid twice.
    """

    order = CityForeignKey(PaymentOrder, verbose_name="支出命令", related_name="lines", db_index=False)
    payable = CityForeignKey(Payable, verbose_name="支払うもの", related_name="lines", db_index=False)
    number = models.PositiveIntegerField("行番号")
    decided = models.BigIntegerField("決定した額（円）")
    amount = models.BigIntegerField("支払う額（円）")
    name = models.CharField("受取人の氏名・名称", max_length=120)
    bank = models.CharField("金融機関コード", max_length=4)
    branch = models.CharField("支店コード", max_length=3)
    kind = models.CharField("種目", max_length=1)
    account = models.CharField("口座番号", max_length=7)
    holder = models.CharField("口座名義（銀行の文字）", max_length=48)
    state = models.CharField("状態", max_length=10, choices=LineState, default=LineState.ORDERED)
    reason = models.CharField("不能の理由", max_length=120, blank=True)

    class Meta:
        verbose_name = "支出命令の明細"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "order", "number"), name="lines_are_numbered"),
            models.UniqueConstraint(
                fields=("city", "payable"), name="a_payable_is_paid_once", condition=Q(state__in=("ordered", "paid"))
            ),
            models.CheckConstraint(
                name="never_more_than_the_decision", condition=Q(amount__gt=0, amount__lte=F("decided"))
            ),
        )


class PaymentFile(CityModel):
    """A file made of an approved order; never changed. What it says was read back and compared before it was kept."""

    app_grants = "SELECT, INSERT"

    order = CityForeignKey(PaymentOrder, verbose_name="支出命令", related_name="files")
    kind = models.CharField("ファイルの種類", max_length=10)
    file = models.BigIntegerField("ファイル")
    sha256 = models.CharField("内容の要約値", max_length=64)
    count = models.PositiveIntegerField("件数")
    total = models.BigIntegerField("金額（円）")
    made_by = models.BigIntegerField("作成した人")
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "支払のファイル"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "order", "kind"), name="one_file_of_a_kind"),)


class FileRelease(CityModel):
    """Who let a file out of the house; another than made it. Never changed."""

    app_grants = "SELECT, INSERT"

    made = CityForeignKey(PaymentFile, verbose_name="支払のファイル", related_name="releases", db_index=False)
    made_by = models.BigIntegerField("作成した人")
    released_by = models.BigIntegerField("引き渡した人")
    released_at = models.DateTimeField("引渡し日時")

    class Meta:
        verbose_name = "ファイルの引渡し"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "made"), name="a_file_is_released_once"),
            models.CheckConstraint(name="a_file_is_released_by_another", condition=~Q(released_by=F("made_by"))),
        )
