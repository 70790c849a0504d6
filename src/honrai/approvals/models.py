"""Tables of approvals. Rules stand in `rules`, changes in `operations`; here stands what one row can know."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from honrai.platform.authority.api import Act, Rank
from honrai.platform.cities.models import CityForeignKey, CityModel


class NotAmong(models.Func):
    """SQL: a value is not among those of an array; unknown, and so allowed, where there is no value."""

    template = "(NOT (%(expressions)s)))"
    arg_joiner = " = ANY("
    arity = 2
    output_field = models.BooleanField()


class State(models.TextChoices):
    """Where a document stands."""

    ROUTE = "route", "回議中"
    WAITING = "waiting", "決裁待ち"
    DECIDED = "decided", "決裁済み"
    RETURNED = "returned", "差戻し"
    WITHDRAWN = "withdrawn", "取下げ"


class Medium(models.TextChoices):
    """Where the decision is taken."""

    SCREEN = "screen", "画面"
    PAPER = "paper", "紙"
    ARCHIVE = "archive", "文書管理"


class StepKind(models.TextChoices):
    """回議 goes up the own line, 合議 to other sections."""

    CIRCULATE = "circulate", "回議"
    CONSULT = "consult", "合議"


class Stack(CityModel):
    """Like documents laid before one decider together (一覧決裁), with the sample that must be opened."""

    group = models.CharField("束の区分", max_length=160)
    unit = models.BigIntegerField("担当課")
    rank = models.PositiveSmallIntegerField("決裁者の職位", choices=[(r.value, r.label) for r in Rank])
    seed = models.BigIntegerField("抽出の種")
    sampled = models.PositiveIntegerField("抽出件数")
    size = models.PositiveIntegerField("件数")
    formed_by = models.BigIntegerField("束ねた人", null=True)
    formed_at = models.DateTimeField("束ねた日時")
    ordered_by = models.BigIntegerField("決裁を指示した人", null=True)
    ordered_at = models.DateTimeField("決裁を指示した日時", null=True)
    refused_for = models.CharField("決裁できなかった理由", max_length=200, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True)

    class Meta:
        verbose_name = "一覧決裁の束"
        indexes: ClassVar = (
            models.Index(fields=("city", "unit", "rank"), name="open_stacks", condition=Q(closed_at__isnull=True)),
        )


class Document(CityModel):
    """One 起案文書: what is to be decided, why, on what basis, by whom, and what was decided.

    `worked_by` are the people whose own work it would be: nobody of them decides. That the decider is city staff, never a
    contractor's person, is a trigger (migration 0005). `rank` is the lowest 職位 of the line
    that may decide; `raised_to` a higher one where the document was pulled up (引上げ).
    """

    subject = models.CharField("件名", max_length=200)
    text = models.TextField("伺い文")
    basis = models.JSONField("根拠", default=list)
    proposal = models.JSONField("案", default=dict)
    outcomes = ArrayField(models.CharField(max_length=60), verbose_name="選べる結論", default=list)
    attachments = ArrayField(models.BigIntegerField(), verbose_name="添付", default=list)
    procedure = models.CharField("手続コード", max_length=60)
    act = models.CharField("行為", max_length=24, choices=[(a.value, a.label) for a in Act if a.deciding])
    unit = models.BigIntegerField("起案課")
    amount = models.BigIntegerField("金額（円）", null=True)
    case = models.BigIntegerField("案件", null=True)
    parties = ArrayField(models.CharField(max_length=40), verbose_name="当事者", default=list)
    worked_by = ArrayField(models.BigIntegerField(), verbose_name="従事者", default=list)
    flagged = models.BooleanField("要確認", default=False)
    refusal = models.BooleanField("拒否処分", default=False)
    group = models.CharField("束の区分", max_length=160, blank=True)
    stack = CityForeignKey(Stack, verbose_name="束", null=True, related_name="documents")
    sampled = models.BooleanField("抽出", default=False)
    pulled_out = models.CharField("束から抜いた理由", max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField("決裁者の職位", choices=[(r.value, r.label) for r in Rank])
    raised_to = models.PositiveSmallIntegerField(
        "引上げ後の職位", null=True, choices=[(r.value, r.label) for r in Rank]
    )
    medium = models.CharField("決裁の方法", max_length=8, choices=Medium, default=Medium.SCREEN)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    drawn_by = models.BigIntegerField("起案者", null=True)
    drawn_at = models.DateTimeField("起案日時")
    outcome = models.CharField("決定", max_length=60, blank=True)
    changed = models.BooleanField("案の変更", default=False)
    reason = models.TextField("理由", blank=True)
    decided_on = models.DateField("決裁日", null=True)
    decided_at = models.DateTimeField("決裁の登録日時", null=True)
    decided_by = models.BigIntegerField("決裁者", null=True)
    stands_for = models.BigIntegerField("代決した職", null=True)
    absence = models.CharField("代決の理由", max_length=200, blank=True)
    seen_by = models.BigIntegerField("後閲した人", null=True)
    seen_at = models.DateTimeField("後閲日時", null=True)
    entered_by = models.BigIntegerField("登録者", null=True)
    scan = models.BigIntegerField("押印済みの写し", null=True)
    archive_number = models.CharField("文書番号", max_length=60, blank=True)

    class Meta:
        verbose_name = "起案文書"
        constraints: ClassVar = (
            models.CheckConstraint(
                name="decided_has_a_day",
                condition=~Q(state="decided") | Q(decided_on__isnull=False, decided_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(name="returned_has_a_reason", condition=~Q(state="returned") | ~Q(reason="")),
            models.CheckConstraint(name="change_has_a_reason", condition=Q(changed=False) | ~Q(reason="")),
            models.CheckConstraint(
                name="nobody_decides_own_work",
                condition=NotAmong(models.F("decided_by"), models.F("worked_by")),
            ),
            models.CheckConstraint(
                name="deputy_says_why", condition=Q(stands_for__isnull=True) | ~Q(absence="") | ~Q(state="decided")
            ),
            models.UniqueConstraint(
                fields=("city", "archive_number"), name="archive_number_once", condition=~Q(archive_number="")
            ),
        )
        indexes: ClassVar = (
            models.Index(
                fields=("city", "unit", "rank", "group", "id"), name="documents_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=("city", "stack", "id"), name="documents_of_stack"),
            models.Index(fields=("city", "case"), name="documents_of_case", condition=Q(case__isnull=False)),
            models.Index(
                fields=("city", "stands_for"),
                name="documents_to_see",
                condition=Q(stands_for__isnull=False, seen_at__isnull=True, state="decided"),
            ),
            GinIndex(fields=("worked_by",), name="documents_worked_by"),
        )

    def __str__(self) -> str:
        return self.subject


class RouteStep(CityModel):
    """One stop of a document on its way to the decider. Steps of one `turn` are open together."""

    document = CityForeignKey(Document, verbose_name="起案文書", on_delete=models.CASCADE, related_name="steps")
    turn = models.PositiveSmallIntegerField("順番")
    kind = models.CharField("種別", max_length=10, choices=StepKind)
    unit = models.BigIntegerField("課")
    rank = models.PositiveSmallIntegerField("職位", choices=[(r.value, r.label) for r in Rank])
    current = models.BooleanField("回付中", default=False)
    agreed_by = models.BigIntegerField("確認した人", null=True)
    agreed_at = models.DateTimeField("確認日時", null=True)
    note = models.CharField("意見", max_length=400, blank=True)

    class Meta:
        verbose_name = "回議・合議"
        indexes: ClassVar = (
            models.Index(fields=("city", "document", "turn"), name="steps_of_document"),
            models.Index(fields=("city", "unit", "rank"), name="steps_open", condition=Q(current=True)),
        )


class RouteRule(CityModel):
    """One line of the city's rules on 回議・合議, in force in a period.

    `procedure` "" stands for all procedures without lines of their own; `unit` empty for the drafting section itself.
    """

    procedure = models.CharField("手続コード", max_length=60, blank=True)
    kind = models.CharField("種別", max_length=10, choices=StepKind)
    unit = models.BigIntegerField("課", null=True)
    rank = models.PositiveSmallIntegerField("職位", choices=[(r.value, r.label) for r in Rank])
    turn = models.PositiveSmallIntegerField("順番")
    over = models.BigIntegerField("対象額（円、超）", null=True)
    refusals_only = models.BooleanField("拒否処分のみ", default=False)
    period = DateRangeField("適用期間")
    source = models.CharField("規程の条項", max_length=120)

    class Meta:
        verbose_name = "回議・合議の定め"
        constraints: ClassVar = (
            ExclusionConstraint(
                name="one_route_line",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in ("city", "procedure", "turn", "rank", "unit")),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="route_line_has_a_start",
                condition=Q(period__isempty=False, period__startswith__isnull=False),
            ),
        )


class SamplingRule(CityModel):
    """How many documents of a stack are drawn to be opened, in a period. Where a city set nothing, all must be opened."""

    percent = models.PositiveSmallIntegerField("抽出割合（%）")
    at_least = models.PositiveSmallIntegerField("最少件数")
    period = DateRangeField("適用期間")
    source = models.CharField("規程の条項", max_length=120)

    class Meta:
        verbose_name = "抽出の定め"
        constraints: ClassVar = (
            ExclusionConstraint(
                name="one_sampling_rule",
                expressions=[("city", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="sampling_is_a_part", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="sampling_has_a_start",
                condition=Q(period__isempty=False, period__startswith__isnull=False),
            ),
        )


class Reading(CityModel):
    """Somebody opened a document; counts for the openings a stack asks for. Goes with the document when it is disposed of."""

    app_grants = "SELECT, INSERT, DELETE"

    document = CityForeignKey(Document, verbose_name="起案文書", on_delete=models.CASCADE, related_name="readings")
    person = models.BigIntegerField("読んだ人")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "閲読"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "document", "person"), name="one_reading_per_person"),
        )


class NumberSeries(CityModel):
    """The last number given for one 文書記号 in one fiscal year. Its row lock makes numbers gapless."""

    symbol = models.CharField("文書記号", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("最終番号")

    class Meta:
        verbose_name = "文書番号"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "symbol", "year"), name="one_series_per_symbol_and_year"),
        )
