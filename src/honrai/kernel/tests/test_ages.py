"""Ages: attained the day before the birthday, with the turns of month and year that follow."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel import ages
from honrai.kernel.fiscal_year import FiscalYear

births = st.dates(date(1900, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("birth", "age", "end"),
    [
        (date(2020, 4, 1), 6, date(2026, 3, 31)),
        (date(2020, 4, 2), 6, date(2027, 3, 31)),
        (date(2008, 4, 1), 18, date(2026, 3, 31)),
        (date(2008, 4, 2), 18, date(2027, 3, 31)),
        (date(2008, 3, 31), 18, date(2026, 3, 31)),
    ],
)
def test_the_fiscal_year_an_age_is_attained_in(birth, age, end):
    assert ages.end_of_fiscal_year_attaining(birth, age) == end


@pytest.mark.parametrize(
    ("birth", "start"), [(date(1956, 8, 1), date(2026, 8, 1)), (date(1956, 8, 2), date(2026, 9, 1))]
)
def test_seventy_counts_from_the_month_after(birth, start):
    assert ages.first_of_month_after_attaining(birth, 70) == start


def test_seventy_five_counts_from_the_birthday():
    assert ages.birthday(date(1951, 8, 1), 75) == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("birth", "end"), [(date(2006, 8, 1), date(2026, 7, 31)), (date(2006, 8, 2), date(2026, 8, 31))]
)
def test_a_parent_is_entitled_to_the_month_the_child_turns_twenty(birth, end):
    assert ages.end_of_month_attaining(birth, 20) == end


def test_born_on_february_29():
    birth = date(2008, 2, 29)
    assert ages.attained_on(birth, 18) == date(2026, 2, 28)
    assert ages.birthday(birth, 18) == date(2026, 3, 1)
    assert ages.attained_on(birth, 20) == date(2028, 2, 28)
    assert ages.birthday(birth, 20) == date(2028, 2, 29)
    assert ages.age_on(birth, date(2026, 2, 28)) == 17
    assert ages.age_on(birth, date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("birth", "year", "grade"),
    [
        (date(2020, 4, 1), 2026, 1),
        (date(2020, 4, 2), 2026, 0),
        (date(2020, 4, 2), 2027, 1),
        (date(2014, 4, 1), 2026, 7),
        (date(2014, 4, 2), 2026, 6),
        (date(2008, 4, 2), 2026, 12),
        (date(2008, 4, 1), 2026, 13),
    ],
)
def test_grades(birth, year, grade):
    assert ages.school_grade(birth, FiscalYear(year)) == grade


@given(births, st.integers(1, 110))
def test_an_age_is_attained_the_day_before_it_is_spoken(birth, age):
    attained = ages.attained_on(birth, age)
    assert ages.age_on(birth, attained) == age - 1
    assert ages.age_on(birth, attained + timedelta(days=1)) == age
    assert ages.has_attained(birth, age, attained)
    assert not ages.has_attained(birth, age, attained - timedelta(days=1))


@given(births, st.integers(1, 110))
def test_month_and_year_ends_follow_the_day_attained(birth, age):
    attained = ages.attained_on(birth, age)
    assert attained <= ages.end_of_month_attaining(birth, age) <= ages.end_of_fiscal_year_attaining(birth, age)
    assert ages.first_of_month_after_attaining(birth, age).day == 1


def test_nobody_has_an_age_before_birth():
    assert ages.age_on(date(2026, 4, 1), date(2026, 4, 1)) == 0
    with pytest.raises(ValueError):
        ages.age_on(date(2026, 4, 1), date(2026, 3, 31))
