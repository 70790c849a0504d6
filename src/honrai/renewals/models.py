"""Tables of renewals. A run owns its items; until it is issued nothing of it stands anywhere else but in 決裁."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.states import State


class Run(CityModel):
    """One judging of everybody a ledger holds, from its start to its issue or undoing."""

    procedure = models.CharField("手続", max_length=60)
    version = models.BigIntegerField("手続の版")
    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    basis_on = models.DateField("判定の基準日")
    rehearsal = models.BooleanField("試行")
    note = models.CharField("覚え", max_length=200, blank=True)
    unit = models.BigIntegerField("担当課")
    state = models.CharField("状態", max_length=12, choices=[(s.value, s.label) for s in State])
    seed = models.BigIntegerField("抽出の種")
    sources = models.JSONField("使ったデータ", default=dict)
    total = models.PositiveIntegerField("対象者数", default=0)
    counts = models.JSONField("内訳", default=dict)
    compared = models.PositiveIntegerField("一件判定との照合件数", default=0)
    singly = models.JSONField("事実の組ごとに計算した判断", default=list)
    seconds = models.FloatField("判定にかかった秒数", default=0)
    problem = models.CharField("止まった理由", max_length=400, blank=True)
    document = models.BigIntegerField("一覧の起案文書", null=True)
    undecided = models.PositiveIntegerField("決裁待ちの文書数", default=0)
    made_by = models.BigIntegerField("始めた人", null=True)
    made_at = models.DateTimeField("始めた日時")
    judged_at = models.DateTimeField("判定した日時", null=True)
    submitted_by = models.BigIntegerField("決裁へ出した人", null=True)
    submitted_at = models.DateTimeField("決裁へ出した日時", null=True)
    approved_at = models.DateTimeField("決裁された日時", null=True)
    prepared_at = models.DateTimeField("証と通知を作った日時", null=True)
    issued_by = models.BigIntegerField("発行した人", null=True)
    issued_at = models.DateTimeField("発行した日時", null=True)
    undone_by = models.BigIntegerField("取り消した人", null=True)
    undone_at = models.DateTimeField("取り消した日時", null=True)
    undone_for = models.CharField("取消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "年次更新"
        indexes: ClassVar = (
            models.Index(fields=("city", "unit", "-made_at"), name="renewals_of_unit"),
            models.Index(fields=("city", "document"), name="renewal_of_document", condition=Q(document__isnull=False)),
        )
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "procedure", "year"),
                name="one_renewal_a_year",
                condition=Q(rehearsal=False) & ~Q(state__in=("undone", "failed", "stopped")),
            ),
        )


class Item(BulkCityModel):
    """One recipient in a run: class, what changes, and every fact it was judged on."""

    run = CityForeignKey(Run, verbose_name="年次更新", related_name="items", db_index=False)
    key = models.CharField("受給者番号", max_length=120)
    number = models.CharField("宛名番号", max_length=15)
    name = models.CharField("氏名", max_length=100, blank=True)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    ward = models.CharField("区", max_length=20, blank=True)
    postcode = models.CharField("郵便番号", max_length=7, blank=True)
    age = models.PositiveSmallIntegerField("年齢", null=True)
    kind = models.CharField("区分", max_length=10, choices=[(c.value, c.label) for c in Class])
    change = models.CharField("変わる内容", max_length=40, blank=True)
    outcome = models.CharField("判定", max_length=40, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    rules = models.JSONField("当てはまった行", default=list)
    before = models.JSONField("今の台帳", default=dict)
    after = models.JSONField("更新後の台帳", default=dict)
    values = models.JSONField("判定に使った事実", default=dict)
    document = models.BigIntegerField("起案文書", null=True)
    returned = models.CharField("差戻しの理由", max_length=200, blank=True)
    batch = models.BigIntegerField("証・通知の束", null=True)
    case = models.BigIntegerField("案件", null=True)

    class Meta:
        verbose_name = "年次更新の対象者"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "run", "key"), name="a_recipient_is_judged_once"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "run", "kind", "key"), name="items_by_class"),
            models.Index(fields=("city", "run", "postcode", "key"), name="items_by_postcode"),
            models.Index(fields=("city", "document"), name="item_of_document", condition=Q(document__isnull=False)),
        )


class Batch(CityModel):
    """Letters or cards of one kind in one file, in the order of postcodes."""

    run = CityForeignKey(Run, verbose_name="年次更新", related_name="batches")
    letter = models.CharField("様式", max_length=60)
    title = models.CharField("様式の名称", max_length=120)
    turn = models.PositiveIntegerField("順番")
    after = models.CharField("最後の郵便番号と番号", max_length=160, blank=True)
    size = models.PositiveIntegerField("件数")
    first = models.CharField("始めの郵便番号", max_length=7, blank=True)
    last = models.CharField("終わりの郵便番号", max_length=7, blank=True)
    file = models.BigIntegerField("ファイル")
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "証・通知の束"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "run", "letter", "turn"), name="a_batch_is_made_once"),
        )
