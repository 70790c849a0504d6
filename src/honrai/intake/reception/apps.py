"""Registers the app."""

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    """Reception by staff."""

    name = "honrai.intake.reception"
    label = "reception"
    verbose_name = "職員による受付"
