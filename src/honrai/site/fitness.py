"""What makes an installation unfit for production, each point with its mend. `honrai doctor` prints it, `serve` refuses by it."""

from collections.abc import Iterator
from dataclasses import dataclass

from honrai.site.config import Config


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the configuration, and how to mend it."""

    wrong: str
    mend: str


def problems(config: Config) -> list[Problem]:
    """Return what makes this configuration unfit for production; nothing for a demo."""
    return list(_production(config)) if config.mode == "production" else []


def _production(config: Config) -> Iterator[Problem]:
    if config.embedded:
        yield Problem("the embedded PostgreSQL is for demos", "set DATABASE_URL to a PostgreSQL 15 or newer")
    elif "://honrai_owner@" in config.database_url or "://postgres@" in config.database_url:
        yield Problem("DATABASE_URL uses an owner or superuser role", "use the role honrai_app")
    if config.debug:
        yield Problem("HONRAI_DEBUG is on", "unset HONRAI_DEBUG")
    if not config.tls:
        yield Problem("no TLS", "put the site behind https and unset HONRAI_TLS (or set it to 1)")
    if not any(config.hosts):
        yield Problem("no host names", "set HONRAI_HOSTS to the names of the cities' sites, separated by commas")
    yield from _secrets(config)
    if not config.clamd:
        yield Problem("no malware scanner", "set HONRAI_CLAMD to the socket of clamd")
    if not config.smtp_url:
        yield Problem("no mail server", "set HONRAI_SMTP_URL, e.g. smtp://user:password@mail.example.lg.jp:587")


def _secrets(config: Config) -> Iterator[Problem]:
    for name, value in (
        ("HONRAI_SECRET_KEY", config.secret_key),
        ("HONRAI_FILES_KEY", config.files_key),
        ("HONRAI_AUDIT_KEY", config.audit_key),
    ):
        if len(value) < 64 or len(set(value)) < 8:
            yield Problem(f"{name} is missing or weak", f"set {name} to the output of: openssl rand -hex 32")
