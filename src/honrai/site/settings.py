"""Django's settings. One file, no per-environment variants: what differs comes from `config`."""

import os
from pathlib import Path

from honrai.platform.db.postgres import Server
from honrai.platform.db.roles import APP
from honrai.platform.db.urls import django_database
from honrai.site.config import read_config

CONFIG = read_config()
HERE = Path(__file__).resolve().parent
HOUSE = HERE.parent

DEBUG = CONFIG.debug
SECRET_KEY = CONFIG.secret_key
ALLOWED_HOSTS = list(CONFIG.hosts)
ROOT_URLCONF = "honrai.site.urls"
WSGI_APPLICATION = "honrai.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"

INSTALLED_APPS = [
    "honrai.platform.cities.apps.CitiesConfig",
    "honrai.platform.accounts.apps.AccountsConfig",
    "honrai.platform.events.apps.EventsConfig",
    "honrai.platform.jobs.apps.JobsConfig",
    "honrai.platform.files.apps.FilesConfig",
    "honrai.platform.authority.apps.AuthorityConfig",
    "honrai.platform.organisations.apps.OrganisationsConfig",
    "django.contrib.postgres",
    "honrai.ui.apps.UiConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django.forms",
    "procrastinate.contrib.django",
    "honrai.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "honrai.ui.middleware.SecurityHeaders",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "honrai.ui.context.frame",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
        },
    }
]

_app_url = CONFIG.database_url or Server(CONFIG.var / "postgres").url(APP, "honrai")
DATABASES = {"default": django_database(os.environ.get("HONRAI_DATABASE_URL_NOW", _app_url))}

FORM_RENDERER = "honrai.ui.forms.Renderer"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("fonts", HOUSE / "platform" / "typeset" / "fonts")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.tls
SECURE_SSL_REDIRECT = CONFIG.tls
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.tls else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
