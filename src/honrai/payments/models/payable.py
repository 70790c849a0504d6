"""What was decided to be paid."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import BulkCityModel


class PayableState(models.TextChoices):
    """Where a payable stands."""

    WAITING = "waiting", "口座待ち"
    READY = "ready", "支払待ち"
    ORDERED = "ordered", "支出命令中"
    PAID = "paid", "支払済"
    RETURNED = "returned", "振込不能"
    STOPPED = "stopped", "取りやめ"


class Payable(BulkCityModel):
    """One sum somebody decided to pay to one payee. The amount is the decision's and never changes; it is paid whole or not.

    `source` names what it comes from ("case/12/1/refund", "claims/2026-05/4310000001") and stands once.
    """

    source = models.CharField("元の決定", max_length=120)
    party = models.CharField("受取人", max_length=60)
    name = models.CharField("受取人の氏名・名称", max_length=120)
    purpose = models.CharField("支払の内容", max_length=80)
    heading = models.CharField("歳出科目", max_length=20)
    unit = models.BigIntegerField("担当課")
    procedure = models.CharField("手続コード", max_length=60, blank=True)
    case = models.BigIntegerField("案件", null=True)
    document = models.BigIntegerField("決定の起案文書", null=True)
    amount = models.BigIntegerField("決定した額（円）")
    decided_on = models.DateField("決定日")
    state = models.CharField("状態", max_length=10, choices=PayableState, default=PayableState.WAITING)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "支払うもの"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "source"), name="a_payable_stands_once"),
            models.CheckConstraint(name="a_payable_is_above_nothing", condition=Q(amount__gt=0)),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "state", "heading", "id"), name="payables_by_state"),
            models.Index(fields=("city", "party", "state"), name="payables_of_party"),
            models.Index(fields=("city", "case"), name="payables_of_case", condition=Q(case__isnull=False)),
        )
