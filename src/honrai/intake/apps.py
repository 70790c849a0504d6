"""Registers the app."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Applications."""

    name = "honrai.intake"
    label = "intake"
    verbose_name = "受付"
