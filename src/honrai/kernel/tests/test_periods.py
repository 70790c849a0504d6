"""Periods: the month that passes, the first day that does not count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.periods import day_after_period, end_of_months, last_day_of_month, one_month_after_due, period_end

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("due", "end"),
    [
        (date(2026, 1, 30), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2025, 12, 25), date(2026, 1, 25)),
        (date(2026, 6, 30), date(2026, 7, 31)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 1, 30), date(2024, 2, 29)),
        (date(2024, 1, 29), date(2024, 2, 29)),
        (date(2023, 1, 28), date(2023, 2, 28)),
        (date(2026, 2, 2), date(2026, 3, 2)),
        (date(2025, 10, 31), date(2025, 11, 30)),
    ],
)
def test_the_month_after_a_due_date(due, end):
    assert one_month_after_due(due) == end


def test_seizure_follows_ten_days_after_the_demand():
    demanded = date(2026, 7, 20)
    assert period_end(demanded, days=10) == date(2026, 7, 30)
    assert day_after_period(demanded, days=10) == date(2026, 7, 31)


@pytest.mark.parametrize(
    ("event", "length", "counts", "end"),
    [
        (date(2026, 4, 1), {"months": 3}, False, date(2026, 7, 1)),
        (date(2026, 4, 1), {"months": 3}, True, date(2026, 6, 30)),
        (date(2026, 4, 1), {"days": 14}, False, date(2026, 4, 15)),
        (date(2026, 4, 1), {"days": 14}, True, date(2026, 4, 14)),
        (date(2026, 4, 1), {"weeks": 2, "days": 1}, False, date(2026, 4, 16)),
        (date(2021, 6, 30), {"years": 5}, False, date(2026, 6, 30)),
        (date(2024, 2, 28), {"years": 1}, False, date(2025, 2, 28)),
        (date(2024, 2, 29), {"years": 1}, True, date(2025, 2, 28)),
        (date(2026, 4, 1), {"years": 1, "months": 6}, True, date(2027, 9, 30)),
    ],
)
def test_lengths_with_and_without_the_first_day(event, length, counts, end):
    assert period_end(event, first_day_counts=counts, **length) == end


@pytest.mark.parametrize("length", [{}, {"months": 1, "days": 1}, {"years": 0}, {"days": -1}])
def test_a_period_has_one_kind_of_length(length):
    with pytest.raises(ValueError):
        period_end(date(2026, 4, 1), **length)


def test_a_period_of_months_is_at_least_one():
    with pytest.raises(ValueError):
        end_of_months(date(2026, 4, 1), 0)


@given(days, st.integers(1, 240))
def test_a_period_from_the_first_ends_with_a_month(day, months):
    first = day.replace(day=1)
    end = end_of_months(first, months)
    assert end == last_day_of_month(end)
    assert (end.year - first.year) * 12 + end.month - first.month == months - 1


@given(days, st.integers(1, 240))
def test_the_day_after_the_end_is_the_corresponding_day_or_a_first(day, months):
    after = end_of_months(day, months) + timedelta(days=1)
    assert after.day in (day.day, 1)
    assert end_of_months(day, months) < end_of_months(day, months + 1)


@given(days, st.integers(1, 400))
def test_counting_the_first_day_ends_a_day_sooner(day, n):
    assert period_end(day, days=n) - period_end(day, days=n, first_day_counts=True) == timedelta(days=1)
    assert period_end(day, days=n) == day + timedelta(days=n)
