"""Tries at public pages, for limiting them. Whom a try was from is kept as a keyed digest only, for a day at most."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class Try(CityModel):
    """One try at something limited: what, by or at which key (digest of an address or a number), when."""

    what = models.CharField("操作", max_length=40)
    key = models.CharField("識別", max_length=40)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "試行"
        indexes: ClassVar = (
            models.Index(fields=("city", "what", "key", "at"), name="tries_by_key"),
            models.Index(fields=("city", "at"), name="tries_by_age"),
        )
