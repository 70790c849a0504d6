"""What people keep of their desk: views of lists, for themselves or for their team."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class SavedView(CityModel):
    """A list with its filters and order, under a name. The address holds everything; nothing else is stored.

    A view is the owner's own, or shared with everybody of one contract or one unit.
    """

    person = models.BigIntegerField("作成者")
    name = models.CharField("名称", max_length=40)
    screen = models.CharField("画面", max_length=20)
    query = models.CharField("条件", max_length=400, blank=True)
    contract = models.BigIntegerField("共有する契約", null=True)
    unit = models.BigIntegerField("共有する課", null=True)
    pinned = models.BooleanField("ホームに出す", default=False)

    class Meta:
        verbose_name = "保存した一覧"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "person", "name"), name="one_view_of_a_name"),)
        indexes: ClassVar = (
            models.Index(fields=("city", "contract"), name="views_of_contract"),
            models.Index(fields=("city", "unit"), name="views_of_unit"),
        )
