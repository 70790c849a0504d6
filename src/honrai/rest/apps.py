"""Registers the app."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """Keys, answers kept for repeats, subscriptions."""

    name = "honrai.rest"
    label = "rest"
    verbose_name = "外部接続"
