"""Lines of registers as the systems that own them told us, each with the days it held; and numbers given out."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from honrai.platform.cities.models import CityModel


class RegisterLine(CityModel):
    """What one register says of one code, from a day until the day before another line takes its place.

    Nobody edits it; the next extract ends it and puts a new one beside it, so that any past day can be asked again.
    """

    register = models.CharField("台帳", max_length=20)
    code = models.CharField("コード", max_length=40)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("カナ", max_length=120, blank=True)
    place_key = models.CharField("所在地の照合キー", max_length=200, blank=True, db_collation="C")
    values = models.JSONField("内容", default=dict)
    since = models.DateField("適用開始日")
    until = models.DateField("適用終了日の翌日", null=True)
    brought_by = models.BigIntegerField("取込み")
    ended_by = models.BigIntegerField("終わらせた取込み", null=True)

    class Meta:
        verbose_name = "台帳の行"
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("city", "register", "code"), name="one_open_line_per_code", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(name="a_line_ends_after_it_begins", condition=Q(until__gte=F("since"))),
        )
        indexes: ClassVar = (
            models.Index(fields=("city", "register", "code", "since"), name="lines_by_code"),
            models.Index(fields=("city", "register", "place_key"), name="lines_by_place", condition=~Q(place_key="")),
            models.Index(fields=("city", "brought_by"), name="lines_of_load"),
        )


class GivenNumber(CityModel):
    """One number of a series (受給者番号 ...), given to one thing once and never to another."""

    app_grants = "SELECT, INSERT"

    series = models.CharField("番号の種類", max_length=40)
    body = models.BigIntegerField("連番")
    number = models.CharField("番号", max_length=20)
    reference = models.CharField("付けた先", max_length=80)
    at = models.DateTimeField("付番日時")

    class Meta:
        verbose_name = "付けた番号"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "series", "body"), name="a_number_is_given_once"),
            models.UniqueConstraint(fields=("city", "series", "reference"), name="a_thing_has_one_number"),
        )
