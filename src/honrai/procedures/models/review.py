"""What people say of a draft before it is decided: offices asked, their comments, gate runs, accepted changes of practice."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.procedures.models.draft import Draft


class Disposition(models.TextChoices):
    """What became of a comment."""

    ADOPTED = "adopted", "採用"
    REJECTED = "rejected", "不採用"


class Inquiry(CityModel):
    """One office asked for its opinion of a draft (意見照会); `agreed` without a comment is an answer too."""

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="inquiries")
    unit = models.BigIntegerField("照会先")
    name = models.CharField("照会先の名前", max_length=60)
    lock = models.PositiveIntegerField("照会したときの変更回数")
    asked_by = models.BigIntegerField("照会者", null=True)
    asked_at = models.DateTimeField("照会日時")
    agreed = models.BooleanField("意見なし", null=True)
    answered_by = models.BigIntegerField("回答者", null=True)
    answered_at = models.DateTimeField("回答日時", null=True)

    class Meta:
        verbose_name = "意見照会"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "draft", "unit"), name="offices_are_asked_once"),
        )


class Opinion(CityModel):
    """One comment of an office; `disposition` with its reason says what was done about it."""

    inquiry = CityForeignKey(Inquiry, verbose_name="意見照会", related_name="opinions")
    text = models.TextField("意見")
    by = models.BigIntegerField("記入者", null=True)
    at = models.DateTimeField("記入日時")
    disposition = models.CharField("扱い", max_length=10, choices=Disposition.choices, blank=True, default="")
    reason = models.TextField("扱いの理由", blank=True, default="")
    disposed_by = models.BigIntegerField("扱いを決めた者", null=True)
    disposed_at = models.DateTimeField("扱いを決めた日時", null=True)

    class Meta:
        verbose_name = "意見"


class GateRun(CityModel):
    """One run of the publishing gate over a draft as it was after `lock` changes; a job takes it step by step.

    `report` grows with each step: the problems of the points, changed precedents, the replay so far.
    """

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="gate_runs")
    lock = models.PositiveIntegerField("検査した変更回数")
    done = models.PositiveIntegerField("済んだ段階", default=0)
    of = models.PositiveIntegerField("段階の数")
    report = models.JSONField("結果", default=dict)
    asked_by = models.BigIntegerField("実行者", null=True)
    asked_at = models.DateTimeField("実行日時")
    finished_at = models.DateTimeField("終了日時", null=True)
    cancelled = models.BooleanField("中止", default=False)

    class Meta:
        verbose_name = "公開前の検査"
        indexes: ClassVar = (models.Index(fields=("city", "draft", "asked_at"), name="gate_runs_of_a_draft"),)


class Acceptance(CityModel):
    """An approver's word on one precedent that a draft decides otherwise: accepted with a reason, or sent back.

    It counts for exactly this `before` and `after`; when the draft changes the outcome again it must be given again.
    """

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="acceptances")
    precedent = models.CharField("判断事例", max_length=120)
    before = models.TextField("変更前")
    after = models.TextField("変更後")
    accepted = models.BooleanField("認めた")
    reason = models.TextField("理由")
    by = models.BigIntegerField("判断した者", null=True)
    at = models.DateTimeField("判断日時")

    class Meta:
        verbose_name = "実務の変更の承認"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "draft", "precedent"), name="changes_are_accepted_once"),
        )


class ClosedExample(CityModel):
    """A closed case for the replay of later drafts: what it was decided on and how it ended; people are made unnameable."""

    case = models.BigIntegerField("案件")
    code = models.CharField("手続コード", max_length=60)
    version = models.BigIntegerField("手続の版")
    values = models.JSONField("記載事項")
    facts = models.JSONField("照合した事実")
    attachments = models.JSONField("添付", default=list)
    received_on = models.DateField("到達日")
    channel = models.CharField("受付方法", max_length=20)
    outcome = models.CharField("結果", max_length=60)
    closed_at = models.DateTimeField("完結日時")

    class Meta:
        verbose_name = "終わった案件"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "case"), name="cases_are_learned_once"),)
        indexes: ClassVar = (models.Index(fields=("city", "code", "id"), name="corpus_of_a_procedure"),)
