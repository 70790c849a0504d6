"""What waits to be sent, and what two officials must look at first."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel


class ItemState(models.TextChoices):
    """How far an item is."""

    STOPPED = "stopped", "確認待ち"
    WITHHELD = "withheld", "差止め"
    ONLINE = "online", "画面で交付"
    WAITING = "waiting", "発送待ち"
    BATCHED = "batched", "印刷済み"
    SENT = "sent", "差出し済み"
    PULLED = "pulled", "引抜き"


class Item(CityModel):
    """One issued letter on its way out, with the address it was issued for."""

    letter = models.BigIntegerField("文書")
    case = models.BigIntegerField("案件")
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    protected = models.BooleanField("支援措置", default=False)
    procedure = models.CharField("手続", max_length=60)
    kind = models.CharField("文書の種類", max_length=60)
    title = models.CharField("件名", max_length=120)
    number = models.CharField("文書番号", max_length=60, blank=True)
    issued_on = models.DateField("発行日")
    issued_by = models.BigIntegerField("発行者", null=True)
    file = models.BigIntegerField("ファイル")
    pages = models.PositiveIntegerField("ページ数")
    to_name = models.CharField("宛名", max_length=120)
    to_postcode = models.CharField("郵便番号", max_length=8, blank=True)
    to_address = models.CharField("宛先の住所", max_length=300, blank=True)
    readdressed = models.BooleanField("宛先を変更した", default=False)
    authority = models.CharField("処分庁", max_length=60, blank=True)
    sealed = models.BooleanField("公印が必要", default=False)
    seal_request = CityForeignKey(
        "SealRequest", verbose_name="公印の使用承認", null=True, blank=True, related_name="items"
    )
    stock = models.CharField("用紙", max_length=40, blank=True)
    enclosures = models.JSONField("同封物", default=list)
    posted = models.BooleanField("郵送する", default=True)
    state = models.CharField("状態", max_length=10, choices=ItemState.choices)

    class Meta:
        verbose_name = "発送物"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "letter"), name="one_item_per_letter"),)
        indexes: ClassVar = (
            models.Index(fields=("city", "state", "to_postcode", "id"), name="items_by_state_and_postcode"),
        )


class StopState(models.TextChoices):
    """What became of a stop."""

    OPEN = "open", "確認待ち"
    RELEASED = "released", "発送してよい"
    WITHHELD = "withheld", "差止め"


class Stop(CityModel):
    """An item stands still because of 支援措置 until two officials have looked at it, or one has withheld it."""

    item = CityForeignKey(Item, verbose_name="発送物", related_name="stops")
    cause = models.CharField("止めた場面", max_length=12)
    reasons = models.JSONField("止めた理由", default=list)
    to = models.CharField("止めたときの宛先", max_length=440)
    raised_at = models.DateTimeField("止めた日時")
    state = models.CharField("状態", max_length=10, choices=StopState.choices, default=StopState.OPEN)
    first_by = models.BigIntegerField("1人目", null=True)
    first_at = models.DateTimeField("1人目の日時", null=True)
    second_by = models.BigIntegerField("2人目", null=True)
    second_at = models.DateTimeField("2人目の日時", null=True)
    asked_by = models.BigIntegerField("求めた人", null=True)
    note = models.CharField("確認したこと", max_length=300, blank=True)
    used = models.BooleanField("使用済み", default=False)

    class Meta:
        verbose_name = "発送の停止"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "item"), name="one_open_stop_per_item", condition=Q(state="open")),
            models.CheckConstraint(
                name="stop_released_by_two",
                condition=~Q(state="released")
                | (Q(first_by__isnull=False) & Q(second_by__isnull=False) & ~Q(first_by=models.F("second_by"))),
            ),
        )
        indexes: ClassVar = (models.Index(fields=("city", "state", "id"), name="stops_by_state"),)
