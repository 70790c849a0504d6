"""Reads a parameter file (YAML) and reports everything wrong with it at once, by file, parameter and day.

Numbers with a decimal point become `Decimal` exactly as written. A name written twice is an error; plain YAML would
let the last one win in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from honrai.kernel.dated import Dated, Period
from honrai.kernel.errors import Invalid
from honrai.kernel.law_data import read_law_text
from honrai.kernel.legal_reference import LegalReference
from honrai.kernel.parameters import (
    Confidence,
    InvalidParameters,
    Parameter,
    Parameters,
    Problem,
    SourcedValue,
    find_collisions,
)
from honrai.kernel.units import Unit

_KEYS = {"label", "unit", "source", "values"}
_VALUE_KEYS = {"from", "to", "value", "source", "confidence", "to_confirm", "note"}


def load_parameters(path: Path) -> Parameters:
    """Return the parameters of a file; see `read_parameters`."""
    return read_parameters(path.read_text(encoding="utf-8"), path.name)


@cache
def law_parameters(name: str) -> Parameters:
    """Return the parameters of law in `data/<name>.yaml` of the kernel, e.g. `tax_interest`."""
    return read_parameters(read_law_text(f"{name}.yaml"), f"{name}.yaml")


def read_parameters(text: str, file: str) -> Parameters:
    """Return the parameters a YAML text defines.

    Args:
        text: YAML, a mapping of full parameter name to its definition (see `honrai.kernel.parameters`).
        file: name for messages.

    Raises:
        InvalidParameters: anything wrong, all of it listed with file, parameter and day.
    """
    try:
        # The loader is a SafeLoader that differs in numbers and double names only.
        content = yaml.load(text, Loader=_ExactLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise InvalidParameters([Problem(file, "(全体)", None, f"YAMLとして読めません: {error}")]) from None
    if not isinstance(content, dict):
        raise InvalidParameters([Problem(file, "(全体)", None, "パラメータ名ごとの定義を書いてください。")])
    read: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for name, definition in content.items():
        reader = _Reader(file, str(name))
        parameter = reader.read(definition)
        problems += reader.problems
        if parameter:
            read[parameter.name] = parameter
    problems += find_collisions(file, read)
    if problems:
        raise InvalidParameters(problems)
    return Parameters(file, read)


class _ExactLoader(yaml.SafeLoader):
    """Reads decimals exactly and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping, or raise for a key that stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"「{key}」が2回あります", node.value[index][0].start_mark
                )
        return super().construct_mapping(node, deep)


def _exact(loader: _ExactLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)).replace("_", ""))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact)


class _Reader:
    """Reads one parameter and collects what is wrong with it."""

    def __init__(self, file: str, name: str) -> None:
        self.file = file
        self.name = name
        self.problems: list[Problem] = []

    def wrong(self, message: str, on: date | None = None) -> None:
        """Note a problem of this parameter."""
        self.problems.append(Problem(self.file, self.name, on, message))

    def read(self, definition: object) -> Parameter | None:
        """Return the parameter, or None after noting what is wrong."""
        if not all(part.isidentifier() for part in self.name.split(".")):
            self.wrong("名前は文字・数字・下線と、まとまりを表す「.」で書いてください。")
        if not isinstance(definition, dict):
            self.wrong(f"{_listed(_KEYS)} を書いてください。")
            return None
        self._check_keys(definition, _KEYS, None)
        unit = self._unit(definition.get("unit"))
        source = self._source(definition.get("source"), None)
        label = definition.get("label")
        if not isinstance(label, str) or not label:
            self.wrong("label に日本語の名前を書いてください。")
        values = definition.get("values")
        if not isinstance(values, list) or not values:
            self.wrong("values に1つ以上の値を書いてください。")
            return None
        periods = [self._period(row, unit, source) for row in values]
        return self._parameter(str(label), unit, [period for period in periods if period])

    def _parameter(self, label: str, unit: Unit | None, periods: list[Period[SourcedValue]]) -> Parameter | None:
        """Return the parameter with open ends closed by the next value, or None after noting what is wrong."""
        if self.problems or unit is None:
            return None
        closed = [
            Period(period.start, period.end or (periods[n + 1].start if n + 1 < len(periods) else None), period.value)
            for n, period in enumerate(periods)
        ]
        try:
            return Parameter(self.name, label, unit, Dated(self.name, tuple(closed)))
        except Invalid as error:
            self.wrong(error.message)
            return None

    def _period(self, row: object, unit: Unit | None, source: str) -> Period[SourcedValue] | None:
        """Return one value with its days, or None after noting what is wrong."""
        if not isinstance(row, dict) or not _is_day(row.get("from")):
            self.wrong("値ごとに from: 2026-04-01 の形で適用開始日を書いてください。")
            return None
        start: date = row["from"]
        self._check_keys(row, _VALUE_KEYS, start)
        end = row.get("to")
        if end is not None and not _is_day(end):
            self.wrong("to は 2027-04-01 の形で、適用が終わった次の日を書いてください。", start)
            return None
        if unit and not unit.fits(row.get("value")):
            self.wrong(f"値 {row.get('value')!r} は単位 {unit.value} に合いません。", start)
        own_source = self._source(row["source"], start) if "source" in row else source
        if not own_source:
            self.wrong("source に根拠(条文や資料名)を書いてください。", start)
        return Period(start, end, self._value(row, own_source, start))

    def _value(self, row: Mapping[Any, Any], source: str, start: date) -> SourcedValue:
        """Return the value with its source, confidence and marks."""
        confidence = Confidence.HIGH
        try:
            confidence = Confidence(row.get("confidence", "high"))
        except ValueError:
            self.wrong("confidence は high, medium, low のどれかを書いてください。", start)
        to_confirm = row.get("to_confirm", confidence is not Confidence.HIGH)
        if not isinstance(to_confirm, bool):
            self.wrong("to_confirm は true か false を書いてください。", start)
        return SourcedValue(row.get("value"), source, confidence, bool(to_confirm), str(row.get("note", "")))

    def _unit(self, unit: object) -> Unit | None:
        """Return the unit, or None after noting that it is not in the list."""
        try:
            return Unit(unit)
        except ValueError:
            self.wrong(f"unit は {_listed({known.value for known in Unit})} のどれかを書いてください。")
            return None

    def _source(self, source: object, on: date | None) -> str:
        """Return the source in words; a mapping is a legal reference."""
        if isinstance(source, dict):
            try:
                return str(LegalReference.of(source))
            except Invalid as error:
                self.wrong(error.message, on)
        return source if isinstance(source, str) else ""

    def _check_keys(self, mapping: Mapping[Any, Any], known: set[str], on: date | None) -> None:
        """Note keys that mean nothing here."""
        if unknown := {str(key) for key in mapping} - known:
            self.wrong(f"使えない項目があります: {_listed(unknown)}", on)


def _is_day(value: object) -> bool:
    """Return whether YAML gave a calendar date (not a date with time)."""
    return type(value) is date


def _listed(words: set[str]) -> str:
    """Return words in a fixed order for a message."""
    return ", ".join(sorted(words))
