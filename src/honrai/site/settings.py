"""Django's settings. One file, no per-environment variants: what differs comes from `config`."""

import os
from datetime import timedelta
from pathlib import Path

from honrai.platform.db.postgres import Server
from honrai.platform.db.roles import APP
from honrai.platform.db.urls import django_database
from honrai.platform.operations.logs import logging_settings
from honrai.platform.signin.rules import Limits
from honrai.site.config import read_config

CONFIG = read_config()
HERE = Path(__file__).resolve().parent
HOUSE = HERE.parent

DEBUG = CONFIG.debug
LOGGING = logging_settings(file=CONFIG.log_file, syslog=CONFIG.syslog)
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
    "honrai.platform.signin.apps.SigninConfig",
    "honrai.platform.privacy.apps.PrivacyConfig",
    "django.contrib.postgres",
    "django.contrib.auth",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "honrai.ui.apps.UiConfig",
    "honrai.exchange.apps.ExchangeConfig",
    "honrai.registers.apps.RegistersConfig",
    "honrai.approvals.apps.ApprovalsConfig",
    "honrai.procedures.apps.ProceduresConfig",
    "honrai.parties.apps.PartiesConfig",
    "honrai.documents.apps.DocumentsConfig",
    "honrai.intake.apps.IntakeConfig",
    "honrai.intake.reception.apps.ReceptionConfig",
    "honrai.intake.life_events.apps.LifeEventsConfig",
    "honrai.cases.apps.CasesConfig",
    "honrai.insight.apps.InsightConfig",
    "honrai.contact.apps.ContactConfig",
    "honrai.payments.apps.PaymentsConfig",
    "honrai.renewals.apps.RenewalsConfig",
    "honrai.claims.apps.ClaimsConfig",
    "honrai.desk.apps.DeskConfig",
    "honrai.rest.apps.RestConfig",
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
    "honrai.platform.operations.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "honrai.ui.middleware.SecurityHeaders",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "honrai.platform.signin.middleware.CityGate",
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

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_LIMITS = Limits(lock_after=timedelta(minutes=15), end_after=timedelta(minutes=60), absolute=timedelta(hours=12))
SESSION_COOKIE_AGE = int(SESSION_LIMITS.absolute.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SEALING_KEY = CONFIG.files_key
CACHES = {  # shared by all processes: used one-time codes must be known to each
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "signin_cache"}
}

ACCOUNT_ADAPTER = "honrai.platform.signin.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "honrai.platform.signin.forms.SignInForm",
    "change_password": "honrai.platform.signin.forms.PasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = False  # a whole city hall sits behind one address; axes counts per login name
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "honrai.platform.signin.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "honrai.platform.signin.forms.CodeForm",
    "reauthenticate": "honrai.platform.signin.forms.CodeAgainForm",
    "activate_totp": "honrai.platform.signin.forms.ActivateCodeForm",
    "add_webauthn": "honrai.platform.signin.forms.KeyForm",
    "edit_webauthn": "honrai.platform.signin.forms.KeyNameForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Honrai"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.tls
SOCIALACCOUNT_ADAPTER = "honrai.platform.signin.adapters.OidcAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: a form's redirect to another site is stopped by our content policy
SOCIALACCOUNT_STORE_TOKENS = False
OIDC = CONFIG.oidc

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "honrai.platform.signin.lockout.login_name"
AXES_CLIENT_IP_CALLABLE = "honrai.platform.signin.lockout.address"
AXES_LOCKOUT_CALLABLE = "honrai.platform.signin.lockout.locked_page"
AXES_DISABLE_ACCESS_LOG = True  # our own log records sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = [
    "axes.W006"
]  # counted per login name alone: changing address or browser gives no further tries
CSRF_FAILURE_VIEW = "honrai.platform.signin.views.forged"

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
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked by machines beside the web server, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.tls else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
