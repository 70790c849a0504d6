"""Units of the city (局, 部, 区, 課, 係) and the posts in them."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from honrai.platform.authority.acts import Rank
from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models.periods import has_a_start, no_overlap


class UnitKind(models.TextChoices):
    """What sort of unit it is."""

    CITY = "city", "市"
    BUREAU = "bureau", "局"
    DEPARTMENT = "department", "部"
    WARD = "ward", "区"
    SECTION = "section", "課"
    SUBSECTION = "subsection", "係"
    OFFICE = "office", "出張所・センター"


class Unit(CityModel):
    """One unit for as long as it is the same unit, whatever it is called and wherever it hangs.

    Work, posts and document numbers refer to it; its name and place in the tree are dated (`UnitVersion`).
    """

    code = models.CharField("組織コード", max_length=20)
    kind = models.CharField("組織の種別", max_length=12, choices=UnitKind)

    class Meta:
        verbose_name = "組織"
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="unit_code_once"),)

    def __str__(self) -> str:
        return self.code


class UnitVersion(CityModel):
    """What a unit was called and under which unit it hung, in one period. A unit exists on the days it has one."""

    unit = CityForeignKey(Unit, verbose_name="組織", related_name="versions")
    parent = CityForeignKey(Unit, verbose_name="上位の組織", null=True, blank=True, related_name="children")
    name = models.CharField("組織名", max_length=60)
    symbol = models.CharField("文書記号", max_length=12, blank=True)
    period = DateRangeField("期間")

    class Meta:
        verbose_name = "組織の名称と位置"
        constraints = (
            no_overlap("one_version_of_a_unit", "unit"),
            has_a_start("unit_version_has_a_start"),
            models.CheckConstraint(
                name="unit_not_under_itself",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("unit")),
            ),
        )


class Post(CityModel):
    """One seat: exactly one person holds it on any day, others may act for that person. Open work stays with the seat."""

    code = models.CharField("職コード", max_length=24)
    unit = CityForeignKey(Unit, verbose_name="組織", related_name="posts")
    title = models.CharField("職名", max_length=40)
    rank = models.PositiveSmallIntegerField("職位", choices=[(r.value, r.label) for r in Rank])
    period = DateRangeField("設置期間")

    class Meta:
        verbose_name = "職"
        constraints = (
            models.UniqueConstraint(fields=("city", "code"), name="post_code_once"),
            has_a_start("post_has_a_start"),
        )

    def __str__(self) -> str:
        return self.title


class PostCharge(CityModel):
    """事務分掌: a task of running the house (`authority.Charge`, or a chapter's own code) laid on a post for a time."""

    post = CityForeignKey(Post, verbose_name="職", related_name="charges")
    charge = models.CharField("分掌", max_length=40)
    period = DateRangeField("期間")

    class Meta:
        verbose_name = "分掌"
        constraints = (no_overlap("charge_once", "post", "charge"), has_a_start("charge_has_a_start"))
