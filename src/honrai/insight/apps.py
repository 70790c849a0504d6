"""Registers the app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Reports, self-audit and measured effect."""

    name = "honrai.insight"
    label = "insight"
    verbose_name = "報告と効果"
