"""Contractors, their contracts and teams, stable pseudonyms, requests for accounts."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from honrai.platform.authority.acts import TeamRole
from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models.periods import has_a_start


class Contractor(CityModel):
    """A firm the city has a contract with, or a firm below it."""

    name = models.CharField("事業者名", max_length=80)
    corporate_number = models.CharField("法人番号", max_length=13)

    class Meta:
        verbose_name = "受託者"
        constraints = (models.UniqueConstraint(fields=("city", "corporate_number"), name="contractor_once"),)

    def __str__(self) -> str:
        return self.name


class Contract(CityModel):
    """One contract for work (委託契約), or a subcontract the city permitted.

    `letter` stands in pseudonyms (担当A-012). A subcontract names its parent and the city's permission; without that it
    cannot be stored.

    Source: 番号法 asks the first client's permission at any depth (domain/centre.md Part 2 section 3).
    """

    contractor = CityForeignKey(Contractor, verbose_name="受託者", related_name="contracts")
    parent = CityForeignKey("self", verbose_name="元の契約", null=True, blank=True, related_name="subcontracts")
    number = models.CharField("契約番号", max_length=40)
    title = models.CharField("件名", max_length=120)
    letter = models.CharField("記号", max_length=3)
    period = DateRangeField("契約期間")
    permission_number = models.CharField("再委託承認番号", max_length=60, blank=True)
    permitted_on = models.DateField("再委託承認日", null=True, blank=True)

    class Meta:
        verbose_name = "契約"
        constraints = (
            models.UniqueConstraint(fields=("city", "number"), name="contract_number_once"),
            models.UniqueConstraint(fields=("city", "letter"), name="contract_letter_once"),
            has_a_start("contract_has_a_start"),
            models.CheckConstraint(
                name="subcontract_is_permitted",
                condition=models.Q(parent__isnull=True)
                | models.Q(permitted_on__isnull=False, permitted_on__lte=models.F("period__startswith"))
                & ~models.Q(permission_number=""),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Team(CityModel):
    """A team of a contract, made and manned by the contractor."""

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="teams")
    code = models.CharField("チームコード", max_length=20)
    name = models.CharField("チーム名", max_length=60)
    period = DateRangeField("期間")

    class Meta:
        verbose_name = "チーム"
        constraints = (
            models.UniqueConstraint(fields=("city", "contract", "code"), name="team_code_once"),
            has_a_start("team_has_a_start"),
        )

    def __str__(self) -> str:
        return self.name


class Pseudonym(CityModel):
    """The number by which other organisations know a contractor's person, the same for the whole contract."""

    app_grants = "SELECT, INSERT"

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="pseudonyms")
    person = CityForeignKey("organisations.Person", verbose_name="人", related_name="pseudonyms")
    number = models.PositiveIntegerField("番号")

    class Meta:
        verbose_name = "仮名"
        constraints = (
            models.UniqueConstraint(fields=("city", "contract", "person"), name="one_pseudonym_per_contract"),
            models.UniqueConstraint(fields=("city", "contract", "number"), name="pseudonym_number_once"),
        )


class AccountRequest(CityModel):
    """The contractor's manager asks for an account; the city issues or refuses it.

    Name and kana are for the contractor's own screens; the city's show the role and, once issued, the pseudonym.
    """

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="+")
    team = CityForeignKey(Team, verbose_name="チーム", related_name="+")
    role = models.CharField("役割", max_length=16, choices=[(r.value, r.label) for r in TeamRole])
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    login = models.CharField("希望するログイン名", max_length=60)
    existing = models.BooleanField("ほかの市の利用者を使う", default=False)
    start = models.DateField("開始日")
    requested_by = CityForeignKey("organisations.Person", verbose_name="申請した管理責任者", related_name="+")
    requested_at = models.DateTimeField("申請日時")
    state = models.CharField(
        "状態",
        max_length=10,
        default="requested",
        choices=(("requested", "申請中"), ("issued", "発行済み"), ("refused", "却下")),
    )
    person = CityForeignKey("organisations.Person", verbose_name="発行した人", null=True, blank=True, related_name="+")
    answered_by = CityForeignKey(
        "organisations.Person", verbose_name="処理した職員", null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("処理日時", null=True, blank=True)
    answer = models.CharField("却下の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "利用者発行の申請"
        indexes = (models.Index(fields=("city", "state", "requested_at"), name="account_requests_open"),)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "login"), condition=models.Q(state="requested"), name="login_requested_once"
            ),
        )
