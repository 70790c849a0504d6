"""Registers the app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Screens of the staff desk."""

    name = "honrai.desk"
    label = "desk"
    verbose_name = "作業画面"
