"""The city, its host names, and the base of every table of city data."""

from typing import Any, ClassVar

from django.db import models

from honrai.platform.cities.tenancy import current_city


class City(models.Model):
    """One municipality. Its code is the 団体コード (six digits, check digit last)."""

    code = models.CharField("団体コード", max_length=6, unique=True)
    name = models.CharField("市名", max_length=40)
    settings = models.JSONField("市の設定", default=dict, blank=True)

    class Meta:
        verbose_name = "市"

    def __str__(self) -> str:
        return self.name


class CityHost(models.Model):
    """A host name that leads to a city before anyone has signed in."""

    host = models.CharField("ホスト名", max_length=253, unique=True)
    city = models.ForeignKey(City, verbose_name="市", on_delete=models.CASCADE, related_name="hosts")

    class Meta:
        verbose_name = "市のホスト名"


class CityForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A reference between two tables of city data.

    The database constraint is `(city, id)`, made by `platform.cities.guards`, so a row can never point into another
    city. Django's own single-column constraint is left out.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)


class CityModel(models.Model):
    """A row of city data: guarded by row-level security, keyed by `(city, id)`.

    `app_grants` names what the run-time role may do with the table; narrow it where rows are append-only.
    """

    app_grants: ClassVar[str] = "SELECT, INSERT, UPDATE, DELETE"

    city = models.ForeignKey(
        City,
        verbose_name="市",
        on_delete=models.PROTECT,
        default=current_city,
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True


class BulkCityModel(CityModel):
    """A row of city data that comes by the million: its references are proved once per statement, not once per row.

    The guards put a trigger in the place of each foreign key (`platform.cities.guards`): that the city of the transaction
    exists (row security makes it the city of every row), and that what the rows of a statement point to is there and stays.
    Worth it where the rows of a statement point to few others.
    """

    city = models.ForeignKey(
        City,
        verbose_name="市",
        on_delete=models.PROTECT,
        default=current_city,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        abstract = True
