"""How far long work has come."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class Progress(CityModel):
    """How far a job has come with something; written outside its transaction so that the page can show it.

    `stopping` is the page's answer: somebody asked to stop, and the job gives up at its next note with nothing half-done.
    """

    subject = models.CharField("対象の種類", max_length=40)
    key = models.BigIntegerField("対象")
    stage = models.CharField("段階", max_length=20, blank=True)
    done = models.PositiveIntegerField("済んだ件数", default=0)
    total = models.PositiveIntegerField("全件数", default=0)
    stopping = models.BooleanField("中止の求め", default=False)

    class Meta:
        verbose_name = "進み具合"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "subject", "key"), name="one_progress_per_subject"),
        )
