"""Registers the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts people sign in with."""

    name = "honrai.platform.accounts"
    label = "accounts"
    verbose_name = "利用者"
