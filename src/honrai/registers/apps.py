"""Registers the app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Masters other systems keep and we look things up in; number series."""

    name = "honrai.registers"
    label = "registers"
    verbose_name = "台帳・マスタ"
