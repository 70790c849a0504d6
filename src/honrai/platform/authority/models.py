"""The city's 専決規程 as dated rows."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from honrai.platform.authority.acts import Act, Rank
from honrai.platform.cities.models import CityModel


class DecisionLevel(CityModel):
    """One row of the 専決規程: which 職位 may decide what, up to which amount, in which period.

    Like a line of the printed table. `procedure` "" stands for all procedures without rows of their own; `act` "" for
    both kinds of decision; `up_to` is inclusive, empty without limit. One rank has one limit per procedure and act on
    any day.
    """

    procedure = models.CharField("手続コード", max_length=60, blank=True)
    act = models.CharField("行為", max_length=24, blank=True, choices=[(a.value, a.label) for a in Act if a.deciding])
    rank = models.PositiveSmallIntegerField("専決者の職位", choices=[(r.value, r.label) for r in Rank])
    up_to = models.BigIntegerField("上限額（円、以下）", null=True, blank=True)
    period = DateRangeField("適用期間")
    source = models.CharField("規程の条項", max_length=120)

    class Meta:
        verbose_name = "専決区分"
        constraints = (
            ExclusionConstraint(
                name="one_limit_per_rank",
                expressions=[
                    ("city", RangeOperators.EQUAL),
                    ("procedure", RangeOperators.EQUAL),
                    ("act", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="limit_not_negative", condition=models.Q(up_to__isnull=True) | models.Q(up_to__gte=0)
            ),
            models.CheckConstraint(name="level_period_not_empty", condition=models.Q(period__isempty=False)),
            models.CheckConstraint(name="level_has_a_start", condition=models.Q(period__startswith__isnull=False)),
        )
