"""A life event as values: its questions, the procedures that follow, the pages of the combined form, worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.procedures.api import Field


@dataclass(frozen=True)
class Deadline:
    """By when something has to be done.

    Attributes:
        since: id of the question whose date the period runs from.
        days: length in days; 0 where it is given in months.
        months: length in months.
        first_day_counts: the day itself counts (初日算入); otherwise the period begins the day after (民法第140条).
        moves: an end on a closed day moves to the next open day.
        source: the provision, as it is shown.
        confirm: 要確認: what the city has to look up before relying on it; "" where nothing is open.
    """

    since: str
    days: int
    months: int
    first_day_counts: bool
    moves: bool
    source: str
    confirm: str


@dataclass(frozen=True)
class Rows:
    """How rows of a repeated section of a pack are made: one for each row of a page of ours, or exactly one.

    Attributes:
        each: page whose rows are gone through, as `row`; "" for a single row.
        values: column -> FEEL.
    """

    each: str
    values: Mapping[str, str]


Fill = str | tuple[Rows, ...]


@dataclass(frozen=True)
class Step:
    """One procedure the event may call for.

    Attributes:
        id: name inside the event.
        title: as the person reads it.
        pack: code of the procedure; "" for one the city has no pack for yet (it is told, not taken in).
        when: FEEL over the answers: it is called for.
        why: one sentence.
        office: who handles it.
        where: how it can be done: オンライン, 窓口 ...
        attach: ids of attachments of the pack to be asked for beyond those its form demands.
        bring: papers in words, for procedures without a pack and for the counter.
        deadline: by when; None where the law names no day.
        each: page of the combined form; one application for each of its rows. "" for one application.
        only: FEEL over `row`: rows the procedure is for.
        fills: field of the pack -> FEEL over `q`, `today`, `row` and the pages: answered from what is known already.
        confirm: 要確認, "" where nothing is open.
    """

    id: str
    title: str
    pack: str
    when: str
    why: str
    office: str
    where: tuple[str, ...]
    attach: tuple[str, ...]
    bring: tuple[str, ...]
    deadline: Deadline | None
    each: str
    only: str
    fills: Mapping[str, Fill]
    confirm: str


@dataclass(frozen=True)
class Page:
    """One page of the combined form, about one person or one matter.

    Attributes:
        fields: questions of the event's own, asked where a procedure is filled from them.
        takes: beginnings of field ids of the packs that stand on this page (`account` takes `account.bank` ...).
        repeat: largest number of rows, 0 for a page filled once.
        least: fewest rows.
        row: how rows are counted (人: 1人目, もう1人); 件 where empty.
    """

    id: str
    title: str
    lead: str
    fields: tuple[Field, ...]
    takes: tuple[str, ...]
    repeat: int
    least: int
    row: str


@dataclass(frozen=True)
class Example:
    """A worked example: answers on a day, and exactly the steps that follow with their deadlines. Each is a test."""

    title: str
    on: date
    answers: Mapping[str, Any]
    expect: Mapping[str, date | None]


@dataclass(frozen=True)
class LifeEvent:
    """One life event, read and well formed."""

    code: str
    title: str
    lead: str
    icon: str
    effective_from: date
    questions: tuple[Field, ...]
    steps: tuple[Step, ...]
    pages: tuple[Page, ...]
    apart: tuple[str, ...]
    papers: Mapping[str, str]
    examples: tuple[Example, ...]

    @property
    def packs(self) -> tuple[str, ...]:
        """Codes of the procedures it may open, in order."""
        return tuple(dict.fromkeys(step.pack for step in self.steps if step.pack))

    def page(self, name: str) -> Page:
        """Return a page by its id."""
        return next(page for page in self.pages if page.id == name)

    def step(self, name: str) -> Step:
        """Return a step by its id."""
        return next(step for step in self.steps if step.id == name)
