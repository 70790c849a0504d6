"""Moving running cases from one version to another: the plan, and what became of each case."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.procedures.models.version import PackVersion


class MoveState(models.TextChoices):
    """Where a plan stands."""

    PLANNED = "planned", "計画中"
    MOVING = "moving", "移行中"
    DONE = "done", "移行済み"


class MovePlan(CityModel):
    """A plan to move the running cases of one version to another; `names` maps ids of the old flow to the new."""

    source = CityForeignKey(PackVersion, verbose_name="移行元の版", related_name="plans_from")
    target = CityForeignKey(PackVersion, verbose_name="移行先の版", related_name="plans_to")
    names = models.JSONField("対応表", default=dict)
    state = models.CharField("状態", max_length=10, choices=MoveState.choices, default=MoveState.PLANNED)
    total = models.PositiveIntegerField("対象の案件数", default=0)
    made_by = models.BigIntegerField("作成者", null=True)
    made_at = models.DateTimeField("作成日時")
    started_by = models.BigIntegerField("実行者", null=True)
    started_at = models.DateTimeField("実行日時", null=True)
    finished_at = models.DateTimeField("終了日時", null=True)

    class Meta:
        verbose_name = "移行計画"


class MoveResult(models.TextChoices):
    """What became of one case."""

    MOVED = "moved", "移した"
    KEPT = "kept", "元の版で続ける"


class MovedCase(CityModel):
    """What became of one case of a plan; the row makes that it is moved once."""

    app_grants: ClassVar[str] = "SELECT, INSERT"

    plan = CityForeignKey(MovePlan, verbose_name="移行計画", related_name="moved")
    case = models.BigIntegerField("案件")
    result = models.CharField("結果", max_length=10, choices=MoveResult.choices)
    reason = models.TextField("理由", blank=True, default="")
    at = models.DateTimeField("処理日時")

    class Meta:
        verbose_name = "移行した案件"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "plan", "case"), name="cases_move_once"),)
