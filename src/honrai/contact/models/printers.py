"""Printers with their measured offsets, and copies with the receipt stamp."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class Printer(CityModel):
    """A printer and how far off its place it prints, as the ruler sheet showed. Append-only: the newest holds."""

    app_grants = "SELECT, INSERT"

    name = models.CharField("印刷機", max_length=60)
    right = models.DecimalField("右へのずれ(mm)", max_digits=4, decimal_places=1)
    down = models.DecimalField("下へのずれ(mm)", max_digits=4, decimal_places=1)
    measured_at = models.DateTimeField("測定日時")
    measured_by = models.BigIntegerField("測定者")

    class Meta:
        verbose_name = "印刷機"
        indexes: ClassVar = (models.Index(fields=("city", "name", "id"), name="printers_by_name"),)


class StampedCopy(CityModel):
    """A paper of a case with the receipt stamp (収受印) on it, e.g. the copy (副本) given back to the applicant. Append-only."""

    app_grants = "SELECT, INSERT"

    case = models.BigIntegerField("案件")
    source = models.BigIntegerField("もとのファイル")
    file = models.BigIntegerField("収受印を押したファイル")
    sort = models.CharField("正副の別", max_length=8)
    office = models.CharField("収受した所属", max_length=60)
    day = models.DateField("収受日")
    at = models.DateTimeField("作成日時")
    by = models.BigIntegerField("作成者")

    class Meta:
        verbose_name = "収受印の写し"
        indexes: ClassVar = (models.Index(fields=("city", "case", "id"), name="stamped_copies_of_case"),)
