"""What an application lacks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class DeficiencyState(models.TextChoices):
    """Where a deficiency stands."""

    FOUND = "found", "未連絡"
    ASKED = "asked", "連絡済み"
    ANSWERED = "answered", "回答あり"
    SETTLED = "settled", "解消"


class Deficiency(CityModel):
    """One thing an application lacks. Sent once, answered one by one; a settled one is never asked again."""

    case = CityForeignKey(Case, verbose_name="案件", related_name="deficiencies")
    code = models.CharField("不備コード", max_length=40)
    severity = models.CharField("重さ", max_length=20)
    message = models.TextField("内容")
    fix_by = models.CharField("直す人", max_length=12)
    items = models.JSONField("対象の欄", default=list)
    state = models.CharField("状態", max_length=10, choices=DeficiencyState, default=DeficiencyState.FOUND)
    found_at = models.DateTimeField("発見日時")
    asked_at = models.DateTimeField("連絡日時", null=True)
    answered_at = models.DateTimeField("回答日時", null=True)
    settled_at = models.DateTimeField("解消日時", null=True)

    class Meta:
        verbose_name = "不備"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "case", "code"), name="asked_only_once", condition=~Q(state="settled")
            ),
        )
