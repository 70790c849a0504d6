"""Applications, the numbers they get, and what applicants send later."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel


class Counter(CityModel):
    """The last receipt number given in a fiscal year."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = "受付番号の採番"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "fiscal_year"), name="one_counter_a_year"),)


class Application(CityModel):
    """One application. A draft has no number; it gets one when it is submitted and never changes it.

    `token` makes submitting twice the same as once. `secret` (hashed) opens the status page together with the number; it was
    issued by us, and is never a birth date. `resume` (hashed) lets an applicant go on with a draft.
    """

    token = models.CharField("二重送信の防止", max_length=40)
    resume = models.CharField("再開の鍵", max_length=64, blank=True)
    number = models.CharField("受付番号", max_length=20, blank=True)
    secret = models.CharField("照会番号", max_length=64, blank=True)
    version = models.BigIntegerField("手続の版")
    procedure = models.CharField("手続コード", max_length=60)
    channel = models.CharField("受付方法", max_length=12)
    values = models.JSONField("記載事項", default=dict)
    started_at = models.DateTimeField("開始日時")
    saved_at = models.DateTimeField("保存日時")
    submitted_at = models.DateTimeField("提出日時", null=True)
    arrived_on = models.DateField("到達日", null=True)
    email = models.EmailField("連絡先メール", blank=True)

    class Meta:
        verbose_name = "申請"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "token"), name="one_application_per_token"),
            models.UniqueConstraint(
                fields=("city", "number"), name="receipt_numbers_are_unique", condition=~models.Q(number="")
            ),
            models.CheckConstraint(
                name="submitted_means_numbered",
                condition=models.Q(submitted_at__isnull=True, number="")
                | (models.Q(submitted_at__isnull=False) & ~models.Q(number="")),
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "submitted_at", "saved_at"), name="drafts_by_age"),
            models.Index(fields=("city", "resume"), name="drafts_by_key", condition=~models.Q(resume="")),
        )


class Attachment(CityModel):
    """A file sent with an application or with an answer to a deficiency."""

    application = CityForeignKey(Application, verbose_name="申請", related_name="attachments")
    kind = models.CharField("書類の種類", max_length=60)
    file = models.BigIntegerField("ファイル")
    at = models.DateTimeField("受領日時")
    sent = models.BooleanField("提出済み", default=False)

    class Meta:
        verbose_name = "添付書類"
        indexes: ClassVar = (models.Index(fields=("city", "application"), name="attachments_of_application"),)
