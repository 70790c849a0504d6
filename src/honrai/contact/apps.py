"""Registers the app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Letters and their output."""

    name = "honrai.contact"
    label = "contact"
    verbose_name = "文書の発送"
