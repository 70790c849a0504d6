"""Copies of what the core systems hold, with the keys they are found by. Nobody edits them; extracts replace them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import BulkCityModel, CityForeignKey, CityModel


class Household(BulkCityModel):
    """A household (世帯) and where it lives."""

    number = models.CharField("世帯番号", max_length=15)
    head_number = models.CharField("世帯主の宛名番号", max_length=15)
    kind = models.CharField("世帯の類型", max_length=40, blank=True)
    size = models.PositiveIntegerField("世帯人数", null=True)
    ward = models.CharField("区", max_length=20, blank=True)
    postcode = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=200)
    annex = models.CharField("方書", max_length=100, blank=True)
    place_key = models.CharField("住所の照合キー", max_length=200, blank=True, db_collation="C")
    welfare = models.BooleanField("生活保護", default=False)
    protected = models.BooleanField("支援措置", default=False)
    single_parent = models.BooleanField("ひとり親", default=False)

    class Meta:
        verbose_name = "世帯"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "number"), name="one_row_per_household"),)
        indexes: ClassVar = (models.Index(fields=("city", "place_key"), name="households_by_place"),)


class Resident(BulkCityModel):
    """A resident, by 宛名番号. Names are kept as registered; the keys are folded shadows to find them by."""

    number = models.CharField("宛名番号", max_length=15)
    household_number = models.CharField("世帯番号", max_length=15)
    relation = models.CharField("続柄", max_length=20, blank=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    romaji = models.CharField("ローマ字氏名", max_length=100, blank=True)
    alias = models.CharField("通称", max_length=100, blank=True)
    name_key = models.CharField("氏名の照合キー", max_length=320, blank=True)
    kana_key = models.CharField("フリガナの照合キー", max_length=120, blank=True, db_collation="C")
    sex = models.CharField("性別", max_length=4, blank=True)
    born_on = models.DateField("生年月日")
    born_as_recorded = models.CharField("生年月日（記載どおり）", max_length=8, blank=True)
    nationality = models.CharField("国籍", max_length=40, blank=True)
    resident_since = models.DateField("住民となった日", null=True)
    insurance = models.CharField("医療保険", max_length=40, blank=True)
    income = models.BigIntegerField("前年の総所得（円）", null=True)
    disability = models.CharField("障害の手帳", max_length=40, blank=True)
    disability_grade = models.CharField("障害の等級", max_length=20, blank=True)

    class Meta:
        verbose_name = "住民"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "number"), name="one_row_per_resident"),)
        indexes: ClassVar = (
            models.Index(fields=("city", "kana_key"), name="residents_by_kana"),
            models.Index(fields=("city", "born_on", "kana_key"), name="residents_by_birth"),
            models.Index(fields=("city", "household_number"), name="residents_by_household"),
        )


class Gram(CityModel):
    """Two neighbouring characters of a folded name: how a name is found under row-level security, however short."""

    gram = models.CharField("2文字", max_length=2, db_collation="C")
    resident = CityForeignKey(Resident, on_delete=models.CASCADE, verbose_name="住民", related_name="+")

    class Meta:
        verbose_name = "氏名の索引"
        indexes: ClassVar = (models.Index(fields=("city", "gram", "resident"), name="residents_by_gram"),)


class LedgerEntry(BulkCityModel):
    """One line of another system's ledger (受給者台帳): who, since when, until when."""

    ledger = models.CharField("台帳", max_length=60)
    key = models.CharField("台帳の番号", max_length=120)
    number = models.CharField("宛名番号", max_length=15)
    since = models.DateField("資格開始日", null=True)
    until = models.DateField("資格終了日", null=True)
    values = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = "台帳の記載"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "ledger", "key"), name="one_row_per_ledger_key"),
        )
        indexes: ClassVar = (models.Index(fields=("city", "number", "ledger"), name="ledger_of_person"),)


class Match(CityModel):
    """Which resident a case was found to be about, and by which keys."""

    case = models.BigIntegerField("案件")
    number = models.CharField("宛名番号", max_length=15)
    keys = models.JSONField("一致した項目", default=list)
    at = models.DateTimeField("照合日時")

    class Meta:
        verbose_name = "案件の対象者"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "case"), name="one_match_per_case"),)
        indexes: ClassVar = (models.Index(fields=("city", "number"), name="matches_of_person"),)


class Search(CityModel):
    """One search for a person: who, what for, how many were found. Append-only."""

    app_grants = "SELECT, INSERT"

    at = models.DateTimeField("検索日時")
    person = models.BigIntegerField("検索した人", null=True)
    purpose = models.CharField("目的", max_length=40)
    detail = models.CharField("目的の説明", max_length=200, blank=True)
    by = models.CharField("検索した項目", max_length=80)
    found = models.PositiveIntegerField("件数")
    one = models.BigIntegerField("ただ1人見つかった住民", null=True)
    alert = models.CharField("注意", max_length=40, blank=True)

    class Meta:
        verbose_name = "人の検索"
        indexes: ClassVar = (
            models.Index(fields=("city", "person", "at"), name="searches_of_person"),
            models.Index(fields=("city", "at"), name="searches_with_alert", condition=~Q(alert="")),
        )


class Protection(CityModel):
    """A 支援措置: who is protected, from whom, and the former household nothing of them may reach."""

    number = models.CharField("申出の番号", max_length=40)
    protected = models.JSONField("守られる人の宛名番号", default=list)
    former_household = models.CharField("元の世帯番号", max_length=15, blank=True)
    former_address = models.CharField("元の住所", max_length=300)
    former_key = models.CharField("元の住所の照合キー", max_length=200, blank=True, db_collation="C")
    other_name = models.CharField("相手方の氏名", max_length=100, blank=True)
    other_key = models.CharField("相手方の氏名の照合キー", max_length=320, blank=True)
    since = models.DateField("開始日")
    until = models.DateField("終了日の翌日", null=True)
    registered_by = models.BigIntegerField("登録した人", null=True)
    registered_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "支援措置の登録"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "number"), name="one_protection_per_number"),)
