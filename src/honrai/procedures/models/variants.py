"""How wards do one procedure differently today, and what was decided about each difference."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.procedures.models.draft import Draft


class Variant(CityModel):
    """One ward's way of doing a procedure, as a pack: path -> content, beside the draft it is compared with."""

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="variants")
    ward = models.CharField("区", max_length=60)
    files = models.JSONField("ファイル")
    by = models.BigIntegerField("取り込んだ者", null=True)
    at = models.DateTimeField("取込日時")

    class Meta:
        verbose_name = "区の運用"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "draft", "ward"), name="wards_have_one_variant"),
        )


class VariantDecision(CityModel):
    """Kept with a reason, or dropped: one ward's difference in one element of the pack; counts for exactly what it `says`."""

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="variant_decisions")
    ward = models.CharField("区", max_length=60)
    part = models.CharField("部分", max_length=40)
    element = models.CharField("要素", max_length=200)
    says = models.TextField("区の内容", blank=True)
    keep = models.BooleanField("残す")
    reason = models.TextField("理由", blank=True)
    by = models.BigIntegerField("判断した者", null=True)
    at = models.DateTimeField("判断日時")

    class Meta:
        verbose_name = "区の違いの扱い"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "draft", "ward", "part", "element"), name="differences_decided_once"
            ),
        )
