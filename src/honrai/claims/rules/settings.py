"""The dated rates and limits the claim rules use, read once from `data/medical_aid.yaml`; a city lays its own over."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from honrai.kernel.parameter_file import read_parameters
from honrai.kernel.parameters import Parameters, SourcedValue
from honrai.kernel.year_month import YearMonth


@cache
def medical_aid() -> Parameters:
    """Return the shipped parameters; lay a city's over them with `Parameters.overlay`."""
    path = resources.files("honrai.claims.rules").joinpath("data", "medical_aid.yaml")
    return read_parameters(path.read_text(encoding="utf-8"), "medical_aid.yaml")


def sourced(rules: Parameters, name: str, month: YearMonth) -> SourcedValue:
    """Return the value for a month of treatment with its source.

    Raises:
        Invalid: no value holds in that month; the message names parameter and day.
    """
    return rules[name].dated.at(month.first)


def value(rules: Parameters, name: str, month: YearMonth) -> Any:
    """Return the bare value for a month of treatment."""
    return sourced(rules, name, month).value
