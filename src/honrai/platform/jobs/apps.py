"""Registers the app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs, their retries, and those that gave up."""

    name = "honrai.platform.jobs"
    label = "jobs"
    verbose_name = "処理"
