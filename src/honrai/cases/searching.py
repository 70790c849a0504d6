"""Finding cases by what people type. Every condition an index answers is leakproof, so that row security does not stop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from honrai.cases.models import Case, CaseGram, Task
from honrai.cases.operations.claiming import work_for
from honrai.cases.permissions import visible_cases
from honrai.parties import api as parties
from honrai.platform.authority.api import Actor, Invalid, has_charge

MOST_CASES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What cases are looked for by: exactly one of it is given.

    Attributes:
        receipt: whole receipt number.
        name: name or part of one, two characters or more.
        kana: beginning of the reading.
        born_on: day of birth.
        address: a whole address.
    """

    receipt: str = ""
    name: str = ""
    kana: str = ""
    born_on: date | None = None
    address: str = ""


def find_cases(sought: Sought, actor: Actor, now: datetime) -> QuerySet[Case]:
    """Return the cases that fit among those the actor may see, newest first.

    An address finds no case under 支援措置, but for the desk that handles them.

    Raises:
        Invalid: too little to search by, or an address nobody can read.
    """
    rows = visible_cases(actor, now)
    if sought.receipt:
        rows = rows.filter(number=sought.receipt)
    if sought.name:
        rows = _by_name(rows, sought.name)
    if sought.kana:
        key = parties.kana_key(sought.kana)
        rows = rows.filter(kana_key__gte=key, kana_key__lt=key + parties.END).exclude(kana_key="")
    if sought.born_on:
        rows = rows.filter(born_on=sought.born_on)
    if sought.address:
        rows = _by_place(rows, sought.address, actor)
    return rows.order_by("-pk")


def task_to_open(case: int, actor: Actor, now: datetime) -> int | None:
    """Return the open task of a case the actor would work on: one held already, else the most urgent; None for none."""
    rows = work_for(actor).filter(case_id=case)
    held = rows.filter(claimed_by=actor.person, lease_until__gt=now)
    found = held.order_by("pk").first() or rows.order_by("urgent_on", "pk").first()
    return int(found.pk) if found is not None else None


def tasks_of(cases: list[int], actor: Actor) -> dict[int, Task]:
    """Return the first open task of each case the actor could work on; one query."""
    rows = work_for(actor).filter(case_id__in=cases).order_by("-urgent_on", "-pk")
    return {row.case_id: row for row in rows}


def _by_name(rows: QuerySet[Case], name: str) -> QuerySet[Case]:
    pieces = parties.grams(parties.name_key(name))
    if not pieces:
        raise Invalid("氏名は2文字以上で入力してください。1文字のときはフリガナで検索してください。")
    first, *others = pieces
    rows = rows.filter(id__in=CaseGram.objects.filter(gram=first).values("case_id"))
    for gram in others:
        rows = rows.filter(Exists(CaseGram.objects.filter(gram=gram, case_id=OuterRef("id"))))
    return rows


def _by_place(rows: QuerySet[Case], address: str, actor: Actor) -> QuerySet[Case]:
    key = parties.place_key(address)
    if not key:
        raise Invalid("住所を読み取れません。市区町村から番地まで入力してください。")
    rows = rows.filter(place_key=key)
    return rows if has_charge(actor, parties.PROTECTION) else rows.filter(protected=False)


@dataclass(frozen=True, slots=True)
class LetterOfCase:
    """A letter as a person's page lists it."""

    title: str
    number: str
    issued_on: date
    file: int | None


@dataclass(frozen=True, slots=True)
class Brief:
    """A case in one line, with its letters."""

    id: int
    number: str
    title: str
    stage: str
    outcome: str
    received_on: date
    closed: bool
    letters: tuple[LetterOfCase, ...]


def briefs(cases: Sequence[int], actor: Actor, now: datetime) -> list[Brief]:
    """Return those of the cases the actor may see, newest first, with their letters; two queries."""
    rows = visible_cases(actor, now).filter(pk__in=cases).order_by("-pk").prefetch_related("letters")
    return [_brief(row) for row in rows]


def _brief(row: Case) -> Brief:
    letters = [LetterOfCase(one.title, one.number, one.issued_on, one.file) for one in row.letters.all()]
    closed = row.closed_at is not None
    return Brief(row.pk, row.number, row.title, row.stage, row.outcome, row.received_on, closed, tuple(letters))
