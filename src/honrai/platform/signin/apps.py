"""Registers the app."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Sign-in, second factors, sessions."""

    name = "honrai.platform.signin"
    label = "signin"
    verbose_name = "サインイン"
