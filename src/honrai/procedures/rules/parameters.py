"""parameters.yaml: amounts, limits and days of law, each dated, with its unit and its legal source.

A value holds from its first day until the next one begins; before the first one there is none, and a rule that
needs it then says so instead of guessing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from honrai.procedures.rules.shape import Node, Problems, load_yaml, unique

UNITS = ("円", "%", "日", "か月", "年", "歳", "㎡", "人", "桁", "割合", "有無", "区分")
STATUSES = {"確定": "法令・公表資料で確かめた値", "要確認": "市が確かめて決める値"}


@dataclass(frozen=True)
class Period:
    """One value and the first day it holds; `source` names where this very value is written."""

    start: date
    value: Any
    source: str


@dataclass(frozen=True)
class Parameter:
    """One dated parameter; `periods` are ordered by their first day."""

    id: str
    label: str
    unit: str
    legal: str
    status: str
    periods: tuple[Period, ...]
    note: str = ""

    def at(self, on: date) -> Any:
        """Return the value in force on a day, None before the first one."""
        found = None
        for period in self.periods:
            if period.start <= on:
                found = period.value
        return found


@dataclass(frozen=True)
class Parameters:
    """All parameters of a pack."""

    entries: tuple[Parameter, ...]

    def at(self, on: date) -> dict[str, Any]:
        """Return id -> value in force on a day; parameters that have not begun are left out."""
        return {entry.id: value for entry in self.entries if (value := entry.at(on)) is not None}

    def change_dates(self) -> tuple[date, ...]:
        """Return every day on which some value begins, in order."""
        return tuple(sorted({period.start for entry in self.entries for period in entry.periods}))

    def __iter__(self) -> Iterator[Parameter]:
        """Iterate over the parameters in the order of the file."""
        return iter(self.entries)


def read_parameters(raw: bytes, problems: Problems) -> Parameters:
    """Return the parameters of a pack; a value without unit, source or first day is a problem."""
    top = Node(load_yaml(raw, problems), "", problems)
    entries = [_parameter(node) for node in top.nodes("parameters", required=False)]
    top.finish()
    unique(entries, lambda entry: entry.id, "パラメータ", problems)
    return Parameters(tuple(entries))


def overlay(base: Parameters, own: Mapping[str, tuple[Period, ...]]) -> Parameters:
    """Return the parameters with a city's own values in place of the standard ones.

    Raises:
        KeyError: the overlay names a parameter the base does not have.
    """
    known = {entry.id for entry in base.entries}
    for name in own:
        if name not in known:
            raise KeyError(name)
    return Parameters(
        tuple(
            Parameter(one.id, one.label, one.unit, one.legal, "確定", own[one.id], one.note) if one.id in own else one
            for one in base.entries
        )
    )


def _parameter(node: Node) -> Parameter:
    legal = node.text("legal")
    periods = tuple(_period(entry, legal) for entry in node.nodes("values"))
    starts = [period.start for period in periods]
    if starts != sorted(set(starts)):
        node.problems.add(
            node.at("values"), "始まる日の順になっていません", "古い日から順に、同じ日は1つだけ書いてください"
        )
    parameter = Parameter(
        id=node.text("id"),
        label=node.text("label"),
        unit=node.one_of("unit", UNITS),
        legal=legal,
        status=node.one_of("status", STATUSES, "確定"),
        periods=periods,
        note=node.text("note", ""),
    )
    if parameter.status == "要確認" and not parameter.note:
        node.problems.add(
            node.at("note"), "何を確かめるかがありません", "要確認の値には確かめる先と内容を note に書いてください"
        )
    node.finish()
    return parameter


def _period(node: Node, legal: str) -> Period:
    value = node.any("value")
    if not isinstance(value, int | Decimal | bool | str):
        node.problems.add(node.at("value"), "値がありません", "数・文字・true/false を書いてください")
    period = Period(node.take("from", date), value, node.text("source", legal))
    node.finish()
    return period
