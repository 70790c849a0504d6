"""Published versions of packs: immutable, found by their content, in force from a day on."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from honrai.platform.cities.models import CityModel


class DateRange(Func):
    """daterange(from, to): half-open, open-ended where `to` is empty."""

    function = "daterange"


class PackVersion(CityModel):
    """One published version of one procedure. Cases keep the version they started on.

    `archive` is the pack as a zip; `address` the sha256 of its content. `contract` is set for the inner pack (作業手順書) a
    contractor published for its own activity; the city can neither edit nor approve it.
    """

    code = models.CharField("手続コード", max_length=60)
    number = models.PositiveIntegerField("版")
    title = models.CharField("手続名", max_length=120)
    owner = models.CharField("制度主管", max_length=60)
    nature = models.CharField("性質", max_length=20)
    contract = models.BigIntegerField("契約", null=True)
    address = models.CharField("内容の要約値", max_length=64)
    archive = models.BinaryField("内容")
    effective_from = models.DateField("施行日")
    effective_to = models.DateField("終了日", null=True)
    published_at = models.DateTimeField("公開日時")

    class Meta:
        verbose_name = "手続の版"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "code", "contract", "number"), name="versions_are_numbered", nulls_distinct=False
            ),
            ExclusionConstraint(
                name="one_version_in_force",
                expressions=[
                    (F("city"), RangeOperators.EQUAL),
                    (F("code"), RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(contract__isnull=True),
            ),
        )
