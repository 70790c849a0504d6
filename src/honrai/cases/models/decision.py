"""What was decided on a case; every decision stays, also after it was corrected or revoked."""

from typing import ClassVar

from django.db import models

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class CaseDecision(CityModel):
    """One decision of an official (決定). Rows are never changed; a correction is a new row that names the one it replaces."""

    app_grants = "SELECT, INSERT, DELETE"  # deleted only by disposal

    case = CityForeignKey(Case, verbose_name="案件", related_name="decisions")
    round = models.PositiveSmallIntegerField("審査の回")
    document = models.BigIntegerField("起案文書", null=True)
    outcome = models.CharField("結果", max_length=40)
    kind = models.CharField("結果の種類", max_length=12)
    changed = models.BooleanField("案と違う決定", default=False)
    reason = models.TextField("変更の理由", blank=True)
    proposal = models.JSONField("決定のもとになった案", default=dict)
    decided_on = models.DateField("決定日")
    decided_by = models.BigIntegerField("決定者", null=True)
    replaces = models.BigIntegerField("改めた決定", null=True)
    cause = models.CharField("改めた区分", max_length=10, blank=True)

    class Meta:
        verbose_name = "決定"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "case", "round"), name="one_decision_a_round"),
        )
