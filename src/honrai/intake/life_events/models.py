"""Published life events, and what people send on them. One submission makes one application for each procedure."""

from typing import ClassVar

from django.db import models

from honrai.intake.models import Application
from honrai.platform.cities.models import CityForeignKey, CityModel


class Definition(CityModel):
    """One published version of a life event; immutable, `effective_to` is the first day it is no longer offered."""

    app_grants: ClassVar[str] = "SELECT, INSERT, UPDATE"

    code = models.CharField("ライフイベント", max_length=60)
    number = models.PositiveIntegerField("版")
    title = models.CharField("名称", max_length=120)
    lead = models.CharField("案内文", max_length=400, blank=True)
    content = models.BinaryField("定義ファイル")
    address = models.CharField("内容の識別子", max_length=64)
    effective_from = models.DateField("施行日")
    effective_to = models.DateField("終了日", null=True)
    published_at = models.DateTimeField("公開日時")

    class Meta:
        verbose_name = "ライフイベントの定義"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "code", "number"), name="one_number_per_life_event"),
        )


class Submission(CityModel):
    """What one person sends on one life event. A draft has no number; `versions` are settled when it begins.

    `answers` are those of the few questions, `chosen` the ids of the procedures wanted, `values` the combined form.
    `token` makes beginning and sending twice the same as once; `resume` (hashed) lets the person go on.
    """

    token = models.CharField("二重送信の防止", max_length=40)
    resume = models.CharField("再開の鍵", max_length=64, blank=True)
    definition = CityForeignKey(Definition, verbose_name="ライフイベント", related_name="submissions")
    channel = models.CharField("受付方法", max_length=12)
    versions = models.JSONField("手続の版", default=dict)
    answers = models.JSONField("質問への答え", default=dict)
    chosen = models.JSONField("選んだ手続", default=list)
    values = models.JSONField("記載事項", default=dict)
    number = models.CharField("受付番号", max_length=20, blank=True)
    secret = models.CharField("照会番号", max_length=64, blank=True)
    started_at = models.DateTimeField("開始日時")
    saved_at = models.DateTimeField("保存日時")
    submitted_at = models.DateTimeField("提出日時", null=True)

    class Meta:
        verbose_name = "まとめた申請"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "token"), name="one_submission_per_token"),
            models.UniqueConstraint(
                fields=("city", "number"), name="submission_numbers_are_unique", condition=~models.Q(number="")
            ),
            models.CheckConstraint(
                name="sent_means_numbered",
                condition=models.Q(submitted_at__isnull=True, number="")
                | (models.Q(submitted_at__isnull=False) & ~models.Q(number="")),
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "submitted_at", "saved_at"), name="submissions_by_age"),
            models.Index(fields=("city", "resume"), name="submissions_by_key", condition=~models.Q(resume="")),
        )


class SubmissionPaper(CityModel):
    """A photo or file of a submission; it goes to every procedure whose pack knows its kind."""

    submission = CityForeignKey(Submission, verbose_name="まとめた申請", related_name="papers")
    kind = models.CharField("書類の種類", max_length=60)
    file = models.BigIntegerField("ファイル")
    at = models.DateTimeField("受領日時")

    class Meta:
        verbose_name = "まとめた申請の書類"
        indexes: ClassVar = (models.Index(fields=("city", "submission"), name="papers_of_submission"),)


class SubmissionPart(CityModel):
    """One application a submission made."""

    app_grants: ClassVar[str] = "SELECT, INSERT, DELETE"

    submission = CityForeignKey(Submission, verbose_name="まとめた申請", related_name="parts")
    application = CityForeignKey(Application, verbose_name="申請", related_name="+")
    step = models.CharField("手続の番号", max_length=60)

    class Meta:
        verbose_name = "まとめた申請の内訳"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "application"), name="one_submission_per_application"),
            models.UniqueConstraint(fields=("city", "submission", "step"), name="one_part_per_step"),
        )
