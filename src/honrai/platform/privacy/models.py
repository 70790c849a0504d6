"""Periods of keeping, legal holds, lists of disposal, and the end of contracts."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models import Contract


class Unit(models.TextChoices):
    """What a period of keeping is counted in; years from April 1 after the end, days from the end itself."""

    YEAR = "year", "年（完結の翌年度4月1日から）"
    DAY = "day", "日（完結した日から）"


class RetentionRule(CityModel):
    """One line of the city's rules on keeping (文書管理規程), in force in a period.

    `procedure` "" stands for all procedures without a line of their own.
    """

    kind = models.CharField("文書の種類", max_length=40)
    procedure = models.CharField("手続コード", max_length=60, blank=True)
    length = models.PositiveSmallIntegerField("保存期間")
    unit = models.CharField("単位", max_length=4, choices=Unit)
    period = DateRangeField("適用期間")
    source = models.CharField("規程の条項", max_length=200)

    class Meta:
        verbose_name = "保存期間の定め"
        constraints: ClassVar = (
            ExclusionConstraint(
                name="one_retention_rule",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in ("city", "kind", "procedure")),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="retention_has_a_start", condition=Q(period__isempty=False, period__startswith__isnull=False)
            ),
            models.CheckConstraint(name="kept_for_some_time", condition=Q(length__gt=0)),
        )


class LegalHold(CityModel):
    """Something must not be disposed of although its period is over: a lawsuit, a request for disclosure, an inspection.

    It covers one matter by its number, or with no number everything of the kind and, where named, the procedure.
    """

    kind = models.CharField("文書の種類", max_length=40)
    number = models.CharField("番号", max_length=60, blank=True)
    procedure = models.CharField("手続コード", max_length=60, blank=True)
    reason = models.CharField("保留の理由", max_length=200)
    set_by = models.BigIntegerField("保留した人", null=True)
    set_at = models.DateTimeField("保留した日時")
    lifted_by = models.BigIntegerField("解除した人", null=True)
    lifted_at = models.DateTimeField("解除した日時", null=True)
    lifted_for = models.CharField("解除の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "廃棄の保留"
        constraints: ClassVar = (
            models.CheckConstraint(name="hold_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="lifting_says_why", condition=Q(lifted_at__isnull=True) | ~Q(lifted_for="") & ~Q(lifted_at=None)
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "kind", "number"), name="holds_in_force", condition=Q(lifted_at__isnull=True)),
        )


class ListState(models.TextChoices):
    """Where a list of disposal stands."""

    PROPOSED = "proposed", "承認待ち"
    APPROVED = "approved", "廃棄中"
    DONE = "done", "廃棄済み"
    WITHDRAWN = "withdrawn", "取下げ"


class DisposalList(CityModel):
    """Things of one kind whose period is over, laid before an official; nothing goes before the approval."""

    kind = models.CharField("文書の種類", max_length=40)
    day = models.DateField("基準日")
    state = models.CharField("状態", max_length=10, choices=ListState, default=ListState.PROPOSED)
    proposed_by = models.BigIntegerField("洗い出した人", null=True)
    proposed_at = models.DateTimeField("洗い出した日時")
    answered_by = models.BigIntegerField("承認・取下げした人", null=True)
    answered_at = models.DateTimeField("承認・取下げの日時", null=True)
    note = models.CharField("意見", max_length=200, blank=True)
    done_at = models.DateTimeField("廃棄した日時", null=True)

    class Meta:
        verbose_name = "廃棄の一覧"
        constraints: ClassVar = (
            models.CheckConstraint(
                name="nobody_approves_own_list",
                condition=~Q(state__in=("approved", "done"))
                | ~Q(answered_by=models.F("proposed_by"))
                | Q(proposed_by=None),
            ),
        )


class ItemState(models.TextChoices):
    """What became of one thing on a list."""

    DUE = "due", "廃棄予定"
    SPARED = "spared", "除外"
    HELD = "held", "保留中のため残した"
    DISPOSED = "disposed", "廃棄済み"
    GONE = "gone", "すでに無い"


class DisposalItem(CityModel):
    """One thing on a list of disposal. The line stays when the thing is gone: it is the 廃棄記録, and names nobody."""

    list = CityForeignKey(DisposalList, verbose_name="廃棄の一覧", related_name="items")
    key = models.BigIntegerField("対象")
    number = models.CharField("番号", max_length=60)
    title = models.CharField("件名", max_length=120)
    procedure = models.CharField("手続コード", max_length=60, blank=True)
    closed_on = models.DateField("完結日")
    kept_until = models.DateField("保存期間満了日")
    basis = models.CharField("保存期間の根拠", max_length=240)
    state = models.CharField("状態", max_length=10, choices=ItemState, default=ItemState.DUE)
    reason = models.CharField("除外の理由", max_length=200, blank=True)
    files = models.PositiveIntegerField("消したファイル", default=0)
    values = models.PositiveIntegerField("消した変更前後の値", default=0)
    disposed_at = models.DateTimeField("廃棄日時", null=True)

    class Meta:
        verbose_name = "廃棄の対象"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "list", "key"), name="once_on_a_list"),
            models.CheckConstraint(name="sparing_says_why", condition=~Q(state="spared") | ~Q(reason="")),
        )


class Closing(CityModel):
    """The end of a contract: what the contractor held is given back or erased, step by step, and the city confirms."""

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="+")
    started_by = models.BigIntegerField("始めた人", null=True)
    started_at = models.DateTimeField("開始日時")
    confirmed_by = models.BigIntegerField("確認した人", null=True)
    confirmed_at = models.DateTimeField("確認日時", null=True)
    certificate = models.BigIntegerField("証明書", null=True)

    class Meta:
        verbose_name = "契約終了の返還・消去"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "contract"), name="a_contract_ends_once"),)


class ClosingStep(CityModel):
    """One kind of thing the contract held, how many at the start, and what was done with it."""

    closing = CityForeignKey(Closing, verbose_name="契約終了の返還・消去", related_name="steps")
    kind = models.CharField("種類", max_length=40)
    label = models.CharField("対象", max_length=120)
    counted = models.BooleanField("システムが数える", default=True)
    at_start = models.PositiveIntegerField("開始時の数")
    how = models.CharField(
        "処置", max_length=8, blank=True, choices=(("returned", "返還"), ("erased", "消去"), ("none", "該当なし"))
    )
    note = models.CharField("方法・備考", max_length=200, blank=True)
    done_by = models.BigIntegerField("申し出た人", null=True)
    done_at = models.DateTimeField("申出日時", null=True)

    class Meta:
        verbose_name = "返還・消去の項目"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "closing", "kind"), name="one_step_per_kind"),)
