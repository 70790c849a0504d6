"""What an application lacks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class DeficiencyState(models.TextChoices):
    """Where a deficiency stands."""

    FOUND = "found", "未連絡"
    ASKED = "asked", "連絡済み"
    ANSWERED = "answered", "回答あり"
    SETTLED = "settled", "解消"


class Source(models.TextChoices):
    """Where a deficiency comes from."""

    RULE = "rule", "規則"
    CLERK = "clerk", "担当者"
    PROPOSAL = "proposal", "決定案"


class Deficiency(CityModel):
    """One thing an application lacks. Sent once, answered one by one; a settled one is never asked again.

    `accepted_for` is the digest of what stood in its fields when somebody accepted it: it comes back only where they change.
    """

    case = CityForeignKey(Case, verbose_name="案件", related_name="deficiencies")
    code = models.CharField("不備コード", max_length=40)
    severity = models.CharField("重さ", max_length=20)
    message = models.TextField("内容")
    fix_by = models.CharField("直す人", max_length=12)
    items = models.JSONField("対象の欄", default=list)
    state = models.CharField("状態", max_length=10, choices=DeficiencyState, default=DeficiencyState.FOUND)
    found_at = models.DateTimeField("発見日時")
    asked_at = models.DateTimeField("連絡日時", null=True)
    answered_at = models.DateTimeField("回答日時", null=True)
    settled_at = models.DateTimeField("解消日時", null=True)
    source = models.CharField("発見のしかた", max_length=10, choices=Source, default=Source.RULE)
    ask = models.JSONField("連絡できる方法", default=list)
    channel = models.CharField("連絡した方法", max_length=12, blank=True)
    reply_by = models.DateField("回答期限", null=True)
    reminders = models.PositiveSmallIntegerField("催促の回数", default=0)
    added_by = models.BigIntegerField("追加した人", null=True)
    accepted_by = models.BigIntegerField("認めた人", null=True)
    accepted_for = models.CharField("認めた内容の要約値", max_length=64, blank=True)

    class Meta:
        verbose_name = "不備"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "case", "code"), name="asked_only_once", condition=~Q(state="settled")
            ),
        )


class Contact(CityModel):
    """One call or other contact with an applicant about a case (折衝記録); rows are never changed.

    `heard` are the fields an applicant answered about (聴取); only they may then be mended by the centre.
    """

    app_grants = "SELECT, INSERT, DELETE"  # deleted only by disposal

    case = CityForeignKey(Case, verbose_name="案件", related_name="contacts")
    at = models.DateTimeField("日時")
    by = models.BigIntegerField("記録者", null=True)
    contract = models.BigIntegerField("記録者の契約", null=True)
    way = models.CharField("方法", max_length=12)
    reach = models.CharField("つながり方", max_length=12)
    result = models.CharField("結果", max_length=12)
    heard = models.JSONField("聴取した欄", default=list)
    note = models.TextField("内容", blank=True)
    next_on = models.DateField("次に連絡する日", null=True)

    class Meta:
        verbose_name = "折衝記録"
        indexes: ClassVar = (models.Index(fields=("city", "case", "id"), name="contacts_of_case"),)
