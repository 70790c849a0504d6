"""Where paper is: boxes, envelopes and bundles, their hand-overs, counts that differ, disposal."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel


class Container(CityModel):
    """入れ物: a box, an envelope or a bundle of sheets; each has a label and stands in another or alone.

    `contract` is the contract the paper is (or was last) worked under, `holder` who has it in hand now. `count` is what the last
    agreed count gave: bundles and envelopes inside a box, sheets in an envelope or a bundle.
    """

    code = models.CharField("ラベル番号", max_length=20)
    kind = models.CharField("種別", max_length=10)
    parent = CityForeignKey("self", verbose_name="入っている先", null=True, related_name="inside")
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    holder = models.CharField("今ある所", max_length=10, default="city")
    procedure = models.CharField("手続コード", max_length=60, blank=True)
    template = CityForeignKey("documents.Template", verbose_name="読取様式", null=True, related_name="+")
    note = models.CharField("メモ", max_length=200, blank=True)
    arrived_on = models.DateField("届いた日")
    count = models.PositiveIntegerField("数")
    made_by = models.BigIntegerField("登録した人", null=True)
    at = models.DateTimeField("登録日時")
    disposed_at = models.DateTimeField("廃棄日時", null=True)

    class Meta:
        verbose_name = "紙の入れ物"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "code"), name="one_container_per_label"),
            models.CheckConstraint(condition=Q(kind__in=("box", "envelope", "bundle")), name="container_kind"),
            models.CheckConstraint(condition=Q(holder__in=("city", "contract")), name="container_holder"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "unit", "at"), name="containers_of_unit"),
            models.Index(fields=("city", "contract", "at"), name="containers_of_contract"),
        )


class Handover(CityModel):
    """授受: paper goes from the city to the contractor or back; both count, the receiver unaware of the sender's count."""

    container = CityForeignKey(Container, verbose_name="入れ物", related_name="handovers")
    to = models.CharField("渡す先", max_length=10)
    contract = models.BigIntegerField("契約")
    sent_count = models.PositiveIntegerField("渡した数")
    sent_by = models.BigIntegerField("渡した人", null=True)
    sent_at = models.DateTimeField("渡した日時")
    received_count = models.PositiveIntegerField("受け取った数", null=True)
    received_by = models.BigIntegerField("受け取った人", null=True)
    received_at = models.DateTimeField("受け取った日時", null=True)

    class Meta:
        verbose_name = "紙の授受"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "container"), condition=Q(received_at=None), name="one_handover_under_way"
            ),
        )
        indexes: ClassVar = (models.Index(fields=("city", "container", "sent_at"), name="handovers_of_container"),)


class Incident(CityModel):
    """数の不一致: a count that differs from the count before. Stays open until somebody of the city says what it was."""

    container = CityForeignKey(Container, verbose_name="入れ物", related_name="incidents")
    occasion = models.CharField("場面", max_length=10)
    expected = models.PositiveIntegerField("あるはずの数")
    counted = models.PositiveIntegerField("数えた数")
    found_by = models.BigIntegerField("見つけた人", null=True)
    found_at = models.DateTimeField("見つけた日時")
    explanation = models.CharField("調べた結果", max_length=400, blank=True)
    agreed = models.PositiveIntegerField("正しい数", null=True)
    resolved_by = models.BigIntegerField("解決した人", null=True)
    resolved_at = models.DateTimeField("解決日時", null=True)

    class Meta:
        verbose_name = "紙の数の不一致"
        indexes: ClassVar = (
            models.Index(fields=("city", "found_at"), name="incidents_open", condition=Q(resolved_at=None)),
        )


class Disposal(CityModel):
    """廃棄: how a container's paper was destroyed and before whom; the certificate is printed from it."""

    app_grants = "SELECT, INSERT"

    container = CityForeignKey(Container, verbose_name="入れ物", related_name="disposals")
    number = models.CharField("証明番号", max_length=24)
    method = models.CharField("方法", max_length=20)
    place = models.CharField("場所・業者", max_length=120)
    sheets = models.PositiveIntegerField("枚数")
    done_on = models.DateField("廃棄した日")
    done_by = models.BigIntegerField("廃棄した人", null=True)
    witness = models.CharField("立会人", max_length=80)
    at = models.DateTimeField("記録日時")

    class Meta:
        verbose_name = "紙の廃棄"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "container"), name="one_disposal_per_container"),
        )
