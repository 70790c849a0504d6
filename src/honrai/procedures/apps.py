"""Registers the app."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Procedure packs and their versions."""

    name = "honrai.procedures"
    label = "procedures"
    verbose_name = "手続"
