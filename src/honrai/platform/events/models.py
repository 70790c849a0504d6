"""Few tables: the log, what an event changed (erasable), the seals, and which subscriber has had which event."""

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel


class Transaction(models.Func):
    """The number of the running database transaction, monotone over restores (`honrai_transaction()`)."""

    function = "honrai_transaction"
    output_field = models.BigIntegerField()


class Epoch(models.Model):
    """One row: what is added to this server's transaction numbers so that they keep growing after a restore."""

    offset = models.BigIntegerField("加算値")

    class Meta:
        verbose_name = "起点"


class LogEntry(CityModel):
    """One event. Append-only: the run-time role may insert and read, never change or remove.

    `transaction` orders entries for sealing; `digest` stands for the whole entry and is what the seal covers.
    """

    app_grants = "SELECT, INSERT"

    at = models.DateTimeField("日時")
    transaction = models.BigIntegerField("トランザクション番号", db_default=Transaction())
    name = models.CharField("出来事", max_length=80)
    who_kind = models.CharField("行為者の種別", max_length=12)
    who_person = models.BigIntegerField("行為者", null=True)
    who_account = models.BigIntegerField("利用者", null=True)
    place = models.CharField("端末・接続元", max_length=80, blank=True)
    subject_kind = models.CharField("対象の種別", max_length=40)
    subject_id = models.BigIntegerField("対象", null=True)
    case_id = models.BigIntegerField("案件", null=True)
    data = models.JSONField("内容", default=dict)
    change_digest = models.BinaryField("変更前後の要約値", null=True, max_length=32)
    digest = models.BinaryField("要約値", max_length=32)

    class Meta:
        verbose_name = "記録"
        indexes = (
            models.Index(fields=("city", "transaction", "id"), name="events_by_transaction"),
            models.Index(
                fields=("city", "case_id", "id"), name="events_by_case", condition=models.Q(case_id__isnull=False)
            ),
            models.Index(fields=("city", "subject_kind", "subject_id", "id"), name="events_by_subject"),
            models.Index(fields=("city", "who_person", "id"), name="events_by_person"),
            models.Index(fields=("city", "name", "id"), name="events_by_name"),
        )


class Change(CityModel):
    """The values before and after an event. Kept apart because it may have to be erased; its digest stays in the log."""

    app_grants = "SELECT, INSERT, DELETE"

    entry = CityForeignKey(LogEntry, verbose_name="記録", related_name="+")
    before = models.JSONField("変更前", null=True)
    after = models.JSONField("変更後", null=True)

    class Meta:
        verbose_name = "変更前後"
        constraints = (models.UniqueConstraint(fields=("city", "entry"), name="one_change_per_entry"),)


class Seal(CityModel):
    """One link of a city's chain: covers every entry whose transaction number lies in [`from_transaction`, `to_transaction`)."""

    app_grants = "SELECT, INSERT"

    number = models.PositiveIntegerField("通番")
    from_transaction = models.BigIntegerField("開始")
    to_transaction = models.BigIntegerField("終了")
    entries = models.PositiveIntegerField("件数")
    previous = models.BinaryField("直前の要約値", max_length=32)
    head = models.BinaryField("要約値", max_length=32)
    signature = models.BinaryField("署名", max_length=64)
    at = models.DateTimeField("封印日時")

    class Meta:
        verbose_name = "封印"
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="seals_are_numbered"),)


class Delivery(CityModel):
    """A subscriber has had an event: the row that makes 'at least once' into 'exactly once'."""

    app_grants = "SELECT, INSERT"

    entry = CityForeignKey(LogEntry, verbose_name="記録", related_name="+")
    subscriber = models.CharField("受け手", max_length=120)
    at = models.DateTimeField("処理日時")

    class Meta:
        verbose_name = "配送"
        constraints = (models.UniqueConstraint(fields=("city", "entry", "subscriber"), name="delivered_once"),)
