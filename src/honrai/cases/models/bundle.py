"""Paper in the hand: a bundle lists cases in the order their paper lies."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class Bundle(CityModel):
    """A tray of paper: whose place it belongs to, who has it in hand, where it stands."""

    name = models.CharField("名称", max_length=60)
    contract = models.BigIntegerField("契約", null=True)
    unit = models.BigIntegerField("担当課", null=True)
    holder = models.BigIntegerField("持っている人", null=True)
    place = models.CharField("置き場所", max_length=60, blank=True)
    made_by = models.BigIntegerField("作成者", null=True)
    made_at = models.DateTimeField("作成日時")
    finished_at = models.DateTimeField("完了日時", null=True)

    class Meta:
        verbose_name = "束"
        constraints: ClassVar = (
            models.CheckConstraint(
                name="bundle_has_one_place",
                condition=Q(contract__isnull=True, unit__isnull=False) | Q(contract__isnull=False, unit__isnull=True),
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "contract", "id"), name="bundles_of_contract", condition=Q(finished_at=None)),
            models.Index(fields=("city", "unit", "id"), name="bundles_of_unit", condition=Q(finished_at=None)),
        )

    def __str__(self) -> str:
        return self.name


class BundleItem(CityModel):
    """One case in a bundle, at its place in the pile."""

    bundle = CityForeignKey(Bundle, on_delete=models.CASCADE, verbose_name="束", related_name="items")
    position = models.PositiveIntegerField("順番")
    case = CityForeignKey(Case, verbose_name="案件", related_name="+")
    done_at = models.DateTimeField("済んだ日時", null=True)

    class Meta:
        verbose_name = "束の1件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "bundle", "position"), name="one_case_at_a_place"),
            models.UniqueConstraint(fields=("city", "bundle", "case"), name="a_case_once_in_a_bundle"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "case"), name="bundles_of_case"),)
