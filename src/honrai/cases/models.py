"""The tables of casework. Rules stand in `rules`, changes in `operations`; here stands what one row can know."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel


class Route(CityModel):
    """Which unit answers for a procedure and which contract does the delegated part, from a day on."""

    procedure = models.CharField("手続コード", max_length=60)
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    since = models.DateField("適用日")

    class Meta:
        verbose_name = "担当"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "procedure", "since"), name="one_route_a_day"),
        )


class Case(CityModel):
    """One matter, from the application to the end.

    `state` is the flow's (a small JSON value); `values` are the answers as they stand now; `results` what each step ended
    with. `due_on` moves while the clock stands (`paused_since`). `lock` counts changes: two hands never overwrite each other.
    """

    number = models.CharField("受付番号", max_length=20)
    version = models.BigIntegerField("手続の版")
    procedure = models.CharField("手続コード", max_length=60)
    title = models.CharField("手続名", max_length=120)
    application = models.BigIntegerField("申請")
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    channel = models.CharField("受付方法", max_length=12)
    received_on = models.DateField("到達日")
    name = models.CharField("氏名", max_length=120)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    born_on = models.DateField("生年月日", null=True)
    party = models.CharField("宛名", max_length=40, blank=True)
    protected = models.BooleanField("支援措置", default=False)
    state = models.JSONField("進行", default=dict)
    values = models.JSONField("記載事項", default=dict)
    attachments = models.JSONField("添付", default=list)
    facts = models.JSONField("照合結果", default=dict)
    results = models.JSONField("作業の結果", default=dict)
    proposal = models.JSONField("決定案", default=dict)
    stage = models.CharField("段階", max_length=40)
    outcome = models.CharField("結果", max_length=40, blank=True)
    due_on = models.DateField("処理期限")
    paused_since = models.DateField("停止日", null=True)
    paused_for = models.CharField("停止の理由", max_length=40, blank=True)
    opened_at = models.DateTimeField("開始日時")
    closed_at = models.DateTimeField("完結日時", null=True)
    lock = models.PositiveIntegerField("更新回数", default=0)

    class Meta:
        verbose_name = "案件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "number"), name="case_numbers_are_unique"),
            models.UniqueConstraint(fields=("city", "application", "procedure"), name="one_case_per_application"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "contract", "closed_at", "due_on", "id"), name="cases_of_contract"),
            models.Index(fields=("city", "unit", "closed_at", "due_on", "id"), name="cases_of_unit"),
            models.Index(fields=("city", "born_on"), name="cases_by_birth"),
            models.Index(fields=("city", "party"), name="cases_by_party", condition=~Q(party="")),
        )

    def __str__(self) -> str:
        return self.number


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


class CaseLetter(CityModel):
    """A letter of a case: made when it was issued, kept as the file that went out."""

    case = CityForeignKey(Case, verbose_name="案件", related_name="letters")
    letter = models.CharField("文書の種類", max_length=60)
    title = models.CharField("件名", max_length=120)
    number = models.CharField("文書番号", max_length=60, blank=True)
    file = models.BigIntegerField("ファイル", null=True)
    issued_on = models.DateField("発行日")
    issued_by = models.BigIntegerField("発行者", null=True)
    public = models.BooleanField("申請者に見せる", default=True)

    class Meta:
        verbose_name = "文書"
        indexes: ClassVar = (models.Index(fields=("city", "case", "id"), name="letters_of_case"),)
