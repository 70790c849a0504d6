"""Publishing life events, and which are offered on a day."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from honrai.intake.life_events.events import DefinitionPublished
from honrai.intake.life_events.models import Definition
from honrai.intake.life_events.rules.checking import check_event
from honrai.intake.life_events.rules.definition import LifeEvent
from honrai.intake.life_events.rules.reading import read_event
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind, NotFound
from honrai.platform.events.api import announce
from honrai.procedures import api as procedures


@dataclass(frozen=True, slots=True)
class Offer:
    """One life event as people choose it."""

    id: int
    code: str
    title: str
    lead: str


def publish(*, file: str, content: bytes, actor: Actor, now: datetime) -> int:
    """Publish a life event as the next version of its code and return the version's key; the same content changes nothing.

    It is checked against the procedures in force on the day it begins.

    Args:
        file: name of the file, for what is told.
        content: the YAML.
        actor: staff of the city, or the installation; a contractor publishes no offer of the city.
        now: the moment.

    Raises:
        Invalid: the file is not whole; each problem with file, element and remedy.
        Conflict: it would begin on or before the version offered now.
        Denied: not for this actor.
    """
    if actor.kind not in (Kind.STAFF, Kind.SYSTEM):
        raise Denied("ライフイベントを公開できるのは市の職員だけです")
    event = check(file, content, now.date())
    address = hashlib.sha256(content).hexdigest()
    last = Definition.objects.select_for_update().filter(code=event.code).order_by("-number").first()
    if last is not None and last.address == address:
        return int(last.pk)
    if last is not None:
        if event.effective_from <= last.effective_from:
            raise Conflict(f"第{last.number}版が{last.effective_from}から始まります。施行日をそれより後にしてください")
        last.effective_to = event.effective_from
        last.save(update_fields=["effective_to"])
    row = Definition.objects.create(
        code=event.code,
        number=last.number + 1 if last else 1,
        title=event.title,
        lead=event.lead,
        content=content,
        address=address,
        effective_from=event.effective_from,
        published_at=now,
    )
    told = DefinitionPublished(definition=row.pk, code=row.code, number=row.number, address=address)
    announce(told, who=actor.who, now=now, subject=("life_event", row.pk))
    return int(row.pk)


def check(file: str, content: bytes, today: date) -> LifeEvent:
    """Return a life event that fits the procedures in force.

    Raises:
        Invalid: lists file, element and remedy of each problem.
    """
    event, problems = read_event(file, content)
    if not problems:
        on = max(today, event.effective_from)
        packs = {one.code: procedures.runnable(one.id).pack for one in procedures.in_force(on)}
        problems = check_event(file, event, packs)
    if problems:
        raise Invalid("ライフイベントに誤りがあります。\n" + "\n".join(str(problem) for problem in problems[:20]))
    return event


def offered(on: date) -> Sequence[Offer]:
    """Return the life events offered on a day, in the order they were first published."""
    rows = _on(on).order_by("pk").values_list("pk", "code", "title", "lead")
    return [Offer(*row) for row in rows]


def offered_as(code: str, on: date) -> Definition:
    """Return the version of a life event offered on a day.

    Raises:
        NotFound: none is.
    """
    row = _on(on).filter(code=code).defer("content").first()
    if row is None:
        raise NotFound("この案内は今は使えません。手続の一覧から選んでください")
    return row


def event_of(definition: int) -> LifeEvent:
    """Return a published life event; immutable, so each is read once a process."""
    address = Definition.objects.values_list("address", flat=True).get(pk=definition)
    return _read(address, definition)


@lru_cache(maxsize=64)
def _read(address: str, definition: int) -> LifeEvent:
    row = Definition.objects.only("content", "code").get(pk=definition)
    return read_event(row.code, bytes(row.content))[0]


def _on(day: date) -> QuerySet[Definition]:
    open_ended = Q(effective_to__isnull=True) | Q(effective_to__gt=day)
    return Definition.objects.filter(open_ended, effective_from__lte=day)
