"""Registers the app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Paper: custody, scans, recognition, verification."""

    name = "honrai.documents"
    label = "documents"
    verbose_name = "紙の書類"
