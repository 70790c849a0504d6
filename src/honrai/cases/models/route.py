"""Who answers for a procedure: its unit and its contract."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class Route(CityModel):
    """Which unit answers for a procedure and which contract does the delegated part, from a day on."""

    procedure = models.CharField("手続コード", max_length=60)
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    since = models.DateField("適用日")
    lead_days = models.PositiveSmallIntegerField("急ぎの重み（日）", default=0)

    class Meta:
        verbose_name = "担当"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "procedure", "since"), name="one_route_a_day"),
        )
