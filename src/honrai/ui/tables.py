"""Lists: sorted, filtered and paged by the server, the whole state in the address.

A chapter gives a QuerySet (permission-filtered), columns and filters; the page is one indexed query for the rows and one for the
exact count, whatever the backlog.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

PER_PAGE = 50
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text, perhaps a link, perhaps a badge (ok, warn, bad, info)."""

    text: str
    url: str = ""
    badge: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        label: heading.
        cell: row -> Cell or text.
        order: fields to sort by, or none where the list cannot be sorted by it.
        numeric: right-aligned figures.
    """

    label: str
    cell: Callable[[Any], Cell | str]
    order: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: a box, or a choice of (value, label); `apply` narrows the QuerySet by the value."""

    key: str
    label: str
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as drawn: heading, how it is sorted now, the address that sorts by it."""

    label: str
    numeric: bool
    direction: Literal["", "ascending", "descending"]
    sort_url: str


@dataclass(frozen=True, slots=True)
class FilterState:
    """A filter as drawn, with its present value."""

    key: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """What `ui/table.html` draws."""

    id: str
    path: str
    caption: str
    empty: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    filters: Sequence[FilterState]
    filtered: bool
    sort: str
    total: int
    page: int
    pages: int
    per_page: int
    previous_url: str
    next_url: str
    part: str = ""

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.page - 1) * self.per_page + 1

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list looks: set up once beside its view.

    Attributes:
        id: unique on the page; the fragment htmx replaces.
        caption: what the rows are.
        columns: left to right.
        filters: in the order shown.
        order: default order, ending in a unique field so that pages never overlap.
        empty: what an empty list says.
        part: id of the fragment a filter replaces, where that is more than the table.
        prepare: given the rows of the page before they are drawn, to fetch what all of them need in one query.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    order: tuple[str, ...]
    filters: Sequence[Filter] = field(default=())
    empty: str = "まだありません。"
    per_page: int = PER_PAGE
    part: str = ""
    prepare: Callable[[Sequence[Any]], None] | None = None

    def page(self, request: HttpRequest, rows: QuerySet[Any]) -> Table:
        """Return the page the address asks for."""
        query = request.GET
        states = [FilterState(f.key, f.label, query.get(f.key, "").strip(), f.choices) for f in self.filters]
        for chosen, state in zip(self.filters, states, strict=True):
            if state.value:
                rows = chosen.apply(rows, state.value)
        sort = query.get("sort", "")
        total = rows.count()
        pages = max(1, ceil(total / self.per_page))
        page = min(max(1, _number(query.get("page"))), pages)
        shown = self._shown(rows, sort, (page - 1) * self.per_page)
        return Table(
            id=self.id,
            path=request.path,
            caption=self.caption,
            empty=self.empty,
            columns=[self._heading(query, request.path, number, sort) for number in range(len(self.columns))],
            rows=[self._cells(row) for row in shown],
            filters=states,
            filtered=any(state.value for state in states),
            sort=sort,
            total=total,
            page=page,
            pages=pages,
            per_page=self.per_page,
            previous_url=_url(request.path, query, page=page - 1) if page > 1 else "",
            next_url=_url(request.path, query, page=page + 1) if page < pages else "",
            part=self.part,
        )

    def _shown(self, rows: QuerySet[Any], sort: str, start: int) -> list[Any]:
        shown = list(rows.order_by(*self._order(sort))[start : start + self.per_page])
        if self.prepare is not None:
            self.prepare(shown)
        return shown

    def everything(self, request: HttpRequest, rows: QuerySet[Any]) -> tuple[int, Iterator[list[str]]]:
        """Return how many rows the address asks for, and all of them as text, for an export."""
        for chosen in self.filters:
            if value := request.GET.get(chosen.key, "").strip():
                rows = chosen.apply(rows, value)
        ordered = rows.order_by(*self._order(request.GET.get("sort", "")))
        return rows.count(), ([cell.text for cell in self._cells(row)] for row in ordered.iterator(_AT_ONCE))

    def _order(self, sort: str) -> tuple[str, ...]:
        """Return the ORDER BY of a sort key (`2` up, `-2` down by the third column), made unique by the default order."""
        number = _number(sort.lstrip("-"), -1)
        if not 0 <= number < len(self.columns) or not self.columns[number].order:
            return self.order
        chosen = (
            tuple(_turned(name) for name in self.columns[number].order)
            if sort[0] == "-"
            else self.columns[number].order
        )
        return (*chosen, *self.order)

    def _heading(self, query: QueryDict, path: str, number: int, sort: str) -> Heading:
        column = self.columns[number]
        direction: Literal["", "ascending", "descending"] = ""
        if sort == str(number):
            direction = "ascending"
        elif sort == f"-{number}":
            direction = "descending"
        target = f"-{number}" if direction == "ascending" else str(number)
        url = _url(path, query, sort=target, page=None) if column.order else ""
        return Heading(column.label, column.numeric, direction, url)

    def _cells(self, row: Model) -> list[Cell]:
        cells = []
        for column in self.columns:
            made = column.cell(row)
            if not isinstance(made, Cell):
                made = Cell(str(made), numeric=column.numeric)
            cells.append(made)
        return cells


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _number(text: str | None, default: int = 1) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _url(path: str, query: QueryDict, **changes: Any) -> str:
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value is not None:
            changed[key] = str(value)
    return f"{path}?{changed.urlencode()}" if changed else path
