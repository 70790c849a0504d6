"""発令: an order of transfers with its lines."""

from django.db import models

from honrai.platform.cities.models import CityForeignKey, CityModel


class TransferOrder(CityModel):
    """One list of transfers that takes effect at 00:00 of one day; applied as a whole or not at all."""

    number = models.CharField("発令番号", max_length=60)
    effective_on = models.DateField("発令日")
    loaded_by = CityForeignKey("organisations.Person", verbose_name="取り込んだ職員", null=True, related_name="+")
    loaded_at = models.DateTimeField("取込日時")
    applied_by = CityForeignKey("organisations.Person", verbose_name="適用した職員", null=True, related_name="+")
    applied_at = models.DateTimeField("適用日時", null=True)
    ordered_by = CityForeignKey("organisations.Person", verbose_name="適用を指示した職員", null=True, related_name="+")
    ordered_at = models.DateTimeField("適用を指示した日時", null=True)
    refused_for = models.CharField("適用できなかった理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "発令"
        constraints = (models.UniqueConstraint(fields=("city", "number"), name="transfer_number_once"),)

    def __str__(self) -> str:
        return self.number


class TransferLine(CityModel):
    """One line of the file as it was read: who, what action, to which post."""

    order = CityForeignKey(TransferOrder, verbose_name="発令", related_name="lines")
    line = models.PositiveIntegerField("行")
    number = models.CharField("職員番号", max_length=24)
    name = models.CharField("氏名", max_length=80, blank=True)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    action = models.CharField("発令区分", max_length=12)
    post_code = models.CharField("職コード", max_length=24, blank=True)

    class Meta:
        verbose_name = "発令の行"
        constraints = (models.UniqueConstraint(fields=("city", "order", "line"), name="transfer_line_once"),)
