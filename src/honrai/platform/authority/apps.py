"""Registers the app."""

from django.apps import AppConfig


class AuthorityConfig(AppConfig):
    """Acts, actors, 専決 levels."""

    name = "honrai.platform.authority"
    label = "authority"
    verbose_name = "権限"
