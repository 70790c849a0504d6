"""YearMonth: months as people and claim files write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.wareki import Wareki
from honrai.kernel.year_month import YearMonth

months = st.builds(YearMonth, st.integers(1950, 2110), st.integers(1, 12))


@pytest.mark.parametrize(
    "typed",
    ["202609", "2026-09", "2026/9", "2026年9月", "R0809", "r8.9", "50809", "令和8年9月", "令8.9", "５０８０９", "令和８年　９月"],
)  # fmt: skip
def test_months_as_people_and_files_write_them(typed):
    assert YearMonth.parse(typed) == YearMonth(2026, 9)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("S64.1", YearMonth(1989, 1)),
        ("H1.1", YearMonth(1989, 1)),
        ("H3104", YearMonth(2019, 4)),
        ("令和元年5月", YearMonth(2019, 5)),
    ],
)
def test_months_in_which_an_era_changed(typed, month):
    assert YearMonth.parse(typed) == month


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("202613", "month-no-such"),
        ("R0800", "month-no-such"),
        ("H3105", "month-outside-era"),
        ("R0104", "month-outside-era"),
        ("0809", "month-unreadable"),
        ("", "month-unreadable"),
        ("9月", "month-unreadable"),
    ],
)
def test_refused_months(typed, code):
    with pytest.raises(Invalid) as raised:
        YearMonth.parse(typed)
    assert raised.value.code == code
    assert raised.value.message.endswith("。")


@given(months)
def test_every_month_reads_back(month):
    assert YearMonth.parse(str(month)) == YearMonth.parse(month.label) == month
    assert YearMonth.of(month.first) == YearMonth.of(month.last) == month
    assert month.first in month
    assert month.shift(1).first not in month
    wareki = Wareki.of(month.first)
    assert YearMonth.parse(f"{wareki.era.code}{wareki.year:02}{month.month:02}") == month


@given(months, st.integers(-600, 600))
def test_shifting_and_subtracting(month, n):
    assert month.shift(n) - month == n
    assert (month.shift(n) > month) == (n > 0)


def test_a_month_lies_in_a_fiscal_year():
    assert YearMonth(2027, 3).fiscal_year == FiscalYear(2026)
    assert YearMonth(2026, 9).label == "令和8年9月"
    assert date(2026, 9, 30) in YearMonth(2026, 9)
