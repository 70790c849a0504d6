"""Registers the app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """起案文書, routes, stacks, document numbers."""

    name = "honrai.approvals"
    label = "approvals"
    verbose_name = "決裁"
