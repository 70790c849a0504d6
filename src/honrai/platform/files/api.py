"""Storing and fetching files. Who may fetch one is the chapter's business that holds its key; every fetch goes through it."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import transaction

from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Who, record
from honrai.platform.files.models import StoredFile
from honrai.platform.files.rules import (
    ATTACHMENTS,
    MEGABYTE,
    Limits,
    UnwelcomeFileError,
    content_hash,
    media_type,
    welcome,
)
from honrai.platform.files.scanner import MalwareError, ScannerDownError, scan
from honrai.platform.files.stores import BucketStore, EncryptedStore, FileLostError, open_store

__all__ = [
    "ATTACHMENTS",
    "MEGABYTE",
    "FileInfo",
    "FileLostError",
    "Limits",
    "MalwareError",
    "ScannerDownError",
    "UnwelcomeFileError",
    "bucket",
    "fetch",
    "info",
    "infos",
    "media_type",
    "remove",
    "remove_all",
    "store",
]


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What is known of a stored file."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime


def store(content: bytes, *, name: str, limits: Limits, who: Who, now: datetime) -> FileInfo:
    """Take a file in: check it, scan it, encrypt and store it, record it.

    Args:
        content: the bytes.
        name: the name it came with, for people only; folders in it are dropped.
        limits: accepted types and size.
        who: who sent it.
        now: the moment.

    Raises:
        UnwelcomeFileError: empty, too large, or a type not accepted.
        MalwareError: the scanner found something.
        ScannerDownError: the scanner does not answer.
    """
    kind = welcome(content, limits)
    if settings.CONFIG.clamd:
        scan(settings.CONFIG.clamd, content)
    digest = content_hash(content)
    stored_as = f"{current_city()}/{secrets.token_hex(16)}"
    _store().put(stored_as, content)
    row = StoredFile.objects.create(
        stored_as=stored_as,
        sha256=digest,
        size=len(content),
        media_type=kind,
        name=name.replace("\\", "/").rpartition("/")[2][:200],
        scanned=bool(settings.CONFIG.clamd),
        at=now,
    )
    record("files.stored", who=who, now=now, subject=("file", row.pk), data={"sha256": digest, "size": len(content)})
    return _info(row)


def info(file: int) -> FileInfo:
    """Return what is known of a file of the current city."""
    return _info(StoredFile.objects.get(pk=file))


def infos(keys: Collection[int]) -> dict[int, FileInfo]:
    """Return what is known of several files, by key; unknown keys are left out. One query."""
    return {row.pk: _info(row) for row in StoredFile.objects.filter(pk__in=keys)}


def fetch(file: int, *, who: Who, now: datetime, case: int | None = None) -> tuple[FileInfo, bytes]:
    """Return a file with its bytes, and record that it was read.

    The caller has checked that `who` may see it.

    Raises:
        FileLostError: the store lost or changed it.
    """
    row = StoredFile.objects.get(pk=file)
    record("files.read", who=who, now=now, subject=("file", file), case=case)
    return _info(row), _store().get(row.stored_as)


def remove(file: int, *, who: Who, now: datetime) -> None:
    """Dispose of a file; its bytes go once the disposal is committed."""
    row = StoredFile.objects.get(pk=file)
    record("files.disposed", who=who, now=now, subject=("file", file), data={"sha256": row.sha256})
    row.delete()
    transaction.on_commit(lambda: _store().remove(row.stored_as))


def remove_all(keys: Collection[int], *, who: Who, now: datetime) -> int:
    """Dispose of files, leaving out what is gone already; return how many went."""
    found = list(StoredFile.objects.filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True))
    for file in found:
        remove(file, who=who, now=now)
    return len(found)


def bucket(url: str) -> BucketStore:
    """Return a bucket of others as it stands, unencrypted: what scanners and core systems write into."""
    return BucketStore(url)


@cache
def _store() -> EncryptedStore:
    return open_store(settings.CONFIG.files_url, settings.CONFIG.files_key)


def _info(row: StoredFile) -> FileInfo:
    return FileInfo(row.pk, row.name, row.media_type, row.size, row.sha256, row.at)
