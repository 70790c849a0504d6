"""What an installation is told from outside: environment variables, read once, checked, typed.

A demo (`honrai run` with nothing set) makes its own secrets in `var/`; production must be given them.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one installation.

    Attributes:
        mode: "demo" (embedded database, made-up city allowed) or "production".
        var: folder for everything written: database, files, secrets of a demo.
        database_url: connection of the run-time role; empty: the embedded server.
        owner_url: connection that may become the owner role; for migrations only.
        backup_url: connection of the backup role.
        secret_key: signs sessions.
        files_key: encrypts stored files (32 bytes, hex).
        audit_key: signs audit heads; lives outside the database (32 bytes, hex).
        backup_key: encrypts archives (32 bytes, hex); empty: the files key.
        hosts: host names that are answered.
        tls: the site is reached by https only.
        files_url: where files go: `file:///folder` or `s3://key:secret@host/bucket`.
        smtp_url: `smtp://user:password@host:port`; empty: letters by mail are refused.
        mail_from: address mails come from.
        clamd: socket of the malware scanner; empty only outside production.
        debug: never in production.
        log_file: where the technical log is appended; empty: standard error.
        scans_url: folder or bucket scanners write into, `file:///folder` or `s3://…`; empty: none is watched.
        syslog: `udp://host:port` or `unix:///path` the technical log is sent to as well; empty: none.
        metrics_from: addresses or networks that may read `/metrics`.
        oidc: identity providers by city code: server_url, client_id, secret, name, number_claim (holds the 職員番号).
    """

    mode: Literal["demo", "production"]
    var: Path
    database_url: str
    owner_url: str
    backup_url: str
    secret_key: str
    files_key: str
    audit_key: str
    backup_key: str
    hosts: tuple[str, ...]
    tls: bool
    files_url: str
    smtp_url: str
    mail_from: str
    clamd: str
    debug: bool
    log_file: str = ""
    syslog: str = ""
    scans_url: str = ""
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1")
    oidc: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """True where the installation runs its own PostgreSQL."""
        return not self.database_url


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """Read the configuration from the environment (see docs/reference/settings.md for every variable)."""
    env = os.environ if environment is None else environment
    mode: Literal["demo", "production"] = "production" if env.get("HONRAI_MODE") == "production" else "demo"
    var = Path(env.get("HONRAI_VAR", "var")).resolve()
    own = {} if mode == "production" else _demo_secrets(var)
    return Config(
        mode=mode,
        var=var,
        database_url=env.get("DATABASE_URL", ""),
        owner_url=env.get("DATABASE_OWNER_URL", ""),
        backup_url=env.get("DATABASE_BACKUP_URL", ""),
        secret_key=env.get("HONRAI_SECRET_KEY", own.get("secret_key", "")),
        files_key=env.get("HONRAI_FILES_KEY", own.get("files_key", "")),
        audit_key=env.get("HONRAI_AUDIT_KEY", own.get("audit_key", "")),
        backup_key=env.get("HONRAI_BACKUP_KEY", ""),
        hosts=tuple(
            env.get("HONRAI_HOSTS", "" if mode == "production" else "localhost,127.0.0.1,.localhost").split(",")
        ),
        tls=env.get("HONRAI_TLS", "1" if mode == "production" else "0") == "1",
        files_url=env.get("HONRAI_FILES_URL", f"file://{var / 'files'}"),
        smtp_url=env.get("HONRAI_SMTP_URL", ""),
        mail_from=env.get("HONRAI_MAIL_FROM", "honrai@localhost"),
        clamd=env.get("HONRAI_CLAMD", ""),
        debug=env.get("HONRAI_DEBUG", "0") == "1",
        log_file=env.get("HONRAI_LOG_FILE", ""),
        syslog=env.get("HONRAI_SYSLOG", ""),
        scans_url=env.get("HONRAI_SCANS_URL", ""),
        metrics_from=_networks(env.get("HONRAI_METRICS_FROM", "127.0.0.0/8,::1")),
        oidc=json.loads(env.get("HONRAI_OIDC", "{}")),
    )


def _networks(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _demo_secrets(var: Path) -> dict[str, str]:
    """Return the demo's secrets, made once and kept in `var/secrets.json`, readable by its owner only."""
    path = var / "secrets.json"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_hex(32) for name in ("secret_key", "files_key", "audit_key")}
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(made), encoding="utf-8")
        try:
            os.link(fresh, path)  # the first process wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
