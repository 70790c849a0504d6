"""Registers the app."""

from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    """年次更新 and 現況届."""

    name = "honrai.renewals"
    label = "renewals"
    verbose_name = "年次更新"
