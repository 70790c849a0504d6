"""Tables of exchange. A record is one row of an extract as it was once; the present ones are those no later load replaced."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.exchange.rules.landing import EntryState
from honrai.exchange.rules.loading import State
from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel


class Load(CityModel):
    """One file from a core system, from upload to undo.

    `base` is the load that was the latest of its source when the preview was made: a preview is void once another load came.
    """

    layout = models.CharField("レイアウト", max_length=60)
    source = models.CharField("データの種類", max_length=60)
    full = models.BooleanField("全件")
    as_of = models.DateField("基準日")
    file = models.BigIntegerField("ファイル")
    file_name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("内容の要約値", max_length=64)
    fields = models.JSONField("項目", default=list)
    state = models.CharField("状態", max_length=12, choices=[(s.value, s.label) for s in State])
    lines = models.PositiveIntegerField("行数", default=0)
    new = models.PositiveIntegerField("追加", default=0)
    changed = models.PositiveIntegerField("変更", default=0)
    gone = models.PositiveIntegerField("消滅", default=0)
    same = models.PositiveIntegerField("変化なし", default=0)
    rejected = models.PositiveIntegerField("取込み不可", default=0)
    holds_gone = models.BooleanField("消滅の見送り", default=False)
    base = models.BigIntegerField("直前の取込み", null=True)
    problem = models.CharField("失敗の理由", max_length=400, blank=True)
    confirmed = models.BooleanField("注意を確認", default=False)
    uploaded_by = models.BigIntegerField("取込みを始めた人", null=True)
    uploaded_at = models.DateTimeField("取込みを始めた日時")
    read_at = models.DateTimeField("読込み日時", null=True)
    applied_by = models.BigIntegerField("反映した人", null=True)
    applied_at = models.DateTimeField("反映日時", null=True)
    undone_by = models.BigIntegerField("取り消した人", null=True)
    undone_at = models.DateTimeField("取消し日時", null=True)
    undone_for = models.CharField("取消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "取込み"
        indexes: ClassVar = (models.Index(fields=("city", "source", "state", "applied_at"), name="loads_of_source"),)
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "layout", "sha256", "as_of"),
                name="a_file_is_loaded_once",
                condition=~Q(state__in=("undone", "discarded", "failed")),
            ),
        )


class Record(BulkCityModel):
    """One record that a load brought, changed or found gone; unchanged ones make no row.

    `content` holds the values of the load's `fields` in order, parted by U+001F. `previous` is the record it takes the place
    of. It is present when its load is applied, nothing superseded it, and it is not itself a disappearance.
    """

    load = CityForeignKey(Load, verbose_name="取込み", related_name="+", db_index=False)
    source = models.CharField("データの種類", max_length=60)
    key = models.CharField("番号", max_length=120)
    line = models.PositiveIntegerField("行", null=True)
    change = models.CharField("変化", max_length=8)
    content = models.TextField("内容")
    previous = models.BigIntegerField("前の記録", null=True)
    superseded_by = models.BigIntegerField("置き換えた取込み", null=True)

    class Meta:
        verbose_name = "取込み記録"
        indexes: ClassVar = (
            models.Index(fields=("city", "load", "id"), name="records_of_load"),
            models.Index(fields=("city", "source", "key"), name="present", condition=Q(superseded_by__isnull=True)),
            models.Index(fields=("city", "superseded_by"), name="superseded", condition=Q(superseded_by__isnull=False)),
        )


class Reject(CityModel):
    """One cell or line of a load that was refused."""

    load = CityForeignKey(Load, verbose_name="取込み", related_name="+", db_index=False)
    line = models.PositiveIntegerField("行")
    field = models.CharField("項目ID", max_length=60, blank=True)
    label = models.CharField("項目", max_length=80)
    reason = models.CharField("理由", max_length=200)
    value = models.CharField("書かれていた値", max_length=60, blank=True)

    class Meta:
        verbose_name = "取込み不可"
        indexes: ClassVar = (models.Index(fields=("city", "load", "line"), name="rejects_of_load"),)


class Merge(CityModel):
    """Two 宛名番号 of one person made one: what stands under `old` belongs to `new`."""

    old = models.CharField("統合前の宛名番号", max_length=20)
    new = models.CharField("統合後の宛名番号", max_length=20)
    on = models.DateField("統合日")

    class Meta:
        verbose_name = "宛名番号の統合"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "old"), name="a_number_is_merged_once"),
            models.CheckConstraint(name="merged_into_another", condition=~Q(old=models.F("new"))),
        )
        indexes: ClassVar = (models.Index(fields=("city", "new"), name="merged_into"),)


class Batch(CityModel):
    """Entries handed over together: by bulk file, robot sheet, form, or one copied by hand."""

    layout = models.CharField("レイアウト", max_length=60)
    way = models.CharField("渡し方", max_length=8)
    file = models.BigIntegerField("ファイル", null=True)
    size = models.PositiveIntegerField("件数")
    handed_on = models.DateField("引渡し日")
    made_by = models.BigIntegerField("引き渡した人", null=True)
    made_at = models.DateTimeField("引渡し日時")

    class Meta:
        verbose_name = "引渡し"
        indexes: ClassVar = (models.Index(fields=("city", "layout", "made_at"), name="batches_of_layout"),)


class Entry(CityModel):
    """One thing the core system must be told, until its extract proves that it holds it."""

    layout = models.CharField("レイアウト", max_length=60)
    reference = models.CharField("元の処理", max_length=80)
    key = models.CharField("照合番号", max_length=120)
    values = models.JSONField("内容")
    case = models.BigIntegerField("案件", null=True)
    state = models.CharField("状態", max_length=12, choices=[(s.value, s.label) for s in EntryState])
    written_at = models.DateTimeField("作成日時")
    batch = CityForeignKey(Batch, verbose_name="引渡し", null=True, related_name="entries", db_index=False)
    handed_on = models.DateField("引渡し日", null=True)
    judged_by = models.BigIntegerField("照合した取込み", null=True)
    judged_on = models.DateField("照合した基準日", null=True)
    differences = models.JSONField("食い違い", default=list)
    proved_by = models.BigIntegerField("手で確かめた人", null=True)
    proved_for = models.CharField("手で確かめた内容", max_length=200, blank=True)

    class Meta:
        verbose_name = "外部登録"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "layout", "reference"), name="an_entry_goes_out_once"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "layout", "state", "id"), name="entries_by_state"),
            models.Index(fields=("city", "case", "id"), name="entries_of_case", condition=Q(case__isnull=False)),
        )
