"""The only way between city and contractor: messages to a contract's queue, and when its managers are on duty."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from honrai.platform.authority.acts import Channel
from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models.contracts import Contract
from honrai.platform.organisations.models.periods import has_a_start, no_overlap


class DutyPeriod(CityModel):
    """When a manager or deputy of a contract was on duty; open while on duty. Kept and seen by the contractor."""

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="+")
    person = CityForeignKey("organisations.Person", verbose_name="管理責任者", related_name="+")
    during = DateTimeRangeField("在席期間")

    class Meta:
        verbose_name = "管理責任者の在席"
        constraints = (
            no_overlap("on_duty_once", "person", period="during"),
            has_a_start("duty_has_a_start", "during"),
        )


class ContractMessage(CityModel):
    """An order, return, query or note between the city and a contract. It names a contract, never a person of it.

    A new or changed order is `held` until a manager is on duty. `assigned_to` is set by the contract's manager alone.
    """

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="messages")
    channel = models.CharField("種別", max_length=20, choices=[(c.value, c.label) for c in Channel])
    queue = models.CharField("受付箱", max_length=60, blank=True)
    title = models.CharField("件名", max_length=120)
    body = models.TextField("本文", blank=True)
    about_kind = models.CharField("対象の種別", max_length=40, blank=True)
    about_id = models.BigIntegerField("対象", null=True, blank=True)
    due = models.DateField("期限", null=True, blank=True)
    quantity = models.PositiveIntegerField("数量", null=True, blank=True)
    answers = CityForeignKey("self", verbose_name="返信先", null=True, blank=True, related_name="+")
    unit = CityForeignKey("organisations.Unit", verbose_name="市の担当課", null=True, related_name="+")
    reason = models.CharField("直接説明の理由", max_length=200, blank=True)
    supervisor = CityForeignKey(
        "organisations.Person", verbose_name="立ち会った管理責任者", null=True, related_name="+"
    )
    sent_by = CityForeignKey("organisations.Person", verbose_name="送った人", null=True, related_name="+")
    sent_at = models.DateTimeField("送信日時")
    delivered_at = models.DateTimeField("到達日時", null=True)
    assigned_to = CityForeignKey("organisations.Person", verbose_name="受託者側の担当", null=True, related_name="+")
    done_at = models.DateTimeField("完了日時", null=True)

    class Meta:
        verbose_name = "契約連絡"
        indexes = (
            models.Index(fields=("city", "contract", "sent_at"), name="messages_by_contract"),
            models.Index(
                fields=("city", "contract"), name="messages_held", condition=models.Q(delivered_at__isnull=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="held_is_not_assigned",
                condition=models.Q(delivered_at__isnull=False)
                | models.Q(assigned_to__isnull=True, done_at__isnull=True),
            ),
        )
