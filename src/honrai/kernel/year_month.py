"""A month of a year: the month of treatment (診療年月), of payment or of a statistic."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from honrai.kernel.errors import Invalid
from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.wareki import Era, Wareki, eras_by_key, fold_date_text


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """One calendar month; written `202609` where files carry it.

    Raises:
        Invalid: a month outside 1 to 12 or a year outside 1868 to 9998.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1868 <= self.year <= 9998):
            raise Invalid("month-no-such", "年月が正しくありません。月は1から12で入力してください。")

    @classmethod
    def of(cls, on: date) -> YearMonth:
        """Return the month a day lies in."""
        return cls(on.year, on.month)

    @classmethod
    def parse(cls, text: str) -> YearMonth:
        """Return the month a person typed or a claim file carries.

        Read are `202609`, `2026-09`, `2026年9月`, `R0809`, `R8.9`, `令和8年9月`, and `50809` of older claim files.

        Raises:
            Invalid: unreadable, no such month, or a month outside the era.
        """
        folded = fold_date_text(text)
        if match := _WESTERN.fullmatch(folded):
            return cls(int(match[1]), int(match[2]))
        if match := _ERA.fullmatch(folded):
            era = eras_by_key()[match[1].upper()]
            entered = cls(era.first_year - 1 + (1 if match[2] == "元" else int(match[2])), int(match[3]))
            return entered._checked(era)
        raise Invalid("month-unreadable", "年月として読めません。202609、R0809、令和8年9月 のように入力してください。")

    def _checked(self, era: Era) -> YearMonth:
        """Return the month itself when some day of it lies in the era."""
        if self.last < era.start or (era.end and self.first > era.end):
            raise Invalid(
                "month-outside-era", f"{era.name}にその年月はありません。西暦では{self.year}年{self.month}月です。"
            )
        return self

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def fiscal_year(self) -> FiscalYear:
        """The fiscal year the month lies in."""
        return FiscalYear.of(self.first)

    @property
    def label(self) -> str:
        """The month by the era of its first day: 令和8年9月."""
        return f"{Wareki.of(self.first).year_label}{self.month}月"

    def shift(self, months: int) -> YearMonth:
        """Return the month so many months later (negative: earlier)."""
        year, month0 = divmod(self.year * 12 + self.month - 1 + months, 12)
        return YearMonth(year, month0 + 1)

    def __sub__(self, other: YearMonth) -> int:
        """Return how many months lie between; 202701 less 202609 is 4."""
        return (self.year - other.year) * 12 + self.month - other.month

    def __contains__(self, on: date) -> bool:
        return (on.year, on.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04}{self.month:02}"


_WESTERN = re.compile(r"(\d{4})[./\-年]?(\d{2}|(?<=[./\-年])\d)月?")
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr]|[1-5](?=\d{4}$))(元|\d{1,2})(?:[./\-年])?(\d{1,2})月?"
)
