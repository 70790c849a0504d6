"""What is known of a stored file; its bytes lie encrypted in the store."""

from django.db import models

from honrai.platform.cities.models import CityModel


class StoredFile(CityModel):
    """One file of a city: one object in the store, under a random name that nobody can guess or reuse."""

    stored_as = models.CharField("保管名", max_length=60)
    sha256 = models.CharField("内容の要約値", max_length=64)
    size = models.BigIntegerField("バイト数")
    media_type = models.CharField("種類", max_length=80)
    name = models.CharField("ファイル名", max_length=200)
    scanned = models.BooleanField("検査済み")
    at = models.DateTimeField("保管日時")

    class Meta:
        verbose_name = "ファイル"
        indexes = (models.Index(fields=("city", "sha256"), name="files_by_content"),)
