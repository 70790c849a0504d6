"""Publishing versions of packs."""

from collections.abc import Mapping
from datetime import date, datetime

from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce
from honrai.procedures.events import VersionPublished
from honrai.procedures.models import PackVersion
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack
from honrai.procedures.rules.sources import zip_of_files


def publish(*, files: Mapping[str, bytes], actor: Actor, now: datetime, contract: int | None = None) -> int:
    """Publish a pack as the next version of its procedure and return the version's key.

    The version in force before ends the day this one begins. Publishing content that is in force already changes nothing.

    Args:
        files: the pack, file name -> content.
        actor: who publishes; drafts reach this only through the gate and a 決裁.
        now: the moment.
        contract: the contract whose inner pack it is; None for a city pack.

    Raises:
        Invalid: the pack is not whole; the message lists file, element and remedy of each problem.
        Conflict: it would begin on or before a version that is in force or announced.
    """
    reading = read_pack(files)
    if reading.problems:
        raise Invalid("手続パックに誤りがあります。\n" + "\n".join(str(problem) for problem in reading.problems[:20]))
    pack = reading.unwrap()
    last = PackVersion.objects.filter(code=pack.identity.code, contract=contract).order_by("-number").first()
    if last is not None and last.address == pack.address:
        return int(last.pk)
    if last is not None:
        _end(last, pack.identity.effective_from)
    return _insert(pack, last, contract, actor, now)


def _end(last: PackVersion, day: date) -> None:
    if day <= last.effective_from:
        raise Conflict(
            f"第{last.number}版が{last.effective_from}から施行されます。新しい版の施行日はそれより後にしてください"
        )
    last.effective_to = day
    last.save(update_fields=["effective_to"])


def _insert(pack: Pack, last: PackVersion | None, contract: int | None, actor: Actor, now: datetime) -> int:
    row = PackVersion.objects.create(
        code=pack.identity.code,
        number=last.number + 1 if last else 1,
        title=pack.identity.title,
        owner=pack.identity.owner,
        nature=pack.identity.nature,
        contract=contract,
        address=pack.address,
        archive=zip_of_files(pack.files),
        effective_from=pack.identity.effective_from,
        effective_to=pack.identity.effective_to,
        published_at=now,
    )
    event = VersionPublished(version=row.pk, code=row.code, number=row.number, address=row.address)
    announce(event, who=actor.who, now=now, subject=("pack", row.pk))
    return int(row.pk)
