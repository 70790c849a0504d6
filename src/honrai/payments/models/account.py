"""Accounts money goes to, as dated records: entered by one person, released by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from honrai.platform.cities.models import CityModel


class AccountState(models.TextChoices):
    """Where an account stands."""

    ENTERED = "entered", "確認待ち"
    RELEASED = "released", "使用中"
    REFUSED = "refused", "不採用"
    ENDED = "ended", "終了"


class PayeeAccount(CityModel):
    """An account of one payee from a day on. What was released is never changed, only ended by the next.

    `party` is who is paid: 宛名番号, "school/0101", "institution/4310000001". `suspicious` says why somebody must look twice.
    """

    party = models.CharField("受取人", max_length=60)
    name = models.CharField("受取人の氏名・名称", max_length=120)
    kana = models.CharField("受取人のフリガナ", max_length=120, blank=True)
    bank = models.CharField("金融機関コード", max_length=4)
    branch = models.CharField("支店コード", max_length=3)
    kind = models.CharField("種目", max_length=1)
    number = models.CharField("口座番号", max_length=7)
    holder = models.CharField("口座名義（銀行の文字）", max_length=48)
    written = models.CharField("口座名義（届出のとおり）", max_length=120)
    state = models.CharField("状態", max_length=10, choices=AccountState, default=AccountState.ENTERED)
    since = models.DateField("使い始める日", null=True)
    until = models.DateField("使い終わる日の翌日", null=True)
    case = models.BigIntegerField("届け出た案件", null=True)
    findings = models.JSONField("確かめること", default=list)
    suspicious = models.CharField("注意", max_length=200, blank=True)
    entered_by = models.BigIntegerField("登録した人", null=True)
    entered_at = models.DateTimeField("登録日時")
    released_by = models.BigIntegerField("確認した人", null=True)
    released_at = models.DateTimeField("確認日時", null=True)
    reason = models.CharField("確認・不採用の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "振込先の口座"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "party"), name="one_account_in_use", condition=Q(state=AccountState.RELEASED)
            ),
            models.UniqueConstraint(
                fields=("city", "party"), name="one_account_waiting", condition=Q(state=AccountState.ENTERED)
            ),
            models.CheckConstraint(
                name="an_account_is_released_by_another",
                condition=Q(entered_by__isnull=True) | Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="an_account_in_use_was_released",
                condition=~Q(state=AccountState.RELEASED) | Q(released_by__isnull=False, since__isnull=False),
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "party", "entered_at"), name="accounts_of_party"),
            models.Index(fields=("city", "state", "id"), name="accounts_by_state"),
        )
