"""What was scanned: files, sheets, what belongs together, and the fields read."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.documents.models.custody import Container
from honrai.platform.cities.models import CityForeignKey, CityModel


class ScanFile(CityModel):
    """取込ファイル: one file from a scanner. Its own bytes are never kept, only its sheets with number boxes masked."""

    batch = CityForeignKey(Container, verbose_name="束", related_name="scans")
    source = models.CharField("取込元", max_length=10)
    name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("内容の要約値", max_length=64)
    size = models.BigIntegerField("バイト数")
    sheets = models.PositiveIntegerField("ページ数", default=0)
    fault = models.CharField("問題の種類", max_length=20, blank=True)
    message = models.CharField("問題", max_length=300, blank=True)
    by = models.BigIntegerField("取り込んだ人", null=True)
    at = models.DateTimeField("取込日時")

    class Meta:
        verbose_name = "取込ファイル"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "batch", "sha256"), name="a_file_once_per_bundle"),
        )


class Filing(CityModel):
    """書類一件: the sheets of one filled form, with what was enclosed, in the order of the bundle."""

    batch = CityForeignKey(Container, verbose_name="束", related_name="filings")
    position = models.PositiveIntegerField("束の中の順")
    version = models.BigIntegerField("手続の版", null=True)
    template = CityForeignKey("documents.Template", verbose_name="読取様式", null=True, related_name="+")
    pages = models.PositiveSmallIntegerField("様式のページ数", default=0)
    state = models.CharField("状態", max_length=10, default="waiting")
    problem = models.CharField("気をつけること", max_length=200, blank=True)
    application = models.BigIntegerField("申請", null=True)
    read_at = models.DateTimeField("読取日時", null=True)
    verified_at = models.DateTimeField("確認を終えた日時", null=True)

    class Meta:
        verbose_name = "書類一件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "batch", "position"), name="one_filing_per_place"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "doubtful", "verified", "filed", "aside")), name="filing_state"
            ),
        )


class Sheet(CityModel):
    """ページ: one scanned side of a sheet; the image as stored has its number boxes masked.

    A sheet without an image is one whose number boxes could not be found: the paper goes to staff.
    """

    batch = CityForeignKey(Container, verbose_name="束", related_name="sheets")
    scan = CityForeignKey(ScanFile, verbose_name="取込ファイル", related_name="sheet_rows")
    filing = CityForeignKey(Filing, verbose_name="書類", null=True, related_name="sheets")
    number = models.PositiveIntegerField("束の中の番号")
    kind = models.CharField("種類", max_length=10)
    form_page = models.PositiveSmallIntegerField("様式のページ", default=0)
    image = models.BigIntegerField("画像", null=True)
    thumbnail = models.BigIntegerField("小さい画像", null=True)
    width = models.PositiveIntegerField("幅", default=0)
    height = models.PositiveIntegerField("高さ", default=0)
    matrix = models.JSONField("位置合わせ", null=True)
    error = models.FloatField("位置のずれ", default=0)
    masked = models.PositiveSmallIntegerField("隠した番号欄", default=0)

    class Meta:
        verbose_name = "読み取ったページ"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "batch", "number"), name="one_sheet_per_place"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "filing", "number"), name="sheets_of_filing"),)


class Reading(CityModel):
    """読取欄: one field read from a sheet, why it may stand, and what people keyed where it may not."""

    filing = CityForeignKey(Filing, verbose_name="書類", related_name="readings")
    sheet = CityForeignKey(Sheet, verbose_name="ページ", related_name="+")
    order = models.PositiveSmallIntegerField("順")
    field = models.CharField("欄", max_length=80)
    type = models.CharField("欄の型", max_length=30)
    label = models.CharField("欄の名前", max_length=120)
    options = models.JSONField("選べるもの", default=list)
    place = models.JSONField("位置")
    text = models.TextField("読み取った文字", blank=True)
    candidates = models.JSONField("ほかの候補", default=list)
    confidence = models.FloatField("確からしさ")
    counted = models.BooleanField("文字数の一致")
    state = models.CharField("状態", max_length=10)
    proofs = models.JSONField("根拠", default=list)
    value = models.JSONField("値", null=True)
    slip = models.CharField("読めない理由", max_length=200, blank=True)
    unreadable = models.BooleanField("判読できない", default=False)
    strokes = models.PositiveIntegerField("打鍵数", default=0)
    settled_at = models.DateTimeField("確定日時", null=True)

    class Meta:
        verbose_name = "読取欄"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "filing", "field"), name="one_reading_per_field"),
            models.CheckConstraint(condition=Q(state__in=("accepted", "doubtful", "keyed")), name="reading_state"),
        )
        indexes: ClassVar = (
            models.Index(
                fields=("city", "type", "filing", "order"), name="readings_to_see", condition=Q(state="doubtful")
            ),
        )


class Keying(CityModel):
    """入力: what one person keyed for a field, unseen by the next where money is concerned. Never changed, only disposed of."""

    app_grants = "SELECT, INSERT, DELETE"

    reading = CityForeignKey(Reading, verbose_name="読取欄", related_name="keyings")
    person = models.BigIntegerField("入力した人")
    value = models.JSONField("値", null=True)
    unreadable = models.BooleanField("判読できない", default=False)
    strokes = models.PositiveIntegerField("打鍵数", default=0)
    at = models.DateTimeField("入力日時")

    class Meta:
        verbose_name = "欄の入力"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "reading", "person"), name="one_keying_per_person"),
        )
