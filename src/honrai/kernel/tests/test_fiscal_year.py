"""FiscalYear: its first and last day, its name, the closing of its accounts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.kernel.fiscal_year import FiscalYear

years = st.integers(1873, 2110).map(FiscalYear)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 3, 31), 2026), (date(2026, 12, 31), 2026)],
)
def test_a_day_lies_in_the_year_its_april_began(day, year):
    assert FiscalYear.of(day) == FiscalYear(year)
    assert day in FiscalYear(year)


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2026, "令和8年度"),
        (2020, "令和2年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
    ],
)
def test_the_name_a_year_bears(year, label):
    assert str(FiscalYear(year)) == label


@pytest.mark.parametrize(
    "typed", ["令和8年度", "R8", "r08", "R8年度", "令8年度", "2026", "2026年度", "２０２６", "Ｒ８"]
)
def test_years_as_people_type_them(typed):
    assert FiscalYear.parse(typed) == FiscalYear(2026)


def test_the_year_of_the_change_of_era_is_read_under_both_names():
    assert FiscalYear.parse("平成31年度") == FiscalYear.parse("令和元年度") == FiscalYear(2019)


@pytest.mark.parametrize("typed", ["", "8", "令和", "X8", "20260401"])
def test_unreadable_years_are_refused(typed):
    with pytest.raises(Invalid, match="年度として読めません"):
        FiscalYear.parse(typed)


def test_accounts_close_at_the_end_of_may():
    assert FiscalYear(2025).closing == date(2026, 5, 31)


@given(years)
def test_years_follow_one_another(year):
    assert FiscalYear.of(year.start) == FiscalYear.of(year.end) == year
    assert year.end + timedelta(days=1) == year.shift(1).start
    assert year.shift(1) > year
    assert year.start - timedelta(days=1) not in year
    assert FiscalYear.parse(str(year)) == year
