"""The case: one matter, from the application to the end."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.platform.cities.models import CityForeignKey, CityModel


class Case(CityModel):
    """One matter, from the application to the end.

    `state` is the flow's (a small JSON value); `values` are the answers as they stand now; `results` what each step ended
    with. `due_on` moves while the clock stands (`paused_since`). `lock` counts changes: two hands never overwrite each other.
    `round` counts how often the flow was begun: a reopened or corrected case runs again, what was decided before stays.
    """

    number = models.CharField("受付番号", max_length=20)
    version = models.BigIntegerField("手続の版")
    procedure = models.CharField("手続コード", max_length=60)
    title = models.CharField("手続名", max_length=120)
    application = models.BigIntegerField("申請")
    unit = models.BigIntegerField("担当課")
    contract = models.BigIntegerField("契約", null=True)
    channel = models.CharField("受付方法", max_length=12)
    received_on = models.DateField("到達日")
    name = models.CharField("氏名", max_length=120)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    born_on = models.DateField("生年月日", null=True)
    party = models.CharField("宛名", max_length=40, blank=True)
    ward = models.CharField("区", max_length=20, blank=True)
    kana_key = models.CharField("フリガナの照合キー", max_length=120, blank=True, db_collation="C")
    place_key = models.CharField("住所の照合キー", max_length=200, blank=True, db_collation="C")
    protected = models.BooleanField("支援措置", default=False)
    state = models.JSONField("進行", default=dict)
    values = models.JSONField("記載事項", default=dict)
    attachments = models.JSONField("添付", default=list)
    facts = models.JSONField("照合結果", default=dict)
    results = models.JSONField("作業の結果", default=dict)
    proposal = models.JSONField("決定案", default=dict)
    stage = models.CharField("段階", max_length=40)
    outcome = models.CharField("結果", max_length=40, blank=True)
    due_on = models.DateField("処理期限")
    lead_days = models.PositiveSmallIntegerField("急ぎの重み（日）", default=0)
    paused_since = models.DateField("停止日", null=True)
    paused_for = models.CharField("停止の理由", max_length=40, blank=True)
    opened_at = models.DateTimeField("開始日時")
    closed_at = models.DateTimeField("完結日時", null=True)
    call_on = models.DateField("次の電話日", null=True)
    round = models.PositiveSmallIntegerField("審査の回", default=1)
    round_cause = models.CharField("やり直しの区分", max_length=10, blank=True)
    lock = models.PositiveIntegerField("更新回数", default=0)

    class Meta:
        verbose_name = "案件"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "number"), name="case_numbers_are_unique"),
            models.UniqueConstraint(fields=("city", "application", "procedure"), name="one_case_per_application"),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "contract", "closed_at", "due_on", "id"), name="cases_of_contract"),
            models.Index(fields=("city", "unit", "closed_at", "due_on", "id"), name="cases_of_unit"),
            models.Index(
                fields=("city", "unit", "due_on"),
                include=("paused_since", "received_on"),
                name="open_cases_of_unit",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=("city", "born_on"), name="cases_by_birth"),
            models.Index(fields=("city", "kana_key"), name="cases_by_kana", condition=~Q(kana_key="")),
            models.Index(fields=("city", "place_key"), name="cases_by_place", condition=~Q(place_key="")),
            models.Index(fields=("city", "party"), name="cases_by_party", condition=~Q(party="")),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def urgent_on(self) -> date:
        """The day its tasks are ordered by: the due day less the weight of the procedure."""
        return self.due_on - timedelta(days=self.lead_days)


class CaseGram(CityModel):
    """Two neighbouring characters of the folded name of a case: how a case is found by name under row-level security."""

    gram = models.CharField("2文字", max_length=2, db_collation="C")
    case = CityForeignKey(Case, on_delete=models.CASCADE, verbose_name="案件", related_name="+")

    class Meta:
        verbose_name = "案件の氏名の索引"
        indexes: ClassVar = (models.Index(fields=("city", "gram", "case"), name="cases_by_gram"),)
