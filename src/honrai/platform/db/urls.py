"""Turns a PostgreSQL URL into Django's database setting."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def django_database(url: str) -> dict[str, Any]:
    """Return Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`.

    A `host` option (a socket folder) wins over the host part; every other option goes to libpq as it is.

    Raises:
        ValueError: the URL is not a PostgreSQL URL or names no database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError(f"DATABASE_URL must look like postgresql://user@host/name, not {parts.scheme}://…{parts.path}")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
