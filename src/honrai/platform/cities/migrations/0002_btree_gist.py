"""Lets exclusion constraints compare keys with = beside ranges with &&."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_initial")]
    operations = [BtreeGistExtension()]
