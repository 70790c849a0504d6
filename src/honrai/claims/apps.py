"""Registers the app."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Medical claims: read, verify, adjudicate, settle."""

    name = "honrai.claims"
    label = "claims"
    verbose_name = "医療費請求"
