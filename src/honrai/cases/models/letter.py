"""Letters of a case."""

from typing import ClassVar

from django.db import models

from honrai.cases.models.case import Case
from honrai.platform.cities.models import CityForeignKey, CityModel


class CaseLetter(CityModel):
    """A letter of a case: made when it was issued, kept as the file that went out."""

    case = CityForeignKey(Case, verbose_name="案件", related_name="letters")
    letter = models.CharField("文書の種類", max_length=60)
    title = models.CharField("件名", max_length=120)
    number = models.CharField("文書番号", max_length=60, blank=True)
    file = models.BigIntegerField("ファイル", null=True)
    issued_on = models.DateField("発行日")
    issued_by = models.BigIntegerField("発行者", null=True)
    public = models.BooleanField("申請者に見せる", default=True)

    class Meta:
        verbose_name = "文書"
        indexes: ClassVar = (models.Index(fields=("city", "case", "id"), name="letters_of_case"),)
