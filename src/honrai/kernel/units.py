"""The closed list of units a dated parameter may have, and what a value of each unit looks like."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum


class Unit(Enum):
    """Unit of a parameter; the value is the word a pack writes, `label` the word people read."""

    YEN = "yen"
    PERCENT = "percent"
    RATIO = "ratio"
    NUMBER = "number"
    COUNT = "count"
    POINTS = "points"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    DATE = "date"
    FLAG = "flag"
    TEXT = "text"

    @property
    def label(self) -> str:
        """The Japanese word for the unit; empty where a value speaks for itself."""
        return _LABELS.get(self, "")

    def fits(self, value: object) -> bool:
        """Return whether a value may stand under this unit; binary floats fit none.

        Lists and mappings fit when every value in them does: a table of limits by dependants is one parameter.
        """
        if isinstance(value, list | tuple):
            return bool(value) and all(self.fits(item) for item in value)
        if isinstance(value, dict):
            return bool(value) and all(self.fits(item) for item in value.values())
        return type(value) in _TYPES.get(self, (int,))


_TYPES: dict[Unit, tuple[type, ...]] = {
    Unit.PERCENT: (int, Decimal),
    Unit.RATIO: (int, Decimal),
    Unit.NUMBER: (int, Decimal),
    Unit.DATE: (date,),
    Unit.FLAG: (bool,),
    Unit.TEXT: (str,),
}
_LABELS = {
    Unit.YEN: "円",
    Unit.PERCENT: "%",
    Unit.COUNT: "件",
    Unit.POINTS: "点",
    Unit.YEARS: "年",
    Unit.MONTHS: "か月",
    Unit.DAYS: "日",
    Unit.HOURS: "時間",
    Unit.MINUTES: "分",
}
