"""Registers the app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """How long things are kept, what may not be disposed of, what was disposed of, and what a contract gave back."""

    name = "honrai.platform.privacy"
    label = "privacy"
    verbose_name = "個人情報"
