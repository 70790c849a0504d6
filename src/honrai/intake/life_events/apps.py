"""Registers the app."""

from django.apps import AppConfig


class LifeEventsConfig(AppConfig):
    """Life events."""

    name = "honrai.intake.life_events"
    label = "life_events"
    verbose_name = "ライフイベント"
