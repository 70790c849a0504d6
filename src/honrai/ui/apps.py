"""Registers the app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and form fields."""

    name = "honrai.ui"
    label = "ui"
    verbose_name = "画面部品"
