"""Registers the app."""

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    """Cities and the host names they answer to."""

    name = "honrai.platform.cities"
    label = "cities"
    verbose_name = "市"
