"""What city and contractor deal in: orders, changes, inspections, queries, complaints, incidents, and what each side said."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.dealing_rules import STATES, DealingKind, Side
from honrai.platform.organisations.models.channel import ContractMessage
from honrai.platform.organisations.models.contracts import Contract


class Dealing(CityModel):
    """One typed, numbered matter between the city and a contract. It names a contract, never a person of it.

    `activity` is the procedure code, "" for the whole contract. `facts` holds what belongs to one kind alone: the days both
    sides agreed on, what an inspection counted and sampled, the cases to be done again, what a query became.
    """

    contract = CityForeignKey(Contract, verbose_name="契約", related_name="dealings")
    kind = models.CharField("種別", max_length=12, choices=[(k.value, k.label) for k in DealingKind])
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("番号")
    title = models.CharField("件名", max_length=120)
    body = models.TextField("内容", blank=True)
    activity = models.CharField("業務", max_length=60, blank=True)
    period = DateRangeField("履行期間", null=True)
    quantity = models.PositiveIntegerField("数量", null=True)
    quality = models.TextField("品質の定め", blank=True)
    due = models.DateField("期限", null=True)
    state = models.CharField("状態", max_length=12, choices=list(STATES.items()))
    opened_by = models.CharField("申し出た側", max_length=10, choices=[(s.value, s.label) for s in Side])
    opened_at = models.DateTimeField("申出日時")
    ended_at = models.DateTimeField("終了日時", null=True)
    concerns = CityForeignKey("self", verbose_name="対象の取扱い", null=True, related_name="followed_by")
    facts = models.JSONField("種別ごとの事項", default=dict)

    class Meta:
        verbose_name = "契約上の取扱い"
        constraints = (
            models.UniqueConstraint(fields=("city", "contract", "kind", "year", "serial"), name="dealing_number_once"),
        )
        indexes = (
            models.Index(fields=("city", "contract", "opened_at"), name="dealings_by_contract"),
            models.Index(
                fields=("city", "contract", "activity"),
                name="stops_in_force",
                condition=models.Q(kind="stop", state__in=("open", "stopped")),
            ),
        )


class DealingStep(CityModel):
    """What one side said or did in a dealing, with the message it went out as. Never changed."""

    app_grants = "SELECT, INSERT"

    dealing = CityForeignKey(Dealing, verbose_name="取扱い", related_name="steps")
    at = models.DateTimeField("日時")
    side = models.CharField("側", max_length=10, choices=[(s.value, s.label) for s in Side])
    key = models.CharField("段階", max_length=12)
    label = models.CharField("表示名", max_length=40)
    body = models.TextField("内容", blank=True)
    by = CityForeignKey("organisations.Person", verbose_name="記録した人", null=True, related_name="+")
    message = CityForeignKey(ContractMessage, verbose_name="契約連絡", related_name="+")

    class Meta:
        verbose_name = "取扱いの経過"
        indexes = (models.Index(fields=("city", "dealing", "id"), name="steps_of_dealing"),)
