"""Registers the app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Event log, audit chain and outbox."""

    name = "honrai.platform.events"
    label = "events"
    verbose_name = "記録"
