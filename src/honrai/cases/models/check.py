"""Blind second checks: what the second person keyed unseen, where it differs, what a third person decided."""

from typing import ClassVar

from django.db import models

from honrai.cases.models.case import Case
from honrai.cases.models.task import Task
from honrai.platform.cities.models import CityForeignKey, CityModel


class Rekeying(CityModel):
    """What somebody keyed a second time without seeing the first, and how it compares.

    `differences` lists field, first and second value; where there are any, a third person chooses for each (`choices`).
    """

    case = CityForeignKey(Case, verbose_name="案件", related_name="rekeyings")
    task = CityForeignKey(Task, verbose_name="作業", related_name="rekeyings")
    at = models.DateTimeField("入力日時")
    by = models.BigIntegerField("再入力した人")
    contract = models.BigIntegerField("再入力した人の契約", null=True)
    contractor = models.BigIntegerField("再入力した人の事業者", null=True)
    compared = models.PositiveIntegerField("比べた欄の数")
    differences = models.JSONField("相違", default=list)
    settled_by = models.BigIntegerField("判定した人", null=True)
    settled_at = models.DateTimeField("判定日時", null=True)
    choices = models.JSONField("判定", default=dict)

    class Meta:
        verbose_name = "再入力"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "task"), name="one_rekeying_per_task"),)
