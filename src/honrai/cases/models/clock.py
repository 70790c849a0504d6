"""Who held a case from when to when, and whether the clock ran."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class ClockSpan(CityModel):
    """One stretch of time a case lay in one hand (期間): applicant, contract, unit, or the house; the last one has no `until`."""

    case = CityForeignKey(Case, verbose_name="案件", related_name="spans")
    holder = models.CharField("持ち手", max_length=12)
    unit = models.BigIntegerField("持ち手の課", null=True)
    contract = models.BigIntegerField("持ち手の契約", null=True)
    standing = models.BooleanField("時計が止まっている", default=False)
    why = models.CharField("理由", max_length=40, blank=True)
    since = models.DateTimeField("始まり")
    until = models.DateTimeField("終わり", null=True)

    class Meta:
        verbose_name = "期間の記録"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "case"), name="one_open_span", condition=Q(until__isnull=True)),
        )
        indexes: ClassVar = (models.Index(fields=("city", "case", "since"), name="spans_of_case"),)
