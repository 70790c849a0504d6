"""Registers the app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Residents, households, ledgers, the search for a person."""

    name = "honrai.parties"
    label = "parties"
    verbose_name = "住民"
