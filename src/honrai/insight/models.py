"""What was said once and stands: confirmed reports, the city's word on them, signed self-audits. Nothing here is ever changed."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel


class ReportKind(models.TextChoices):
    """Which report."""

    DAILY = "daily", "日報"
    MONTHLY = "monthly", "月報"


class Report(CityModel):
    """A report as the contractor's manager confirmed it. A draft is no row: it is counted anew each time it is looked at.

    `figures` are the counts by activity; `corrections` what the log now tells otherwise about periods confirmed before.
    After the city returned it, a new `revision` is confirmed; the old one stays.
    """

    app_grants = "SELECT, INSERT"

    contract = CityForeignKey("organisations.Contract", verbose_name="契約", related_name="+")
    kind = models.CharField("種別", max_length=10, choices=ReportKind)
    first_day = models.DateField("最初の日")
    last_day = models.DateField("最後の日")
    revision = models.PositiveSmallIntegerField("回")
    figures = models.JSONField("件数")
    corrections = models.JSONField("前の期間の訂正")
    note = models.TextField("受託者の所見", blank=True)
    confirmed_at = models.DateTimeField("確認日時")
    confirmed_by = CityForeignKey("organisations.Person", verbose_name="確認した管理責任者", related_name="+")

    class Meta:
        verbose_name = "報告"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "contract", "kind", "first_day", "revision"), name="one_report_per_revision"
            ),
        )


class ReportReply(CityModel):
    """The city's word on a confirmed report: accepted, or returned with a reason."""

    app_grants = "SELECT, INSERT"

    report = CityForeignKey(Report, verbose_name="報告", related_name="replies")
    accepted = models.BooleanField("受領")
    words = models.TextField("理由", blank=True)
    at = models.DateTimeField("日時")
    by = CityForeignKey("organisations.Person", verbose_name="処理した職員", related_name="+")

    class Meta:
        verbose_name = "報告への応答"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "report"), name="one_reply_per_report"),)


class AuditSheet(CityModel):
    """The signed self-audit of one contract and month: what the machine counted, what was looked at by hand, what followed."""

    app_grants = "SELECT, INSERT"

    contract = CityForeignKey("organisations.Contract", verbose_name="契約", related_name="+")
    month = models.DateField("月（1日）")
    checks = models.JSONField("点検の結果")
    incidents = models.JSONField("是正の取扱い")
    signed_at = models.DateTimeField("署名日時")
    signed_by = CityForeignKey("organisations.Person", verbose_name="署名した職員", related_name="+")

    class Meta:
        verbose_name = "自己点検票"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "contract", "month"), name="one_audit_per_month"),
        )
