"""Registers the app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, tasks, deficiencies, decisions."""

    name = "honrai.cases"
    label = "cases"
    verbose_name = "案件"
