"""Keys and their use, answers kept for repeated requests, subscriptions to events and their deliveries."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel
from honrai.platform.organisations.models import Person


class Holder(models.TextChoices):
    """Who stands behind a key."""

    PERSON = "person", "本人"
    ROBOT = "robot", "ロボット"
    SYSTEM = "system", "他システム"


class ApiKey(CityModel):
    """One key: who acts by it, what for, from where, until when. The key itself is never stored, only its digest.

    A person's key acts as that person. A robot or system is a person entry without account, placed in one unit of the city or
    one contract. `digest` is empty until the key was collected, which happens once.
    """

    app_grants = "SELECT, INSERT, UPDATE"

    name = models.CharField("名称", max_length=60)
    holder = models.CharField("使う人", max_length=8, choices=Holder)
    person = CityForeignKey(Person, verbose_name="人", related_name="+")
    unit = models.BigIntegerField("所属課", null=True)
    contract = models.BigIntegerField("契約", null=True)
    scopes = models.JSONField("できること", default=list)
    networks = models.JSONField("接続元", default=list)
    per_minute = models.PositiveSmallIntegerField("1分あたりの上限", default=120)
    expires_on = models.DateField("失効日")
    mark = models.CharField("目印", max_length=8)
    digest = models.CharField("要約値", max_length=64, blank=True)
    issued_by = models.BigIntegerField("発行者", null=True)
    issued_at = models.DateTimeField("発行日時")
    collected_at = models.DateTimeField("受取日時", null=True)
    revoked_at = models.DateTimeField("取消日時", null=True)

    class Meta:
        verbose_name = "接続キー"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "digest"), name="one_key_per_digest", condition=~models.Q(digest="")
            ),
            models.UniqueConstraint(fields=("city", "mark"), name="one_key_per_mark"),
            models.CheckConstraint(
                name="machines_have_one_place",
                condition=models.Q(holder="person", unit__isnull=True, contract__isnull=True)
                | ~models.Q(holder="person") & models.Q(unit__isnull=True, contract__isnull=False)
                | ~models.Q(holder="person") & models.Q(unit__isnull=False, contract__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.mark


class KeyUse(CityModel):
    """How many calls a key made in one minute. Spread over a few rows, so that calls of one key do not wait for one another."""

    key = CityForeignKey(ApiKey, verbose_name="接続キー", related_name="uses")
    minute = models.DateTimeField("分")
    slot = models.PositiveSmallIntegerField("区分")
    calls = models.PositiveIntegerField("回数")

    class Meta:
        verbose_name = "キーの使用"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "key", "minute", "slot"), name="one_count_per_minute_and_slot"),
        )


class Answer(CityModel):
    """The answer given to a request that changed something, kept so that its repetition gets the same."""

    key = CityForeignKey(ApiKey, verbose_name="接続キー", related_name="+")
    token = models.CharField("冪等キー", max_length=80)
    request = models.CharField("要求の要約値", max_length=64)
    status = models.PositiveSmallIntegerField("応答の種別", default=0)
    body = models.TextField("応答（封緘）", blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "応答の控え"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "key", "token"), name="one_answer_per_token"),)
        indexes: ClassVar = (models.Index(fields=("city", "at"), name="answers_by_age"),)


class Subscription(CityModel):
    """Who is told of which events, at which address. The secret signs what is sent; it is stored sealed."""

    app_grants = "SELECT, INSERT, UPDATE"

    key = CityForeignKey(ApiKey, verbose_name="接続キー", related_name="subscriptions")
    url = models.CharField("送り先", max_length=400)
    events = models.JSONField("出来事", default=list)
    secret = models.CharField("署名の鍵（封緘）", max_length=400)
    made_at = models.DateTimeField("登録日時")
    ended_at = models.DateTimeField("終了日時", null=True)

    class Meta:
        verbose_name = "通知の登録"
        indexes: ClassVar = (
            models.Index(fields=("city", "id"), name="subscriptions_open", condition=models.Q(ended_at__isnull=True)),
        )


class Delivery(CityModel):
    """One event for one subscription; `delivered_at` is empty until the other side took it."""

    subscription = CityForeignKey(Subscription, verbose_name="通知の登録", related_name="deliveries", db_index=False)
    entry = models.BigIntegerField("記録")
    event = models.CharField("出来事", max_length=80)
    case = models.BigIntegerField("案件", null=True)
    happened_at = models.DateTimeField("発生日時")
    delivered_at = models.DateTimeField("送達日時", null=True)

    class Meta:
        verbose_name = "通知"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "subscription", "entry"), name="one_delivery_per_event"),
        )


class AllowedNetwork(CityModel):
    """An inner network of the city to which notices may be sent although its addresses are private."""

    network = models.CharField("ネットワーク", max_length=43)
    reason = models.CharField("理由", max_length=120)

    class Meta:
        verbose_name = "通知を送れる庁内ネットワーク"
        constraints: ClassVar = (models.UniqueConstraint(fields=("city", "network"), name="network_once"),)
