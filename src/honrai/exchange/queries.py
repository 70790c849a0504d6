"""Reading the state of exchange: layouts, present records, merged numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from honrai.exchange.models import Entry, Load, Merge, Record
from honrai.exchange.rules.landing import EntryState
from honrai.exchange.rules.layout import Layout, layout_on
from honrai.exchange.rules.library import layouts
from honrai.exchange.rules.loading import State
from honrai.exchange.rules.reading import values_of
from honrai.platform.errors import Invalid

_IN_FORCE = (State.APPLIED, State.UNDOING)  # a load counts until it has been taken back


def layout_of(code: str, on: date) -> Layout:
    """Return the layout that holds on a day.

    Raises:
        Invalid: none does.
    """
    try:
        return layout_on(layouts(), code, on)
    except LookupError as error:
        raise Invalid(str(error)) from error


def latest_load(source: str) -> Load | None:
    """Return the load that made the present records of a source; None where none was applied."""
    return Load.objects.filter(source=source, state__in=_IN_FORCE).order_by("-applied_at", "-pk").first()


def present_day(source: str) -> date | None:
    """Return the day the present records of a source are of; None where none was ever loaded."""
    latest = latest_load(source)
    return latest.as_of if latest else None


def present_records(source: str) -> QuerySet[Record]:
    """Return the present records of a source."""
    found = Record.objects.filter(source=source, superseded_by__isnull=True, load__state__in=_IN_FORCE)
    return found.exclude(change="gone")


def present(source: str, keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the values of the present records of a source under some keys, by key; a key without a record is left out."""
    rows = present_records(source).filter(key__in=list(keys)).annotate(names=F("load__fields"))
    return {key: values_of(content, names) for key, content, names in rows.values_list("key", "content", "names")}


def resolve(numbers: Sequence[str]) -> dict[str, str]:
    """Return for each 宛名番号 the one it is today, over any number of merges (統合)."""
    now = {number: number for number in numbers}
    open_ = set(numbers)
    while open_:
        merged = dict(Merge.objects.filter(old__in=open_).values_list("old", "new"))
        now = {number: merged.get(today, today) for number, today in now.items()}
        open_ = set(merged.values()) - open_
    return now


@dataclass(frozen=True, slots=True)
class EntryBrief:
    """One entry of a case: key, layout, reference, state, the day it was handed over."""

    id: int
    layout: str
    reference: str
    state: EntryState
    handed_on: date | None


def entries_of_case(case: int) -> list[EntryBrief]:
    """Return what a case told the core systems, oldest first."""
    rows = Entry.objects.filter(case=case).order_by("id")
    return [EntryBrief(row.pk, row.layout, row.reference, EntryState(row.state), row.handed_on) for row in rows]


def former_numbers(number: str) -> tuple[str, ...]:
    """Return every 宛名番号 that was merged into one, itself left out."""
    found: list[str] = []
    open_ = [number]
    while open_:
        open_ = list(Merge.objects.filter(new__in=open_).exclude(old__in=found).values_list("old", flat=True))
        found += open_
    return tuple(found)
