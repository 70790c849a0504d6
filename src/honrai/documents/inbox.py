"""The watched folder or bucket scanners write into: `CITY CODE/LABEL OF THE BUNDLE/anything.pdf`.

A file whose folder names no bundle must begin with the bundle's cover sheet. What was taken in goes to `done/`, what could not be
to `quarantine/`; a worker that dies between finds the file again and its contents in the bundle already.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

from honrai.documents.labels import Label, read_label
from honrai.documents.models import Container
from honrai.documents.operations.scanning import take_in
from honrai.documents.recognition.pages import Unreadable, open_pages
from honrai.documents.recognition.registering import read_code
from honrai.documents.screening import check_harmless
from honrai.platform.authority.api import Actor, system_actor
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Refusal
from honrai.platform.files.api import MalwareError, ScannerDownError, bucket

#: A file still being written changes; one this old does not.
_SETTLED = timedelta(seconds=5)
DONE, ASIDE = "done", "quarantine"


class Inbox(Protocol):
    """Where files wait."""

    def names(self, now: datetime) -> list[str]:
        """Return what waits, complete files only, in order."""

    def get(self, name: str) -> bytes:
        """Return the bytes of a file."""

    def put_away(self, name: str, where: str) -> None:
        """Move a file to `done/` or `quarantine/`."""


@dataclass(frozen=True, slots=True)
class FolderInbox:
    """A folder scanners write into, over the network or not."""

    folder: Path

    def names(self, now: datetime) -> list[str]:
        """See `Inbox`."""
        before = (now - _SETTLED).timestamp()
        found = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]
        waiting = [path.relative_to(self.folder) for path in found if path.stat().st_mtime <= before]
        return sorted(str(path) for path in waiting if path.parts[0] not in (DONE, ASIDE))

    def get(self, name: str) -> bytes:
        """See `Inbox`."""
        return (self.folder / name).read_bytes()

    def put_away(self, name: str, where: str) -> None:
        """See `Inbox`."""
        target = self.folder / where / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).replace(target)


class BucketInbox:
    """An S3 bucket scanners write into; an object is there whole or not at all."""

    def __init__(self, url: str) -> None:
        self._store = bucket(url)

    def names(self, now: datetime) -> list[str]:
        """See `Inbox`."""
        return [name for name in self._store.names() if name.partition("/")[0] not in (DONE, ASIDE)]

    def get(self, name: str) -> bytes:
        """See `Inbox`."""
        return self._store.get(name)

    def put_away(self, name: str, where: str) -> None:
        """See `Inbox`."""
        self._store.put(f"{where}/{name}", self._store.get(name))
        self._store.remove(name)


def open_inbox(url: str) -> Inbox:
    """Return the inbox a URL names: `file:///folder` or `s3://…`.

    Raises:
        ValueError: an unknown kind of URL.
    """
    kind = urlsplit(url).scheme
    if kind == "file":
        return FolderInbox(Path(unquote(urlsplit(url).path)))
    if kind in {"s3", "s3+http"}:
        return BucketInbox(url)
    raise ValueError(f"HONRAI_SCANS_URL must begin with file:// or s3://, not {kind}://")


def collect_city(city: int, *, now: datetime, inbox: Inbox | None = None) -> int:
    """Take in what waits for a city, each file in its own transaction; return how many files were taken away.

    Args:
        city: key of the city.
        now: the moment.
        inbox: another than the configured one.
    """
    if inbox is None and not settings.CONFIG.scans_url:
        return 0
    box = inbox or open_inbox(settings.CONFIG.scans_url)
    code = City.objects.values_list("code", flat=True).get(pk=city)
    mine = [name for name in box.names(now) if name.partition("/")[0] == code]
    for name in mine:
        with in_city(city):
            fine = _take(box.get(name), name, system_actor(city, now.date(), place="scans"), now)
        box.put_away(name, DONE if fine else ASIDE)
    return len(mine)


def _take(content: bytes, name: str, actor: Actor, now: datetime) -> bool:
    try:
        label = _label(name, content)
        row = Container.objects.filter(code=label.container, kind="bundle").first() if label is not None else None
        if row is None:
            return False
        scan = take_in(batch=row.pk, content=content, name=name, source="folder", actor=actor, now=now)
    except (Refusal, Unreadable, MalwareError, ScannerDownError):
        return False
    return not scan.fault


def _label(name: str, content: bytes) -> Label | None:
    """Return the bundle a file names: by its folder, else by its cover sheet."""
    named = [label for part in name.split("/")[1:-1] if (label := read_label(part)) is not None]
    if named:
        return named[-1]
    first = next(open_pages(content, check_harmless(content)), None)
    return read_label(read_code(first.image)) if first is not None else None
