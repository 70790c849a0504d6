"""One act on many tasks: what was asked, what became of each, what it was before."""

from typing import ClassVar

from django.db import models

from honrai.cases.models.task import Task
from honrai.platform.cities.models import CityForeignKey, CityModel


class BulkState(models.TextChoices):
    """Where a bulk act stands."""

    RUNNING = "running", "実行中"
    CANCELLED = "cancelled", "中止"
    FINISHED = "finished", "終了"
    UNDOING = "undoing", "取消し中"
    UNDONE = "undone", "取消し済み"


class Bulk(CityModel):
    """One act asked for on every task that matched, at the moment it was asked."""

    action = models.CharField("操作", max_length=12)
    parameters = models.JSONField("指定", default=dict)
    asked_by = models.BigIntegerField("指示した人")
    asked_at = models.DateTimeField("指示日時")
    total = models.PositiveIntegerField("件数")
    state = models.CharField("状態", max_length=10, choices=BulkState, default=BulkState.RUNNING)
    finished_at = models.DateTimeField("終了日時", null=True)

    class Meta:
        verbose_name = "まとめて処理"
        indexes: ClassVar = (models.Index(fields=("city", "asked_by", "id"), name="bulks_of_person"),)


class BulkItemState(models.TextChoices):
    """What became of one task of a bulk act."""

    WAITING = "waiting", "未処理"
    DONE = "done", "処理済み"
    REFUSED = "refused", "できませんでした"
    UNDONE = "undone", "元に戻しました"
    KEPT = "kept", "元に戻せません"


class BulkItem(CityModel):
    """One task of a bulk act: what became of it and why, and what it was before."""

    bulk = CityForeignKey(Bulk, on_delete=models.CASCADE, verbose_name="まとめて処理", related_name="items")
    task = CityForeignKey(Task, verbose_name="作業", related_name="+")
    state = models.CharField("状態", max_length=10, choices=BulkItemState, default=BulkItemState.WAITING)
    reason = models.CharField("理由", max_length=200, blank=True)
    before = models.JSONField("処理前", default=dict)

    class Meta:
        verbose_name = "まとめて処理の1件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "bulk", "task"), name="a_task_once_in_a_bulk"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "bulk", "state", "id"), name="items_of_bulk"),)
