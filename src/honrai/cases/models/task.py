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


#: What lists filter and count by; standing in the index, an exact count never reads the table.
_COUNTED = (
    "due_on",
    "robot",
    "not_by",
    "skill",
    "skill_level",
    "procedure",
    "ward",
    "node",
    "assigned_to",
    "opened_at",
)


class Task(CityModel):
    """One step of one case for one organisation: a contract, or a unit of the city.

    A claim is a lease: `claimed_by` counts until `lease_until`; after that anybody may take the task. `urgent_on` is the due day
    less the weight of the procedure: lists are worked in its order. `not_by` did the step this one checks. `section`,
    `procedure` and `ward` repeat the case's, so that a list is one indexed query.
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
    section = models.BigIntegerField("所管課")
    procedure = models.CharField("手続コード", max_length=60)
    ward = models.CharField("区", max_length=20, blank=True)
    due_on = models.DateField("期限")
    urgent_on = models.DateField("急ぎの順")
    skill = models.CharField("必要な技能", max_length=40, blank=True)
    skill_level = models.PositiveSmallIntegerField("必要な技能の水準", default=0)
    not_by = models.BigIntegerField("前の段階を行った人", null=True)
    assigned_to = models.BigIntegerField("割当先", null=True)
    opened_at = models.DateTimeField("発生日時")
    claimed_by = models.BigIntegerField("担当者", null=True)
    lease_until = models.DateTimeField("確保の期限", null=True)
    started_at = models.DateTimeField("着手日時", null=True)
    held_for = models.CharField("保留の理由", max_length=200, blank=True)
    document = models.BigIntegerField("起案文書", null=True)
    done_at = models.DateTimeField("終了日時", null=True)
    done_by = models.BigIntegerField("処理者", null=True)
    done_contract = models.BigIntegerField("処理者の契約", null=True)
    done_contractor = models.BigIntegerField("処理者の事業者", null=True)
    result = models.CharField("結果", max_length=40, blank=True)
    round = models.PositiveSmallIntegerField("審査の回", default=1)

    class Meta:
        verbose_name = "作業"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "case", "round", "key"), name="one_task_per_opening"),
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
                fields=("city", "contract", "state", "urgent_on", "id"),
                name="work_of_contract",
                condition=Q(state__in=("open", "held")),
                include=_COUNTED,
            ),
            models.Index(
                fields=("city", "unit", "state", "urgent_on", "id"),
                name="work_of_unit",
                condition=Q(state__in=("open", "held")),
                include=_COUNTED,
            ),
            models.Index(
                fields=("city", "section", "procedure", "node"),
                name="work_of_section",
                condition=Q(state__in=("open", "held")),
                include=("ward", "contract", "opened_at", "due_on", "state", "robot"),
            ),
            models.Index(
                fields=("city", "claimed_by"), name="work_in_hand", condition=Q(state="open", claimed_by__isnull=False)
            ),
            models.Index(
                fields=("city", "assigned_to"),
                name="work_shared_out",
                condition=Q(state="open", assigned_to__isnull=False),
            ),
            models.Index(fields=("city", "procedure", "done_at"), name="tasks_done", condition=Q(state="done")),
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
