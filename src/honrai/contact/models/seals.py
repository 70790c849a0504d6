"""Seals, who keeps them, who may use them for what, and the ledger of every print."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel


class Seal(CityModel):
    """A public seal (公印) as an image, kept by the holder of a post (公印管守者)."""

    name = models.CharField("公印の名称", max_length=60)
    authority = models.CharField("処分庁", max_length=60)
    image = models.BigIntegerField("印影")
    width = models.DecimalField("寸法(mm)", max_digits=4, decimal_places=1)
    custodian = models.BigIntegerField("管守者の職")
    since = models.DateField("使用開始日")
    until = models.DateField("使用終了日の翌日", null=True, blank=True)
    source = models.CharField("根拠", max_length=120)

    class Meta:
        verbose_name = "公印"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "authority"), name="one_seal_in_use_per_authority", condition=Q(until__isnull=True)
            ),
        )


class SealState(models.TextChoices):
    """What became of a request."""

    ASKED = "asked", "承認待ち"
    APPROVED = "approved", "承認"
    REFUSED = "refused", "不承認"


class SealRequest(CityModel):
    """An official asks for a seal on letters; its custodian approves one or a batch of them."""

    seal = CityForeignKey(Seal, verbose_name="公印", related_name="+")
    purpose = models.CharField("用途", max_length=200)
    copies = models.PositiveIntegerField("1件の部数", default=1)
    asked_by = models.BigIntegerField("請求者")
    asked_at = models.DateTimeField("請求日時")
    state = models.CharField("状態", max_length=10, choices=SealState.choices, default=SealState.ASKED)
    decided_by = models.BigIntegerField("管守者", null=True)
    decided_at = models.DateTimeField("承認日時", null=True)
    reason = models.CharField("不承認の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "公印の使用請求"
        constraints: ClassVar = (
            models.CheckConstraint(
                name="seal_approved_by_another",
                condition=Q(state="asked") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
            ),
        )
        indexes: ClassVar = (models.Index(fields=("city", "state", "id"), name="seal_requests_by_state"),)


class SealUse(CityModel):
    """One line of the ledger of seal prints (公印使用簿). Append-only."""

    app_grants = "SELECT, INSERT"

    seal = CityForeignKey(Seal, verbose_name="公印", related_name="+")
    request = CityForeignKey(SealRequest, verbose_name="使用承認", related_name="+")
    item = CityForeignKey("Item", verbose_name="発送物", related_name="+")
    day = models.DateField("使用日")
    number = models.CharField("文書番号", max_length=60)
    title = models.CharField("件名", max_length=120)
    copies = models.PositiveIntegerField("部数")
    printed_by = models.BigIntegerField("使用者")
    approved_by = models.BigIntegerField("承認者")

    class Meta:
        verbose_name = "公印使用簿"
        indexes: ClassVar = (models.Index(fields=("city", "day", "id"), name="seal_uses_by_day"),)
