"""How every chapter records what happened and what follows from it.

    entry = announce(CaseOpened(case=case.id), who=actor.who, now=now, subject=("case", case.id), case=case.id)

`record` only writes (reads of personal records, refusals, sign-ins); `announce` writes a typed event and sets off what
`site/wiring.py` says: subscribers marked *now* run in this transaction, those marked *later* get one job each.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, cast

from django.db import connection
from django.db.models import Q

from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.models import Change, LogEntry
from honrai.platform.events.rules import canonical, change_digest, entry_digest

Kind = Literal["staff", "contractor", "applicant", "robot", "system"]
Subject = tuple[str, int | None]
Operation = Callable[["Announced"], None]


@dataclass(frozen=True, slots=True)
class Who:
    """Who did it: the kind of actor, the person and account where known, and the terminal or address it came from."""

    kind: Kind
    person: int | None = None
    account: int | None = None
    place: str = ""


SYSTEM = Who("system")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of a chapter's typed events (in its `events.py`). Fields hold ids, codes and dates, never names or free text."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as its subscribers get it: the entry's key, the event, the circumstances, the values after it."""

    entry: int
    name: str
    data: Mapping[str, Any]
    at: datetime
    who: Who
    subject: Subject
    case: int | None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Follow:
    """One row of the wiring: after `event`, run `operation`, now (same transaction) or later (a job)."""

    event: str
    operation: Operation
    when: Literal["now", "later"]

    @property
    def key(self) -> str:
        """The name under which a later delivery finds the operation again."""
        return f"{self.operation.__module__}.{self.operation.__qualname__}"


_follows: dict[str, list[Follow]] = {}
_defer: list[Callable[[int, int, str, int | None], None]] = []


def wire(follows: Sequence[Follow], defer: Callable[[int, int, str, int | None], None]) -> None:
    """Install the wiring table once at start; `defer(city, entry, subscriber, case)` enqueues a later delivery."""
    _follows.clear()
    for follow in follows:
        _follows.setdefault(follow.event, []).append(follow)
    _defer[:] = [defer]


def wiring() -> list[Follow]:
    """Return all rows of the wiring, by event."""
    return [follow for rows in _follows.values() for follow in rows]


def record(
    name: str,
    *,
    who: Who,
    now: datetime,
    subject: Subject,
    case: int | None = None,
    data: Mapping[str, Any] | None = None,
    before: Any = None,
    after: Any = None,
) -> int:
    """Write one entry to the log of the current city and return its key.

    Args:
        name: `chapter.what_happened`, e.g. "parties.person_read".
        who: the actor and where from.
        now: the moment, with zone.
        subject: kind and key of what it is about; a list read is one entry with the ids shown in `data`.
        case: the case whose timeline shows it.
        data: ids, codes, dates; never names or free text (those go to `before`/`after`, which can be erased).
        before: values before the act, JSON-able; None where nothing was there.
        after: values after the act.
    """
    before, after, data = (json.loads(canonical(value)) for value in (before, after, dict(data or {})))
    changed = None if before is None and after is None else change_digest(before, after)
    entry = LogEntry(
        at=now,
        name=name,
        who_kind=who.kind,
        who_person=who.person,
        who_account=who.account,
        place=who.place[:80],
        subject_kind=subject[0],
        subject_id=subject[1],
        case_id=case,
        data=data,
        change_digest=changed,
    )
    entry.digest = entry_digest(covered_fields(entry), changed)
    entry.save(force_insert=True)
    if changed is not None:
        Change(entry_id=entry.pk, before=before, after=after).save(force_insert=True)
    return int(entry.pk)


def covered_fields(entry: LogEntry) -> dict[str, Any]:
    """Return the fields of an entry that its digest covers (all but key, transaction and the digests themselves)."""
    names = (
        "city_id",
        "at",
        "name",
        "who_kind",
        "who_person",
        "who_account",
        "place",
        "subject_kind",
        "subject_id",
        "case_id",
    )
    return {name: getattr(entry, name) for name in names} | {"data": entry.data}


def how_many(name: str, *, since: datetime, until: datetime, **data: Any) -> int:
    """Return how many entries of a name the current city's log holds from `since` to before `until`.

    Args:
        name: exact name, e.g. "signin.refused".
        since: first moment.
        until: first moment no longer counted.
        data: values the entry's `data` must contain.
    """
    return LogEntry.objects.filter(name=name, at__gte=since, at__lt=until, data__contains=data).count()


def dispose_changes(*, cases: Collection[int] = (), subjects: Collection[Subject] = (), who: Who, now: datetime) -> int:
    """Erase the values before and after that the log keeps of some cases and things; return how many went.

    The entries themselves stay with their digests, so that the chain still verifies; the erasure is an entry of its own that
    names them. Only disposal may call this: what is erased is gone.

    Args:
        cases: keys of cases; values of every entry on their timelines go.
        subjects: further things by kind and key.
        who: who disposes.
        now: the moment.
    """
    about = Q(case_id__in=list(cases))
    for kind, key in subjects:
        about |= Q(subject_kind=kind, subject_id=key)
    changes = Change.objects.filter(entry__in=LogEntry.objects.filter(about))
    entries = sorted(changes.values_list("entry_id", flat=True))
    if entries:
        record("events.changes_disposed", who=who, now=now, subject=("log", None), data={"disposed_entries": entries})
        Change.objects.filter(entry_id__in=entries).delete()
    return len(entries)


def announce(
    event: Event,
    *,
    who: Who,
    now: datetime,
    subject: Subject,
    case: int | None = None,
    before: Any = None,
    after: Any = None,
) -> int:
    """Record a typed event and set off what follows it; return the entry's key.

    Subscribers marked *now* run here, in this transaction: when one raises, all is undone. Those marked *later* are
    enqueued in this transaction and run once each after it commits.
    """
    data = asdict(event)
    entry = record(event.name, who=who, now=now, subject=subject, case=case, data=data, before=before, after=after)
    announced = Announced(entry, event.name, data, now, who, subject, case, after)
    for follow in _follows.get(event.name, ()):
        if follow.when == "now":
            follow.operation(announced)
        else:
            _defer[0](current_city(), entry, follow.key, case)
    return entry


def deliver(entry_key: int, subscriber: str, *, now: datetime) -> bool:
    """Run one subscriber for one event unless it has had it; call inside `in_city`. Returns False when it had.

    Raises:
        LookupError: the wiring has no such subscriber (it was removed while jobs were waiting).
    """
    entry = LogEntry.objects.get(pk=entry_key)
    operation = next((f.operation for f in _follows.get(entry.name, ()) if f.key == subscriber), None)
    if operation is None:
        raise LookupError(f"{subscriber} does not follow {entry.name} in site/wiring.py")
    if not _first_time(entry_key, subscriber, now):
        return False
    who = Who(cast("Kind", entry.who_kind), entry.who_person, entry.who_account, entry.place)
    change = Change.objects.filter(entry=entry).first()
    subject = (entry.subject_kind, entry.subject_id)
    after = change.after if change else None
    operation(Announced(entry.pk, entry.name, entry.data, entry.at, who, subject, entry.case_id, after))
    return True


def _first_time(entry_key: int, subscriber: str, now: datetime) -> bool:
    """Insert the delivery row; False where it is there already (a second job waits here until the first one commits)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_delivery (city_id, entry_id, subscriber, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [current_city(), entry_key, subscriber, now],
        )
        return bool(cursor.rowcount == 1)
