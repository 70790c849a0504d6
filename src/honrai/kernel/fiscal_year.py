"""The fiscal year (年度) of a city: April 1 to March 31, named by the year it begins in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from honrai.kernel.errors import Invalid
from honrai.kernel.law_data import read_law_data
from honrai.kernel.wareki import Wareki, eras_by_key


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """One fiscal year; `year` is the western year of its April.

    Legal source:
        地方自治法第208条第1項 (会計年度は4月1日に始まり翌年3月31日に終わる).
    """

    year: int

    @classmethod
    def of(cls, on: date) -> FiscalYear:
        """Return the fiscal year a day lies in; 2026-03-31 lies in 2025, 2026-04-01 in 2026."""
        return cls(on.year if on.month >= 4 else on.year - 1)

    @classmethod
    def parse(cls, text: str) -> FiscalYear:
        """Return the fiscal year a person typed: `令和8年度`, `令和元年度`, `R8`, `R08`, `2026`, `2026年度`.

        Raises:
            Invalid: not a fiscal year.
        """
        folded = unicodedata.normalize("NFKC", text).strip()
        if match := _WESTERN.fullmatch(folded):
            return cls(int(match[1]))
        if match := _ERA_YEAR.fullmatch(folded):
            name, year = match.groups()
            era = eras_by_key()[name.upper()]
            return cls(era.first_year + (1 if year == "元" else int(year)) - 1)
        raise Invalid("fiscal-year-unreadable", "年度として読めません。令和8年度、R8、2026 のように入力してください。")

    @property
    def start(self) -> date:
        """The first day, April 1."""
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        """The last day, March 31."""
        return date(self.year + 1, 3, 31)

    @property
    def closing(self) -> date:
        """The last day of 出納整理期間: receipts and payments of the year are booked to it until then.

        Legal source:
            地方自治法第235条の5 (出納は翌年度の5月31日をもって閉鎖する).
        """
        return date(self.year + 1, 5, 31)

    def __contains__(self, on: date) -> bool:
        return self.start <= on <= self.end

    def __str__(self) -> str:
        named = _named_by_government().get(self.year)
        return named or f"{Wareki.of(self.start).year_label}度"

    def shift(self, years: int) -> FiscalYear:
        """Return the fiscal year so many years later (negative: earlier)."""
        return FiscalYear(self.year + years)


_WESTERN = re.compile(r"(\d{4})(?:年度)?")
_ERA_YEAR = re.compile(r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])(元|\d{1,2})(?:年度)?")


@cache
def _named_by_government() -> dict[int, str]:
    """Return the fiscal years that do not bear the era of their first day."""
    return {row["year"]: row["label"] for row in read_law_data("eras")["fiscal_years"]}
