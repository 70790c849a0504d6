"""Registers the app."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Units, posts, contracts, teams, people."""

    name = "honrai.platform.organisations"
    label = "organisations"
    verbose_name = "組織"
