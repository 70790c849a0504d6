"""What the pages of approvals show, in words, and what the viewer may do there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from honrai.approvals import desks, permissions, queries, rules
from honrai.approvals.models import Document, Medium, Reading, RouteStep, Stack, State, StepKind
from honrai.approvals.operations.deciding import deputised_post, needed_rank
from honrai.platform.authority.api import Actor, NotFound, Rank, levels_on
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.organisations.api import display_names, organisation_on, units_above


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the route in words."""

    kind: str
    place: str
    person: str
    at: datetime | None
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a document's history."""

    at: datetime
    what: str
    person: str


@dataclass(frozen=True, slots=True)
class May:
    """What the viewer may do with a document now."""

    decide: bool
    deputy: bool
    agree: bool
    send_back: bool
    withdraw: bool
    see: bool
    hand_out: bool
    enter: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document as its page shows it."""

    row: Document
    code: str
    state: str
    rank: str
    medium: str
    unit: str
    drafter: str
    decider: str
    marks: tuple[str, ...]
    grounds: Sequence[rules.Ground]
    rules: Sequence[str]
    results: Sequence[tuple[str, str]]
    attachments: Sequence[files.FileInfo]
    stops: Sequence[Stop]
    history: Sequence[Moment]
    may: May


_LONGEST = 200
_SAID = {
    "approvals.drawn": "起案",
    "approvals.agreed": "回議・合議",
    "approvals.document_read": "閲読",
    "approvals.pulled_up": "引上げ",
    "approvals.pulled_out": "束から抜き出し",
    "approvals.seen_afterwards": "後閲",
}
_ENDS = {State.DECIDED: "決裁", State.RETURNED: "差戻し", State.WITHDRAWN: "取下げ"}


def visible_document(document: int, actor: Actor) -> Document:
    """Return a document the actor may see.

    Raises:
        NotFound: not in this city.
        Denied: not in the actor's line or route, or the actor's own case.
    """
    row = Document.objects.select_related("stack").filter(pk=document).first()
    if row is None:
        raise NotFound("起案文書が見つかりません。")
    steps = set(row.steps.values_list("unit", flat=True))
    permissions.check_can_see(actor, row, units_above(row.unit, actor.day), steps)
    return row


def sheet(row: Document, actor: Actor) -> Sheet:
    """Return the page of a document the actor may see."""
    steps = queries.steps_of([row.pk]).get(row.pk, [])
    entries = list(LogEntry.objects.filter(subject_kind="document", subject_id=row.pk).order_by("pk")[:_LONGEST])
    people = {row.drawn_by, row.decided_by, *(step.agreed_by for step in steps), *(one.who_person for one in entries)}
    names = display_names(actor, [person for person in people if person is not None], actor.day)
    units = desks.unit_names(actor)
    return Sheet(
        row=row,
        code=rules.paper_code(row.pk),
        state=State(row.state).label,
        rank=rules.deciding_label(Rank(row.rank)),
        medium=Medium(row.medium).label,
        unit=units.get(row.unit, ""),
        drafter=_name(row.drawn_by, names) or "自動起案",
        decider=_name(row.decided_by, names),
        marks=_marks(row),
        grounds=rules.grounds(row.proposal),
        rules=[str(rule) for rule in row.proposal.get("rules", [])],
        results=[(name, _words(value)) for name, value in dict(row.proposal.get("results", {})).items()],
        attachments=_attachments(row),
        stops=[_stop(step, units, names) for step in steps],
        history=[Moment(one.at, _said(one, row), _name(one.who_person, names) or "システム") for one in entries],
        may=may(row, steps, actor),
    )


def may(row: Document, steps: Sequence[RouteStep], actor: Actor) -> May:
    """Say what the actor may do with a document now."""
    units = units_above(row.unit, actor.day)
    levels = levels_on(actor.day, row.procedure)
    on_screen = row.medium == Medium.SCREEN
    waits = row.state == State.WAITING
    decide = waits and on_screen and permissions.can_approve(actor, row, units, levels)
    agree = on_screen and any(permissions.can_agree(actor, row, step) for step in steps if step.current)
    holds = any(seat.post == row.stands_for and not seat.acting for seat in actor.seats)
    inside = bool(actor.units & set(units))
    return May(
        decide=decide,
        deputy=decide and deputised_post(actor, units, needed_rank(row, units, levels, actor.day)) is not None,
        agree=agree,
        send_back=decide or agree,
        withdraw=row.state in queries.UNDECIDED and inside and row.drawn_by in {None, actor.person},
        see=holds and row.state == State.DECIDED and row.seen_at is None,
        hand_out=waits and inside,
        enter=waits and row.medium == Medium.PAPER and inside and actor.person not in row.worked_by,
    )


def stack_of(stack: int, actor: Actor) -> Stack:
    """Return a stack of the actor's line.

    Raises:
        NotFound: not in this city.
        Denied: another section's.
    """
    row = Stack.objects.filter(pk=stack).first()
    if row is None:
        raise NotFound("一覧決裁の束が見つかりません。")
    permissions.check_is_staff(actor)
    permissions.check_can_handle(actor, units_above(row.unit, actor.day))
    return row


def opened_by(stack: int, actor: Actor) -> frozenset[int]:
    """Return the keys of a stack's documents the actor opened."""
    rows = Reading.objects.filter(person=actor.person or 0, document__stack=stack)
    return frozenset(rows.values_list("document_id", flat=True))


def unopened(stack: int, actor: Actor) -> list[int]:
    """Return the keys of a stack's documents the actor must still open: refusals first, then flagged, then drawn ones."""
    rows = queries.waiting_in(stack).order_by("-refusal", "-flagged", "-sampled", "pk")
    wanted = [
        (key, flagged or refusal or sampled)
        for key, flagged, refusal, sampled in rows.values_list("pk", "flagged", "refusal", "sampled")
    ]
    return list(rules.must_open(wanted, opened_by(stack, actor)))


def next_of(row: Document, actor: Actor) -> int | None:
    """Return the document to look at after this one: the stack's next to be opened, else the next on the own desk."""
    if row.stack_id is not None:
        return next((key for key in unopened(row.stack_id, actor) if key != row.pk), None)
    loose = desks.to_decide(actor).filter(stack__isnull=True).exclude(pk=row.pk)
    after = loose.filter(pk__gt=row.pk).order_by("pk").values_list("pk", flat=True).first()
    return after if after is not None else loose.order_by("pk").values_list("pk", flat=True).first()


def approvers(row: Document, day: date, actor: Actor) -> list[tuple[int, str]]:
    """Return the people whose 職位 may stand on a signed paper, with their posts, lowest first."""
    units = set(units_above(row.unit, day))
    places = [place for place in organisation_on(day) if place.unit in units and place.rank is not None]
    fit = sorted((place for place in places if (place.rank or 0) >= row.rank), key=lambda place: place.rank or 0)
    names = display_names(actor, [place.person for place in fit], day)
    shown: dict[int, str] = {}
    for place in fit:
        shown.setdefault(place.person, f"{place.title}　{names.get(place.person, '')}")
    return list(shown.items())


def _marks(row: Document) -> tuple[str, ...]:
    said = ((row.refusal, "拒否処分"), (row.flagged, "要確認"), (row.sampled, "抽出"), (bool(row.raised_to), "引上げ"))
    return tuple(label for marked, label in said if marked)


def _attachments(row: Document) -> list[files.FileInfo]:
    found = []
    for key in row.attachments:
        try:
            found.append(files.info(key))
        except ObjectDoesNotExist:
            continue
    return found


def _stop(step: RouteStep, units: Mapping[int, str], names: Mapping[int, str]) -> Stop:
    place = f"{units.get(step.unit, '')} {Rank(step.rank).label}"
    return Stop(StepKind(step.kind).label, place, _name(step.agreed_by, names), step.agreed_at, step.note, step.current)


def _said(entry: Any, row: Document) -> str:
    if entry.name == "approvals.decided":
        return _ENDS.get(State(row.state), "決裁") + ("（代決）" if row.stands_for is not None else "")
    if entry.name == "approvals.medium_changed":
        return f"決裁の方法: {Medium(entry.data['medium']).label}"
    return _SAID.get(str(entry.name), str(entry.name))


def _name(person: int | None, names: Mapping[int, str]) -> str:
    return names.get(person, "") if person is not None else ""


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list | tuple):
        return "、".join(_words(part) for part in value)
    return "" if value is None else str(value)


def made_by(file: int, actor: Actor, names: Collection[str]) -> bool:
    """Say whether a file is one of those this chapter makes, made by the actor."""
    made = LogEntry.objects.filter(name="files.stored", subject_kind="file", subject_id=file, who_person=actor.person)
    try:
        return files.info(file).name in names and made.exists()
    except ObjectDoesNotExist:
        return False
