"""Which version is in force, and the pack of a version, read once a process."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import NotFound
from honrai.platform.cities.memory import once
from honrai.procedures.models import PackVersion
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_zip


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: `effective_to` is the first day it is no longer in force."""

    id: int
    code: str
    number: int
    title: str
    owner: str
    nature: str
    address: str
    effective_from: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class Runnable:
    """A version ready to run: its pack and its compiled flow."""

    version: Version
    pack: Pack
    flow: flow_engine.Flow


def in_force(on: date) -> list[Version]:
    """Return the city's versions in force on a day, by title."""
    return [_version(row) for row in _on(on).order_by("title").defer("archive")]


def version_on(code: str, on: date) -> Version:
    """Return the version of a procedure in force on a day.

    Raises:
        NotFound: none is.
    """
    row = _on(on).filter(code=code).defer("archive").first()
    if row is None:
        raise NotFound("この手続は今は受け付けていません。窓口にお問い合わせください")
    return _version(row)


def runnable(version: int) -> Runnable:
    """Return a version ready to run; packs are immutable, so each is read and compiled once a process.

    Raises:
        NotFound: no such version in this city.
    """
    row = _row(version)
    if row is None:
        raise NotFound("手続の版が見つかりません")
    pack, flow = _compiled(row.address, version)
    return Runnable(_version(row), pack, flow)


def pack_of(row: PackVersion) -> Pack:
    """Return the pack of a version, read once a process."""
    return _compiled(row.address, row.pk)[0]


def flow_of(row: PackVersion) -> flow_engine.Flow:
    """Return the compiled flow of a version, read once a process."""
    return _compiled(row.address, row.pk)[1]


def files_of(version: int) -> dict[str, bytes]:
    """Return the files of a version, e.g. to download it as a zip."""
    return dict(runnable(version).pack.files)


@once
def _row(version: int) -> PackVersion | None:
    return PackVersion.objects.filter(pk=version).defer("archive").first()


@lru_cache(maxsize=256)
def _compiled(address: str, version: int) -> tuple[Pack, flow_engine.Flow]:
    """Read the archive; keyed by content, so that two cities on the same pack share the work."""
    pack = read_zip(bytes(PackVersion.objects.only("archive").get(pk=version).archive)).unwrap()
    return pack, flow_engine.executable(flow_engine.read(pack.flow))


def _on(day: date) -> QuerySet[PackVersion]:
    open_ended = Q(effective_to__isnull=True) | Q(effective_to__gt=day)
    return PackVersion.objects.filter(open_ended, contract__isnull=True, effective_from__lte=day)


def _version(row: PackVersion) -> Version:
    dates = (row.effective_from, row.effective_to)
    return Version(row.pk, row.code, row.number, row.title, row.owner, row.nature, row.address, *dates)
