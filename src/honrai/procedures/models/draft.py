"""Drafts: what will become a version, file by file, and who changed what."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.procedures.models.version import PackVersion


class DraftState(models.TextChoices):
    """Where a draft stands; it can be edited only while it is being drafted or consulted on."""

    DRAFTING = "drafting", "作成中"
    CONSULTING = "consulting", "意見照会中"
    DECIDING = "deciding", "決裁中"
    PUBLISHED = "published", "公開済み"
    WITHDRAWN = "withdrawn", "取下げ"


class Content(CityModel):
    """The bytes of one file, found by their sha256; never changed, shared by all drafts that have the same file."""

    app_grants: ClassVar[str] = "SELECT, INSERT"

    address = models.CharField("内容の要約値", max_length=64)
    content = models.BinaryField("内容")

    class Meta:
        verbose_name = "ファイルの内容"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "address"), name="contents_stand_once"),)


class Draft(CityModel):
    """A version in the making: `files` says which content stands under which path.

    It belongs to a section of the city (`unit`) or to a contract, whose inner pack only its 管理責任者 touches. `lock` grows
    with every change, so that two people never overwrite each other.
    """

    code = models.CharField("手続コード", max_length=60)
    title = models.CharField("手続名", max_length=120)
    unit = models.BigIntegerField("担当課", null=True)
    contract = models.BigIntegerField("契約", null=True)
    base = CityForeignKey(PackVersion, verbose_name="元の版", null=True, related_name="drafts")
    files = models.JSONField("ファイル", default=dict)
    state = models.CharField("状態", max_length=10, choices=DraftState.choices, default=DraftState.DRAFTING)
    lock = models.PositiveIntegerField("変更回数", default=0)
    document = models.BigIntegerField("起案文書", null=True)
    version = CityForeignKey(PackVersion, verbose_name="公開した版", null=True, related_name="made_from")
    reason = models.TextField("理由", blank=True, default="")
    started_by = models.BigIntegerField("作成者", null=True)
    started_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("更新日時")

    class Meta:
        verbose_name = "手続の案"
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=Q(unit__isnull=True, contract__isnull=False) | Q(unit__isnull=False, contract__isnull=True),
                name="drafts_have_one_owner",
            ),
            models.UniqueConstraint(
                fields=("city", "code", "contract"),
                condition=Q(state="deciding"),
                name="one_draft_before_the_decider",
                nulls_distinct=False,
            ),
        )
        indexes: ClassVar = (models.Index(F("city"), F("state"), F("changed_at").desc(), name="drafts_by_state"),)


class DraftEdit(CityModel):
    """One change of one file: the content before and after ("" for none), who and when."""

    app_grants: ClassVar[str] = "SELECT, INSERT"

    draft = CityForeignKey(Draft, verbose_name="手続の案", related_name="edits")
    path = models.CharField("ファイル名", max_length=200)
    before = models.CharField("変更前", max_length=64, blank=True)
    after = models.CharField("変更後", max_length=64, blank=True)
    by = models.BigIntegerField("変更者", null=True)
    at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = "案の変更"
        indexes: ClassVar = (models.Index(fields=("city", "draft", "at"), name="edits_of_a_draft"),)
