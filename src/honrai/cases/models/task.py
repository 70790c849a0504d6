"""Steps of a case and the moments it waits for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "待ち"
    HELD = "held", "保留"
    DONE = "done", "済み"
    CANCELLED = "cancelled", "取消し"


class Task(CityModel):
    """One step of one case for one organisation: a contract, or a unit of the city.

    A claim is a lease: `claimed_by` counts until `lease_until`; after that anybody may take the task.
    """

    case = CityForeignKey(Case, verbose_name="案件", related_name="tasks")
    key = models.CharField("進行上の番号", max_length=20)
    node = models.CharField("作業ID", max_length=80)
    title = models.CharField("作業名", max_length=120)
    act = models.CharField("行為の区分", max_length=24)
    contract = models.BigIntegerField("契約", null=True)
    unit = models.BigIntegerField("担当課", null=True)
    robot = models.CharField("自動処理", max_length=40, blank=True)
    state = models.CharField("状態", max_length=10, choices=TaskState, default=TaskState.OPEN)
    due_on = models.DateField("期限")
    opened_at = models.DateTimeField("発生日時")
    claimed_by = models.BigIntegerField("担当者", null=True)
    lease_until = models.DateTimeField("確保の期限", null=True)
    held_for = models.CharField("保留の理由", max_length=200, blank=True)
    document = models.BigIntegerField("起案文書", null=True)
    done_at = models.DateTimeField("終了日時", null=True)
    done_by = models.BigIntegerField("処理者", null=True)
    done_contract = models.BigIntegerField("処理者の契約", null=True)
    done_contractor = models.BigIntegerField("処理者の事業者", null=True)
    result = models.CharField("結果", max_length=40, blank=True)

    class Meta:
        verbose_name = "作業"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "case", "key"), name="one_task_per_opening"),
            models.CheckConstraint(
                name="task_has_one_place",
                condition=Q(contract__isnull=True, unit__isnull=False) | Q(contract__isnull=False, unit__isnull=True),
            ),
            models.CheckConstraint(
                name="official_acts_stay_with_the_city",
                condition=Q(contract__isnull=True) | Q(act__in=("factual", "assisting")),
            ),
        )
        indexes: ClassVar = (
            models.Index(
                fields=("city", "contract", "due_on", "id"), name="open_tasks_of_contract", condition=Q(state="open")
            ),
            models.Index(fields=("city", "unit", "due_on", "id"), name="open_tasks_of_unit", condition=Q(state="open")),
            models.Index(fields=("city", "case", "id"), name="tasks_of_case"),
            models.Index(fields=("city", "document"), name="task_of_document", condition=Q(document__isnull=False)),
        )


class Timer(CityModel):
    """A moment a case waits for."""

    case = CityForeignKey(Case, verbose_name="案件", related_name="timers")
    key = models.CharField("進行上の番号", max_length=20)
    node = models.CharField("要素", max_length=80)
    due = models.DateTimeField("時刻")

    class Meta:
        verbose_name = "時限"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "case", "key"), name="one_timer_per_opening"),)
        indexes: ClassVar = (models.Index(fields=("city", "due"), name="timers_by_due"),)
