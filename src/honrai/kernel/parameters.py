"""Amounts, limits, rates and dates of law as dated data: read from YAML, checked, and given to rules for one day.

A file maps each name to its label, unit, source and values through time::

    copay.outpatient.elementary:
      label: 外来の自己負担上限(3歳から小学生)
      unit: yen
      source: {act: 熊本市子ども医療費助成規則, article: "4"}
      values:
        - {from: 2023-12-01, value: 700, confidence: medium}
        - {from: 2027-04-01, value: 800, to_confirm: true, note: 議案のみ}

A value holds until the next one begins, or up to (not including) its `to`. `confidence` is high unless told otherwise;
what is not certain is marked 要確認 (`to_confirm`). Dots in a name nest: rules read `p.copay.outpatient.elementary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from honrai.kernel.dated import Dated, Period
from honrai.kernel.errors import Invalid
from honrai.kernel.units import Unit


class Confidence(Enum):
    """How sure the one who entered a value was of it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """One value of a parameter with where it comes from.

    Attributes:
        value: int, Decimal, date, bool or text as the unit says, or a list or mapping of them.
        source: law or document, in words.
        confidence: how sure it is.
        to_confirm: 要確認, somebody must still confirm it with the city or the official text.
        note: remark for the reader.
    """

    value: Any
    source: str
    confidence: Confidence = Confidence.HIGH
    to_confirm: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One amount, limit, rate or date of law through time."""

    name: str
    label: str
    unit: Unit
    dated: Dated[SourcedValue]

    def at(self, on: date) -> Any:
        """Return the bare value in force on a day; Invalid when there is none."""
        return self.dated.at(on).value


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a parameter file: where, when, and how to mend it (Japanese)."""

    file: str
    parameter: str
    on: date | None
    message: str

    def __str__(self) -> str:
        when = f" ({self.on} から)" if self.on else ""
        return f"{self.file} の {self.parameter}{when}: {self.message}"


class InvalidParameters(Invalid):
    """A parameter file that cannot be used; `problems` lists everything wrong with it, one or more."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("parameters-invalid", "\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of one file (or of a base file and the files laid over it).

    Attributes:
        file: name of the file, for messages.
        by_name: parameters by their full dotted name.
    """

    file: str
    by_name: Mapping[str, Parameter]

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self.by_name[name]
        except KeyError:
            raise Invalid("parameter-unknown", f"{self.file} に「{name}」というパラメータはありません。") from None

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.by_name.values())

    def at(self, on: date, needed: Iterable[str] = ()) -> dict[str, Any]:
        """Return the values in force on a day as nested mappings: the context `p` of decision tables.

        Numbers are int or Decimal, never binary floats. A parameter without a value that day is left out, unless
        it is needed.

        Args:
            on: basis date of the decision (到達日, 診療月 ...).
            needed: full names that must have a value that day.

        Raises:
            Invalid: a needed parameter is unknown or has no value that day; names file, parameter and day.
        """
        for name in needed:
            if not self[name].dated.covers(on):
                raise Invalid("parameter-no-value", f"{self.file} の {name} には {on} に適用する値がありません。")
        context: dict[str, Any] = {}
        for parameter in self:
            if parameter.dated.covers(on):
                *path, last = parameter.name.split(".")
                level = context
                for part in path:
                    level = level.setdefault(part, {})
                level[last] = parameter.at(on)
        return context

    def overlay(self, city: Parameters) -> Parameters:
        """Return these parameters with a city's laid over them: one of the same name replaces the whole history.

        Raises:
            InvalidParameters: the city's parameter has another unit, or its name collides with a nested one.
        """
        problems = [
            Problem(
                city.file, own.name, None, f"単位が元の {self.file} と違います({self.by_name[own.name].unit.value})。"
            )
            for own in city
            if own.name in self.by_name and self.by_name[own.name].unit is not own.unit
        ]
        merged = {**self.by_name, **city.by_name}
        problems += find_collisions(city.file, merged)
        if problems:
            raise InvalidParameters(problems)
        return Parameters(f"{self.file}+{city.file}", merged)

    def list_to_confirm(self) -> list[tuple[Parameter, Period[SourcedValue]]]:
        """Return every value marked 要確認, in the order of the file."""
        return [
            (parameter, period) for parameter in self for period in parameter.dated.periods if period.value.to_confirm
        ]

    @property
    def changes(self) -> tuple[date, ...]:
        """Every day on which some value changes, sorted; between two of them `at` gives the same context."""
        return tuple(sorted({day for parameter in self for day in parameter.dated.changes}))


def find_collisions(file: str, names: Iterable[str]) -> list[Problem]:
    """Return a problem for each name that is also the group of another (`limit` beside `limit.child`)."""
    known = set(names)
    groups = {name.rsplit(".", depth)[0]: name for name in known for depth in range(1, name.count(".") + 1)}
    return [
        Problem(file, name, None, f"「{groups[name]}」のまとまりの名前と同じです。どちらかの名前を変えてください。")
        for name in sorted(known & groups.keys())
    ]
