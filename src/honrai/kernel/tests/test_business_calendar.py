"""BusinessCalendar: closed days by law and by a city, counting, and due dates that move."""

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.business_calendar import STATUTORY, BusinessCalendar, holiday_name
from honrai.kernel.errors import Invalid

days = st.dates(date(1990, 1, 1), date(2059, 12, 31))
CITY = BusinessCalendar(own_closed={date(2026, 10, 15): "開庁記念日"}, own_open={date(2026, 3, 29): "年度末の日曜開庁"})


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "元日"),
        (date(2026, 1, 2), "年末年始"),
        (date(2026, 1, 3), "年末年始"),
        (date(2026, 1, 5), None),
        (date(2025, 12, 28), "日曜日"),
        (date(2026, 12, 28), None),
        (date(2026, 12, 29), "年末年始"),
        (date(2026, 10, 31), "土曜日"),
        (date(2026, 7, 20), "海の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 11, 22), "日曜日"),
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2019, 5, 1), "天皇の即位の日"),
        (date(2019, 10, 22), "即位礼正殿の儀"),
        (date(2020, 10, 12), None),
        (date(2021, 7, 22), "海の日"),
        (date(2021, 7, 19), None),
    ],
)
def test_closed_days_and_why(day, why):
    assert STATUTORY.why_closed(day) == why
    assert STATUTORY.is_open(day) == (why is None)


def test_a_substitute_holiday_is_named():
    assert "振替休日" in (holiday_name(date(2026, 5, 6)) or "")
    assert holiday_name(date(2026, 5, 7)) is None


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 10, 31), date(2026, 11, 2)),
        (date(2027, 1, 31), date(2027, 2, 1)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2026, 1, 31), date(2026, 2, 2)),
    ],
)
def test_due_dates_of_resident_tax_move_to_the_next_open_day(due, moved):
    assert STATUTORY.next_open(due) == moved


def test_a_reminder_of_the_first_instalment_of_2026_must_go_out_before_a_holiday():
    limit = date(2026, 6, 30) + timedelta(days=20)
    assert STATUTORY.why_closed(limit) == "海の日"
    assert STATUTORY.previous_open(limit) == date(2026, 7, 17)


@pytest.mark.parametrize("year", [1949, 1973, 1989, 2000, 2019, 2020, 2021, 2026, 2027, 2060])
def test_the_data_agree_with_the_package_they_come_from(year):
    day, stop = date(year, 1, 1), date(year + 1, 1, 1)
    named = []
    while day < stop:
        named += [(day, holiday_name(day))] if holiday_name(day) else []
        day += timedelta(days=1)
    assert named == jpholiday.year_holidays(year)


@pytest.mark.parametrize("day", [date(1948, 12, 31), date(2061, 1, 5)])
def test_a_year_without_data_is_refused(day):
    with pytest.raises(Invalid, match=str(day.year)):
        STATUTORY.is_open(day)


def test_a_citys_own_days_do_not_move_dates_of_law():
    own = date(2026, 10, 15)
    assert CITY.why_closed(own) == "開庁記念日"
    assert CITY.next_open(own) == date(2026, 10, 16)
    assert STATUTORY.next_open(own) == own
    assert CITY.is_open(date(2026, 3, 29))
    assert CITY.why_closed(date(2026, 3, 29)) is None
    assert not STATUTORY.is_open(date(2026, 3, 29))


def test_adding_days_counts_from_the_next_day():
    assert STATUTORY.add(date(2026, 12, 28), 1) == date(2027, 1, 4)
    assert STATUTORY.add(date(2026, 5, 1), 3) == date(2026, 5, 11)
    assert STATUTORY.add(date(2026, 5, 11), -3) == date(2026, 5, 1)
    assert STATUTORY.add(date(2026, 5, 2), 0) == date(2026, 5, 2)


def test_columns_get_the_closed_weekdays():
    assert CITY.list_closed_weekdays(date(2026, 10, 1), date(2026, 11, 3)) == [
        date(2026, 10, 12),
        date(2026, 10, 15),
        date(2026, 11, 3),
    ]


@given(days, st.integers(0, 60))
def test_counting_undoes_adding(day, n):
    assert CITY.count(day, CITY.add(day, n)) == n


@given(days, st.integers(0, 200))
def test_counting_agrees_with_listing(day, span):
    end = day + timedelta(days=span)
    assert CITY.count(day, end) == len(list(CITY.list_open(day + timedelta(days=1), end)))
    assert CITY.count(end, day) == -CITY.count(day, end)


@given(days)
def test_the_next_and_previous_open_day_enclose_only_closed_ones(day):
    after, before = STATUTORY.next_open(day), STATUTORY.previous_open(day)
    assert before <= day <= after
    assert STATUTORY.is_open(after)
    assert STATUTORY.is_open(before)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(STATUTORY.is_open(middle) for middle in between)
    assert (STATUTORY.why_closed(day) is None) == STATUTORY.is_open(day)
