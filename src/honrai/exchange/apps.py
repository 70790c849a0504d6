"""Registers the app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Loads, outgoing entries, proof of landing."""

    name = "honrai.exchange"
    label = "exchange"
    verbose_name = "データ連携"
