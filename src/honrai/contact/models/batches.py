"""Batches of letters as they were printed and handed to the post. All of it append-only: what went out stays as it was."""

from typing import ClassVar

from django.db import models

from honrai.contact.models.items import Item
from honrai.platform.cities.models import CityForeignKey, CityModel


class Batch(CityModel):
    """One print run: the file, its index, the bulk mail sheet. Never changed; it is closed by its `HandOver`."""

    app_grants = "SELECT, INSERT"

    made_at = models.DateTimeField("作成日時")
    made_by = models.BigIntegerField("作成者")
    contract = models.BigIntegerField("契約", null=True)
    printer = CityForeignKey("Printer", verbose_name="印刷機", null=True, related_name="+")
    duplex = models.BooleanField("両面")
    envelope = models.CharField("封筒", max_length=40)
    file = models.BigIntegerField("印刷用ファイル")
    cards = models.BigIntegerField("用紙に印刷するファイル", null=True)
    index = models.BigIntegerField("一覧")
    sheet = models.BigIntegerField("差出票")
    sha256 = models.CharField("印刷用ファイルのハッシュ", max_length=64)
    items = models.PositiveIntegerField("件数")
    pieces = models.PositiveIntegerField("通数")
    pages = models.PositiveIntegerField("ページ数")

    class Meta:
        verbose_name = "発送の束"
        indexes: ClassVar = (models.Index(fields=("city", "made_at", "id"), name="batches_by_day"),)


class BatchLine(CityModel):
    """One item in a batch: which envelope (`piece`), which pages. Append-only."""

    app_grants = "SELECT, INSERT"

    batch = CityForeignKey(Batch, verbose_name="発送の束", related_name="lines")
    item = CityForeignKey(Item, verbose_name="発送物", related_name="lines")
    piece = models.PositiveIntegerField("通番")
    first_page = models.PositiveIntegerField("はじめのページ")
    pages = models.PositiveIntegerField("ページ数")
    serial = models.CharField("証の番号", max_length=20, blank=True)
    to_name = models.CharField("宛名", max_length=120)
    to_postcode = models.CharField("郵便番号", max_length=8, blank=True)
    to_address = models.CharField("宛先の住所", max_length=300, blank=True)
    grams = models.PositiveIntegerField("重さ(g)")
    mail_class = models.CharField("郵便の区分", max_length=40)

    class Meta:
        verbose_name = "束の1件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "batch", "item"), name="one_line_per_item_of_batch"),
        )


class Removal(CityModel):
    """An item taken out of a batch before the post got it: pulled (引抜き) or spoiled (書損). Append-only."""

    app_grants = "SELECT, INSERT"

    line = CityForeignKey(BatchLine, verbose_name="束の1件", related_name="removals")
    what = models.CharField("別", max_length=8)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("日時")
    by = models.BigIntegerField("行った人")

    class Meta:
        verbose_name = "引抜き・書損"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "line"), name="one_removal_per_line"),)


class HandOver(CityModel):
    """The batch was given to the post; nothing leaves it any more. Append-only."""

    app_grants = "SELECT, INSERT"

    batch = CityForeignKey(Batch, verbose_name="発送の束", related_name="handovers")
    at = models.DateTimeField("差出日時")
    by = models.BigIntegerField("差し出した人")
    office = models.CharField("差出先", max_length=60)
    printed = models.PositiveIntegerField("差し出した件数")
    pulled = models.PositiveIntegerField("引抜き件数")
    spoiled = models.PositiveIntegerField("書損件数")

    class Meta:
        verbose_name = "差出し"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "batch"), name="one_handover_per_batch"),)


class Reprint(CityModel):
    """One line of the log of reprints. Append-only."""

    app_grants = "SELECT, INSERT"

    item = CityForeignKey(Item, verbose_name="発送物", related_name="reprints")
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("日時")
    by = models.BigIntegerField("行った人")
    file = models.BigIntegerField("ファイル")

    class Meta:
        verbose_name = "再印刷"
