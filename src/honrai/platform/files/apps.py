"""Registers the app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files."""

    name = "honrai.platform.files"
    label = "files"
    verbose_name = "ファイル"
