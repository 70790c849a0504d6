"""Pre-printed stock with serials: received, used, spoiled, returned, counted."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel


class Stock(CityModel):
    """A delivery of numbered forms (from-to), in the hands of one custodian."""

    code = models.CharField("用紙", max_length=40)
    first = models.PositiveIntegerField("はじめの番号")
    last = models.PositiveIntegerField("おわりの番号")
    following = models.PositiveIntegerField("次の番号")
    custodian = models.BigIntegerField("保管者")
    received_on = models.DateField("受入日")
    received_by = models.BigIntegerField("受け入れた人")

    class Meta:
        verbose_name = "番号付き用紙"
        constraints: ClassVar = (
            models.CheckConstraint(
                name="stock_in_order",
                condition=models.Q(first__lte=models.F("last"))
                & models.Q(following__gte=models.F("first"))
                & models.Q(following__lte=models.F("last") + 1),
            ),
        )
        indexes: ClassVar = (models.Index(fields=("city", "code", "first"), name="stock_by_code"),)


class StockSerial(CityModel):
    """What became of one numbered form: used, spoiled (書損), returned. A used one may later be void."""

    stock = CityForeignKey(Stock, verbose_name="番号付き用紙", related_name="serials")
    code = models.CharField("用紙", max_length=40)
    serial = models.PositiveIntegerField("番号")
    what = models.CharField("別", max_length=8)
    day = models.DateField("年月日")
    by = models.BigIntegerField("行った人")
    item = CityForeignKey("Item", verbose_name="発送物", null=True, related_name="serials")
    reason = models.CharField("理由", max_length=200, blank=True)
    void = models.CharField("無効の理由", max_length=12, blank=True)
    replaced_by = models.PositiveIntegerField("代わりの番号", null=True)

    class Meta:
        verbose_name = "用紙の番号"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "code", "serial"), name="one_row_per_serial"),)
        indexes: ClassVar = (models.Index(fields=("city", "stock", "day"), name="serials_by_day"),)


class StockCount(CityModel):
    """The count of one day by the custodian against what must be there; a difference is an incident. Append-only."""

    app_grants = "SELECT, INSERT"

    code = models.CharField("用紙", max_length=40)
    custodian = models.BigIntegerField("保管者")
    day = models.DateField("年月日")
    expected = models.IntegerField("あるべき枚数")
    counted = models.IntegerField("数えた枚数")
    note = models.CharField("違いの説明", max_length=300, blank=True)
    by = models.BigIntegerField("数えた人")
    at = models.DateTimeField("記録日時")

    class Meta:
        verbose_name = "用紙の突合"
        indexes: ClassVar = (models.Index(fields=("city", "code", "day"), name="stock_counts_by_day"),)
