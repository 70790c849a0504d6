"""Registers the app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payee accounts, payables, orders of payment, files, results."""

    name = "honrai.payments"
    label = "payments"
    verbose_name = "支払"
