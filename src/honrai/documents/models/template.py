"""Forms that are not ours: their boxes drawn over an empty sheet."""

from typing import ClassVar

from django.db import models

from honrai.platform.cities.models import CityModel


class Template(CityModel):
    """読取様式: the boxes of one version of a form from outside, drawn over its empty sheet.

    A box is `{field, label, type, page, x, y, w, h, kind, cells, part, option}` in mm; type `personal_number` is masked before a
    page is stored and never read. `sums` are `{fields, holds}` with a FEEL condition.
    """

    code = models.SlugField("様式コード", max_length=60)
    number = models.PositiveSmallIntegerField("版")
    title = models.CharField("様式名", max_length=120)
    unit = models.BigIntegerField("担当課")
    blanks = models.JSONField("空の様式の画像", default=list)
    boxes = models.JSONField("欄の位置", default=list)
    sums = models.JSONField("合うはずの計算", default=list)
    made_by = models.BigIntegerField("作った人", null=True)
    at = models.DateTimeField("作成日時")
    published_at = models.DateTimeField("使い始めた日時", null=True)

    class Meta:
        verbose_name = "読取様式"
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("city", "code", "number"), name="one_template_per_version"),
        )
